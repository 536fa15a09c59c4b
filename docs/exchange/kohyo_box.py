#!/usr/bin/env python3
"""封緘ファイル（kohyo-box）の見本: container.md に書いてあることだけで作ったもの。

pip install cryptography（44以上）で動きます。説明のためのもので、速さや記憶量は考えていません。

    kohyo_box.py seal KEYFILE PLATFORM_PUB PAYLOAD.xml RECORDS CREATED OUT   パスフレーズは標準入力
    kohyo_box.py open SECRETFILE PLATFORM_PUB CERTIFICATE BOX OUT            パスフレーズは標準入力
    kohyo_box.py vectors vectors.txt [DIR]     確かめる。DIRがあれば、8節のファイルをそこに作る
"""
import datetime
import hashlib
import hmac
import io
import os
import sys
import unicodedata
import uuid
import xml.etree.ElementTree as ElementTree

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

CHUNK = 16384
DAY = 24 * 60 * 60
HOSPITAL_NAMES = ["kid", "hospital", "name", "seal_to", "sign_with", "not_before", "not_after",
                  "tool_min_version", "signature"]
SECRET_NAMES = ["secret_kdf", "secret_salt", "secret"]


class Refused(Exception):
    """7節のID。"""


def require(condition, check):
    if not condition:
        raise Refused(check)


def sha256(data):
    return hashlib.sha256(data).digest()


def extract(salt, ikm):
    return hmac.new(salt or bytes(32), ikm, hashlib.sha256).digest()


def expand(prk, info, length):
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([counter]), hashlib.sha256).digest()
        out, counter = out + block, counter + 1
    return out[:length]


# 2 鍵ファイル

def read_lines(text, first, names):
    """値と、名前の行の直前までのバイト列。"""
    text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    assert lines[0] == first and lines[-1] == "" and len(lines) == len(names) + 2, "鍵ファイルではありません"
    values, before, at = {}, {}, len(lines[0].encode()) + 1
    for name, line in zip(names, lines[1:]):
        assert line.startswith(name + ": "), name
        before[name] = text.encode()[:at]
        values[name] = line[len(name) + 2:]
        at += len(line.encode()) + 1
    return values, before


def open_secret(values, before, passphrase):
    kdf, memory, passes, lanes = values["secret_kdf"].split(" ")
    assert kdf == "argon2id" and 19456 <= int(memory) <= 65536 and 1 <= int(passes) <= 4 and 1 <= int(lanes) <= 4
    key = Argon2id(salt=bytes.fromhex(values["secret_salt"]), length=32, iterations=int(passes),
                   lanes=int(lanes), memory_cost=int(memory)).derive(
        unicodedata.normalize("NFC", passphrase).encode())
    return AESGCM(key).decrypt(bytes(12), bytes.fromhex(values["secret"]), sha256(before["secret_kdf"]))


def read_platform(text):
    return read_lines(text, "kohyo-platform 1", ["name", "seal_to", "sign_with"])[0]


def read_certificate(text, platform, with_secret):
    names = HOSPITAL_NAMES + (SECRET_NAMES if with_secret else [])
    values, before = read_lines(text, "kohyo-hospital-key 1", names)
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(platform["sign_with"])).verify(
        bytes.fromhex(values["signature"]), before["signature"])
    return values, before


def unlock_hospital(text, platform, passphrase):
    values, before = read_certificate(text, platform, True)
    key = Ed25519PrivateKey.from_private_bytes(open_secret(values, before, passphrase))
    assert key.public_key().public_bytes_raw().hex() == values["sign_with"], "鍵の組が違います"
    return values, key


def unlock_platform(text, passphrase):
    values, before = read_lines(text, "kohyo-platform-secret 1", ["name", "seal_to", "sign_with"] + SECRET_NAMES)
    secret = open_secret(values, before, passphrase)
    opening = X25519PrivateKey.from_private_bytes(secret[:32])
    assert opening.public_key().public_bytes_raw().hex() == values["seal_to"], "鍵の組が違います"
    return opening, secret


# 4 HPKE

KEM_ID = b"KEM" + bytes.fromhex("0020")
HPKE_ID = b"HPKE" + bytes.fromhex("002000010002")


def labeled_extract(suite, salt, label, ikm):
    return extract(salt, b"HPKE-v1" + suite + label + ikm)


def labeled_expand(suite, prk, label, info, length):
    return expand(prk, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, length)


def hpke_keys(dh, enc, seal_to, info):
    eae_prk = labeled_extract(KEM_ID, b"", b"eae_prk", dh)
    shared = labeled_expand(KEM_ID, eae_prk, b"shared_secret", enc + seal_to, 32)
    context = (b"\0" + labeled_extract(HPKE_ID, b"", b"psk_id_hash", b"")
               + labeled_extract(HPKE_ID, b"", b"info_hash", info))
    secret = labeled_extract(HPKE_ID, shared, b"secret", b"")
    return {"dh": dh, "shared": shared,
            "hpke_key": labeled_expand(HPKE_ID, secret, b"key", context, 32),
            "hpke_nonce": labeled_expand(HPKE_ID, secret, b"base_nonce", context, 12)}


WRAP = b"kohyo-box v1 file key\0"


def chunk_keys(file_key, header):
    header_hash = sha256(header)
    keys = expand(extract(header_hash, file_key), b"kohyo-box v1 payload\0", 64)
    return header_hash, keys[:32], keys[32:]


def nonce(number, last):
    return bytes(3) + number.to_bytes(8, "big") + bytes([last])


def sign(body, key):
    return key.sign(b"kohyo-box v1 signature\0" + sha256(body))


def seal(certificate, signing_key, payload, records, created, tool, release, drawn=None):
    """封緘ファイルと途中の値。drawn（固有の番号、F、eph の秘密鍵）は確かめるときだけ渡す。"""
    container, file_key, secret = drawn or (uuid.uuid4().bytes, os.urandom(32), os.urandom(32))
    bound = bytes.fromhex(certificate["kid"]) + container + created.to_bytes(8, "big")
    bound += records.to_bytes(4, "big") + len(payload).to_bytes(8, "big")
    for text in (certificate["hospital"], tool, release):
        bound += bytes([len(text.encode())]) + text.encode()
    length = 14 + len(bound) + 80
    bound = b"KOHYOBOX" + b"\0\1" + b"\0\1" + length.to_bytes(2, "big") + bound

    ephemeral = X25519PrivateKey.from_private_bytes(secret)
    enc, seal_to = ephemeral.public_key().public_bytes_raw(), bytes.fromhex(certificate["seal_to"])
    steps = hpke_keys(ephemeral.exchange(X25519PublicKey.from_public_bytes(seal_to)), enc, seal_to, WRAP + bound)
    wrapped = AESGCM(steps["hpke_key"]).encrypt(steps["hpke_nonce"], file_key, b"")
    header = bound + enc + wrapped
    assert len(header) == length

    header_hash, chunk_key, commitment = chunk_keys(file_key, header)
    out = header + commitment
    count = -(-len(payload) // CHUNK)
    for number in range(count):
        plain = payload[number * CHUNK:(number + 1) * CHUNK]
        out += AESGCM(chunk_key).encrypt(nonce(number, number + 1 == count), plain, header_hash)
    signature = sign(out, signing_key)
    steps.update(enc=enc, wrapped_key=wrapped, header=header, header_hash=header_hash, chunk_key=chunk_key,
                 commitment=commitment, digest=sha256(out), signature=signature,
                 container_sha256=sha256(out + signature))
    return out + signature, steps


# 5 開ける

def read_header(box):
    """ヘッダーと、書いてあること。まだ信じない。"""
    require(box and b"KOHYOBOX".startswith(box[:8]), "box.not_a_box")
    require(len(box) >= 14, "box.truncated")
    require(box[8:10] == b"\0\1", "box.version")
    require(box[10:12] == b"\0\1", "box.suite")
    length = int.from_bytes(box[12:14], "big")
    require(141 <= length <= 333, "box.header")
    require(len(box) >= length, "box.truncated")
    header, texts, at = box[:length], [], 58
    for _ in range(3):
        end = at + 1 + header[at]
        require(header[at] <= 64 and end <= length - 80, "box.header")
        try:
            texts.append(header[at + 1:end].decode())
        except UnicodeDecodeError:
            raise Refused("box.header") from None
        require(all(unicodedata.category(c) != "Cc" for c in texts[-1]), "box.header")
        at = end
    require(at == length - 80, "box.header")
    number = lambda a, b: int.from_bytes(header[a:b], "big")
    says = {"kid": header[14:22].hex(), "created": number(38, 46), "records": number(46, 50),
            "length": number(50, 58), "hospital": texts[0]}
    require(says["records"] >= 1 and says["length"] >= 1, "box.empty")
    require(says["records"] <= 5000, "box.too_many_records")
    return header, says


def open_box(box, opening_key, register, received):
    """本体。registerは 鍵番号 → (鍵証明書, 状態, その時刻)。"""
    header, says = read_header(box)
    length, size = len(header), says["length"]
    count = -(-size // CHUNK)
    whole = length + 32 + size + 16 * count + 64
    require(whole <= 64 * 1024 * 1024, "box.too_large")
    require(says["kid"] in register, "box.unknown_key")
    certificate, state, since = register[says["kid"]]
    require(state != "compromised", "box.key_compromised")
    require(len(box) >= whole, "box.truncated")
    require(len(box) <= whole, "box.extended")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(certificate["sign_with"])).verify(
            box[-64:], b"kohyo-box v1 signature\0" + sha256(box[:-64]))
    except InvalidSignature:
        raise Refused("box.signature") from None
    require(says["hospital"] == certificate["hospital"], "box.hospital")
    accept(says["created"], received, certificate, state, since)

    bound, enc, wrapped = header[:-80], header[-80:-48], header[-48:]
    try:
        dh = opening_key.exchange(X25519PublicKey.from_public_bytes(enc))
        steps = hpke_keys(dh, enc, opening_key.public_key().public_bytes_raw(), WRAP + bound)
        file_key = AESGCM(steps["hpke_key"]).decrypt(steps["hpke_nonce"], wrapped, b"")
    except (InvalidTag, ValueError):
        raise Refused("box.not_for_us") from None
    header_hash, chunk_key, commitment = chunk_keys(file_key, header)
    require(hmac.compare_digest(commitment, box[length:length + 32]), "box.commitment")
    payload, at = b"", length + 32
    for number in range(count):
        last = number + 1 == count
        end = len(box) - 64 if last else at + CHUNK + 16
        try:
            payload += AESGCM(chunk_key).decrypt(nonce(number, last), box[at:end], header_hash)
        except InvalidTag:
            raise Refused("box.chunk") from None
        at = end
    require(count_records(payload) == says["records"], "box.count")
    return payload


# 6 鍵の受け入れ規則

def seconds(text):
    time = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    return int(time.replace(tzinfo=datetime.timezone.utc).timestamp())


def accept(created, received, certificate, state, since):
    require(created <= received + DAY, "box.future")
    require(created >= seconds(certificate["not_before"]), "box.key_not_yet_valid")
    require(created <= seconds(certificate["not_after"]), "box.key_expired")
    if state == "reissued":
        require(created < since, "box.key_reissued")
        require(received <= since + 30 * DAY, "box.key_too_late")


def count_records(payload):
    """recordsのすぐ下（又は根）のrecordの数。XMLとして読めなくなったら、そこまで。"""
    count, path = 0, []
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(payload), ("start", "end")):
            if event == "start":
                path.append(element.tag)
            else:
                count += path.pop().endswith("}record") and path in ([], ["{urn:kohyo:records}records"])
    except ElementTree.ParseError:
        pass
    return count


# 8 テストベクター

def read_vectors(path):
    lines = [line.split(" = ", 1) for line in open(path, encoding="utf-8").read().splitlines() if " = " in line]
    return {name: bytes.fromhex(text) if name.endswith("_hex") else text.replace("\\n", "\n")
            for name, text in lines}


def split(box):
    """名前 → 部分。"""
    length = int.from_bytes(box[12:14], "big") + 32
    body = box[length:-64]
    pieces = {str(at // (CHUNK + 16)): body[at:at + CHUNK + 16] for at in range(0, len(body), CHUNK + 16)}
    return {"head": box[:length], "signature": box[-64:], **pieces}


def check_vectors(path, folder=None):
    value = read_vectors(path)
    opening, secret = unlock_platform(value["platform_secret_file_text"], value["platform_passphrase_text"])
    assert secret == value["platform_seal_secret_hex"] + value["platform_sign_seed_hex"]
    public = read_platform(value["platform_public_file_text"])
    certificate, key = unlock_hospital(value["hospital_key_file_text"], public, value["hospital_passphrase_text"])
    assert key.private_bytes_raw() == value["hospital_sign_seed_hex"]

    line = '<record xmlns="urn:kohyo:form:shitei-006:2020" application="new" written="2026-06-01"/>\n'
    boxes, steps = {}, 0
    for name in ("small", "three", "other"):
        of = lambda what: value[name + "_" + what]
        records = int(of("records"))
        payload = f'<records xmlns="urn:kohyo:records">\n{line * records}</records>\n'.encode()
        drawn = of("uuid_hex"), of("file_key_hex"), of("ephemeral_secret_hex")
        boxes[name], found = seal(certificate, key, payload, records, int(of("created")), of("tool_text"),
                                  of("release_text"), drawn)
        for step, bytes_ in found.items():
            assert bytes_ == of(step + "_hex"), name + " " + step
        steps += len(found)
    assert boxes["small"] == value["small_container_hex"]

    files = {}
    for name in [name[5:-7] for name in value if name.startswith("case_") and name.endswith("_answer")]:
        of = lambda what, other=None: value.get(f"case_{name}_{what}", other)
        file = of("hex", b"")
        for piece in of("pieces", "").split():
            box, _, part = piece.partition(".")
            file += split(boxes[box])[part] if part else sign(file, key)
        state, _, since = of("key", "active").partition(" ")
        register = {certificate["kid"]: (certificate, state, since and seconds(since))}
        try:
            open_box(file, opening, {} if state == "unknown" else register,
                     seconds(of("received", value["case_received"])))
            answer = "opened"
        except Refused as refused:
            answer = str(refused)
        assert answer == of("answer"), f"{name}: {answer}"
        files[f"{name}.kohyo-box"] = file
    for name, file in files.items() if folder else ():
        with open(os.path.join(folder, name), "wb") as out:
            out.write(file)
    print(f"ok: {steps} values, {len(files)} files")


def main(arguments):
    command = arguments[0]
    if command == "vectors":
        return check_vectors(*arguments[1:])
    passphrase = sys.stdin.readline().rstrip("\n")
    text = lambda path: open(path, encoding="utf-8", newline="").read()
    platform = read_platform(text(arguments[2]))
    if command == "seal":
        certificate, key = unlock_hospital(text(arguments[1]), platform, passphrase)
        payload = open(arguments[3], "rb").read()
        out, _ = seal(certificate, key, payload, int(arguments[4]), int(arguments[5]), "kohyo_box.py 1", "sample")
    else:
        opening, _ = unlock_platform(text(arguments[1]), passphrase)
        certificate, _ = read_certificate(text(arguments[3]), platform, False)
        register = {certificate["kid"]: (certificate, "active", None)}
        now = int(datetime.datetime.now(datetime.timezone.utc).timestamp())
        out = open_box(open(arguments[4], "rb").read(), opening, register, now)
    with open(arguments[-1], "wb") as file:
        file.write(out)


if __name__ == "__main__":
    main(sys.argv[1:])
