"""Decrypts Web Push messages (RFC 8291) and checks their VAPID tokens (RFC 8292), by PyPI http-ece and cryptography.

Reads JSON lines {private, public, auth, body, authorization}, base64, and writes {plain, claims}. Stops with an error at
the first message that does not decrypt or whose signature is wrong. It shares no code with the server.
"""

import base64
import json
import sys

import http_ece
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils


def unpad(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def private_key(private, public):
    key = ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    assert key.public_key().public_numbers() == point.public_numbers()
    return key


def claims(authorization):
    parts = dict(part.strip().split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
    signed, signature = parts["t"].rsplit(".", 1)
    header, body = (json.loads(unpad(part)) for part in signed.split("."))
    assert header["alg"] == "ES256", header
    raw = unpad(signature)
    assert len(raw) == 64
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpad(parts["k"]))
    key.verify(utils.encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    return body


for line in sys.stdin:
    message = json.loads(line)
    given = {name: base64.b64decode(message[name]) for name in ("private", "public", "auth", "body")}
    plain = http_ece.decrypt(
        given["body"],
        private_key=private_key(given["private"], given["public"]),
        auth_secret=given["auth"],
        version="aes128gcm",
    )
    token = message.get("authorization")
    answer = {"plain": base64.b64encode(plain).decode(), "claims": claims(token) if token else None}
    print(json.dumps(answer))
