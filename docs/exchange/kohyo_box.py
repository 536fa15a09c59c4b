#!/usr/bin/env python3
"""封緘ファイル（kohyo-box）の見本: container.md に書いてあることだけで作ったもの。

pip install cryptography（44以上）で動きます。説明のためのもので、速さや記憶量は考えていません。

    kohyo_box.py seal KEYFILE PLATFORM_PUB PAYLOAD.xml RECORDS CREATED OUT   パスフレーズは標準入力
    kohyo_box.py open SECRETFILE PLATFORM_PUB CERTIFICATE BOX OUT            パスフレーズは標準入力
    kohyo_box.py vectors vectors.txt
"""
import hashlib
import hmac
import os
import sys
import unicodedata
import uuid

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

CHUNK = 16384
HOSPITAL_NAMES = ["kid", "hospital", "name", "seal_to", "sign_with", "not_before", "not_after",
                  "tool_min_version", "signature"]
SECRET_NAMES = ["secret_kdf", "secret_salt", "secret"]


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


def hpke_key(dh, enc, seal_to, info):
    eae_prk = labeled_extract(KEM_ID, b"", b"eae_prk", dh)
    shared = labeled_expand(KEM_ID, eae_prk, b"shared_secret", enc + seal_to, 32)
    context = (b"\0" + labeled_extract(HPKE_ID, b"", b"psk_id_hash", b"")
               + labeled_extract(HPKE_ID, b"", b"info_hash", info))
    secret = labeled_extract(HPKE_ID, shared, b"secret", b"")
    return (labeled_expand(HPKE_ID, secret, b"key", context, 32),
            labeled_expand(HPKE_ID, secret, b"base_nonce", context, 12))


WRAP = b"kohyo-box v1 file key\0"


def chunk_keys(file_key, header):
    header_hash = sha256(header)
    keys = expand(extract(header_hash, file_key), b"kohyo-box v1 payload\0", 64)
    return header_hash, keys[:32], keys[32:]


def nonce(number, last):
    return bytes(3) + number.to_bytes(8, "big") + bytes([last])


def seal(certificate, signing_key, payload, records, created, tool, release):
    bound = bytes.fromhex(certificate["kid"]) + uuid.uuid4().bytes + created.to_bytes(8, "big")
    bound += records.to_bytes(4, "big") + len(payload).to_bytes(8, "big")
    for text in (certificate["hospital"], tool, release):
        bound += bytes([len(text.encode())]) + text.encode()
    length = 14 + len(bound) + 80
    bound = b"KOHYOBOX" + b"\0\1" + b"\0\1" + length.to_bytes(2, "big") + bound

    file_key, ephemeral = os.urandom(32), X25519PrivateKey.generate()
    enc, seal_to = ephemeral.public_key().public_bytes_raw(), bytes.fromhex(certificate["seal_to"])
    key, base_nonce = hpke_key(ephemeral.exchange(X25519PublicKey.from_public_bytes(seal_to)), enc, seal_to,
                               WRAP + bound)
    header = bound + enc + AESGCM(key).encrypt(base_nonce, file_key, b"")
    assert len(header) == length

    header_hash, chunk_key, commitment = chunk_keys(file_key, header)
    out = header + commitment
    count = -(-len(payload) // CHUNK)
    for number in range(count):
        plain = payload[number * CHUNK:(number + 1) * CHUNK]
        out += AESGCM(chunk_key).encrypt(nonce(number, number + 1 == count), plain, header_hash)
    return out + signing_key.sign(b"kohyo-box v1 signature\0" + sha256(out))


# 5 開ける

def open_box(box, opening_key, certificate):
    """本体と途中の値。鍵の受け入れ規則（6節）は呼び出す側で調べる。"""
    assert box[:8] == b"KOHYOBOX" and box[8:12] == b"\0\1\0\1", "版か方式が違います"
    length = int.from_bytes(box[12:14], "big")
    header = box[:length]
    assert len(header) == length and header[14:22].hex() == certificate["kid"], "鍵番号が違います"
    records, size = int.from_bytes(header[46:50], "big"), int.from_bytes(header[50:58], "big")
    texts, at = [], 58
    for _ in range(3):
        texts.append(header[at + 1:at + 1 + header[at]].decode())
        at += 1 + header[at]
    assert at == length - 80 and 1 <= records <= 5000 and size >= 1, "ヘッダーが壊れています"
    count = -(-size // CHUNK)
    assert len(box) == length + 32 + size + 16 * count + 64 <= 64 * 1024 * 1024, "長さが違います"
    digest = sha256(box[:-64])
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(certificate["sign_with"])).verify(
        box[-64:], b"kohyo-box v1 signature\0" + digest)
    assert texts[0] == certificate["hospital"], "医療機関が違います"

    bound, enc, wrapped = header[:-80], header[-80:-48], header[-48:]
    dh = opening_key.exchange(X25519PublicKey.from_public_bytes(enc))
    key, base_nonce = hpke_key(dh, enc, opening_key.public_key().public_bytes_raw(), WRAP + bound)
    file_key = AESGCM(key).decrypt(base_nonce, wrapped, b"")
    header_hash, chunk_key, commitment = chunk_keys(file_key, header)
    assert hmac.compare_digest(commitment, box[length:length + 32]), "確認値が違います"
    payload, at = b"", length + 32
    for number in range(count):
        last = number + 1 == count
        end = len(box) - 64 if last else at + CHUNK + 16
        payload += AESGCM(chunk_key).decrypt(nonce(number, last), box[at:end], header_hash)
        at = end
    return payload, {"enc": enc, "file_key": file_key, "header_hash": header_hash, "chunk_key": chunk_key,
                     "commitment": commitment, "digest": digest, "signature": box[-64:]}


def check_vectors(path):
    lines = [line.split(" = ", 1) for line in open(path, encoding="utf-8").read().splitlines() if " = " in line]
    value = {name: bytes.fromhex(text) if name.endswith("_hex") else text.replace("\\n", "\n")
             for name, text in lines}
    opening, secret = unlock_platform(value["platform_secret_file_text"], value["platform_passphrase_text"])
    assert secret == value["platform_seal_secret_hex"] + value["platform_sign_seed_hex"]
    public = {"sign_with": Ed25519PrivateKey.from_private_bytes(secret[32:]).public_key().public_bytes_raw().hex()}
    certificate, key = unlock_hospital(value["hospital_key_file_text"], public, value["hospital_passphrase_text"])
    assert key.private_bytes_raw() == value["hospital_sign_seed_hex"]
    payload, parts = open_box(value["container_hex"], opening, certificate)
    assert payload == value["payload_text"].encode()
    for name, part in parts.items():
        assert part == value[name + "_hex"], name
    print(f"ok: {len(parts)} values")


def main(arguments):
    command = arguments[0]
    if command == "vectors":
        return check_vectors(arguments[1])
    passphrase = sys.stdin.readline().rstrip("\n")
    text = lambda path: open(path, encoding="utf-8", newline="").read()
    platform = read_platform(text(arguments[2]))
    if command == "seal":
        certificate, key = unlock_hospital(text(arguments[1]), platform, passphrase)
        payload = open(arguments[3], "rb").read()
        out = seal(certificate, key, payload, int(arguments[4]), int(arguments[5]), "kohyo_box.py 1", "sample")
    else:
        opening, _ = unlock_platform(text(arguments[1]), passphrase)
        certificate, _ = read_certificate(text(arguments[3]), platform, False)
        out, _ = open_box(open(arguments[4], "rb").read(), opening, certificate)
    with open(arguments[-1], "wb") as file:
        file.write(out)


if __name__ == "__main__":
    main(sys.argv[1:])
