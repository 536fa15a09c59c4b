#!/usr/bin/env python3
"""リリースファイル（kohyo-release）を確かめる見本: release.md に書いてあることだけで作ったもの。

pip install cryptography で動きます。説明のためのもので、速さや記憶量は考えていません。

    kohyo_release.py 公開鍵ファイル リリースファイル 使う日（2026-12-24）

正しければ `ok 名前 様式の数 ファイルの数` を、正しくなければ release.md の誤りの番号を書きます。
"""
import hashlib
import io
import json
import re
import sys
import zipfile
import zlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FOLDERS = {"programs": "program", "cards": "card", "kit": "kit", "docs": "document"}


class Refused(Exception):
    pass


def check(fine, number):
    if not fine:
        raise Refused(number)


def lines(text, first, names):
    """値。行の数と名前が違えば None。"""
    found = text.replace("\r\n", "\n").split("\n")
    if found[0] != first or found[-1] != "" or len(found) != len(names) + 2:
        return None
    values = []
    for name, line in zip(names, found[1:]):
        if not line.startswith(name + ": "):
            return None
        values.append(line[len(name) + 2:])
    return values


def is_path(path):
    part = r"(?!\.)[A-Za-z0-9._-]+(?<!\.)"
    return len(path) <= 200 and re.fullmatch(f"{part}(/{part})*", path) is not None


def kind(path):
    """場所から決まる種類と、成果物の種類の名前。"""
    folder, slash, rest = path.partition("/")
    if not slash:
        return ("changes", None) if path.startswith("changes.") else (None, None)
    if folder == "artefacts":
        target, slash, _ = rest.partition("/")
        return ("artefact", target) if slash else (None, None)
    return FOLDERS.get(folder), None


def open_zip(content):
    # ZIPの終わりの記録はコメントがなく、後ろに何もない
    check(len(content) >= 22 and content[-22:-18] == b"PK\x05\x06", "release.not_a_release")
    check(content[-2:] == b"\0\0", "release.not_a_release")
    check(int.from_bytes(content[-12:-10], "little") <= 60_000, "release.too_large")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise Refused("release.broken")
    seen = set()
    for entry in archive.infolist():
        check(is_path(entry.filename), "release.name")
        link = entry.external_attr >> 16 & 0o170000 == 0o120000
        plain = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        check(plain and not link and not entry.flag_bits & 1, "release.entry")
        check(entry.filename.lower() not in seen, "release.duplicate")
        seen.add(entry.filename.lower())
    return archive


def read(archive, name, number):
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, zlib.error):
        raise Refused(number)


def verify(key_text, content, on):
    values = lines(key_text, "kohyo-release-key 1", ["name", "verify_with"])
    public = bytes.fromhex(values[1])
    archive = open_zip(content)
    names = {entry.filename: entry.file_size for entry in archive.infolist()}
    check("manifest.json" in names, "release.not_a_release")
    check("manifest.sig" in names, "release.unsigned")
    signature = read(archive, "manifest.sig", "release.broken")
    try:
        signature = signature.decode("ascii")
    except UnicodeDecodeError:
        raise Refused("release.signature_form")
    version = re.match(r"kohyo-bundle-signature (\d{1,5})\n", signature)
    check(version, "release.signature_form")
    check(version[1] == "1", "release.version")
    check(
        re.fullmatch(r"[^\n]*\nkey: [0-9a-f]{16}\nsignature: [0-9a-f]{128}\n", signature),
        "release.signature_form",
    )
    key, signed = lines(signature, "kohyo-bundle-signature 1", ["key", "signature"])
    check(hashlib.sha256(public).hexdigest()[:16] == key, "release.unknown_key")
    manifest = read(archive, "manifest.json", "release.broken")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(
            bytes.fromhex(signed), b"kohyo-bundle v1 manifest\0" + manifest
        )
    except InvalidSignature:
        raise Refused("release.signature")
    manifest = json.loads(manifest)
    check(manifest["format"] == 1, "release.version")
    forms = [(form["key"], form["edition"]) for form in manifest["forms"]]
    check(forms == sorted(set(forms)), "release.manifest")
    files = {file["path"]: file for file in manifest["files"]}
    paths = [file["path"] for file in manifest["files"]]
    check(paths == sorted(set(paths)) and all(map(is_path, paths)), "release.manifest")
    for path, file in files.items():
        check(kind(path) == (file["kind"], file.get("target")), "release.manifest")
        form = file.get("form")
        check(not form or (form["key"], form["edition"]) in forms, "release.manifest")
    programs = [
        (file["form"]["key"], file["form"]["edition"])
        for file in files.values() if file["kind"] == "program"
    ]
    check(sorted(programs) == forms, "release.manifest")
    check(manifest["valid_from"] <= on, "release.not_yet_valid")
    check(on <= manifest["valid_until"], "release.expired")
    for path, file in files.items():
        check(path in names, "release.missing")
        check(names[path] == file["size"], "release.size")
    check(set(names) - set(files) == {"manifest.json", "manifest.sig"}, "release.unlisted")
    for path, file in files.items():
        content = read(archive, path, "release.content")
        check(hashlib.sha256(content).hexdigest() == file["sha256"], "release.content")
        if file["kind"] == "program":
            program = json.loads(content)
            check(
                (program["key"], program["edition"])
                == (file["form"]["key"], file["form"]["edition"]),
                "release.other_program",
            )
    return f"ok {manifest['release']} {len(forms)} {len(files)}"


def main(key, bundle, on):
    with open(key, encoding="utf-8") as file:
        key = file.read()
    with open(bundle, "rb") as file:
        content = file.read()
    try:
        print(verify(key, content, on))
    except Refused as refused:
        print(refused)


if __name__ == "__main__":
    main(*sys.argv[1:])
