#!/usr/bin/env python3
"""Writes rsa-receipts.csv beside it: receipts of devices with RSA keys, made by OpenSSL and a few
lines of CBOR (RFC 8949, section 4.2.1), and by nothing of Sallyport. New keys at each run."""
import base64, hashlib, pathlib, subprocess, tempfile

DEVICE, TENANT = "device-001", "sallyport"


def head(major, number):
    for size, mark in ((0, None), (1, 24), (2, 25), (4, 26), (8, 27)):
        if size == 0 and number < 24:
            return bytes([major << 5 | number])
        if size and number < 1 << 8 * size:
            return bytes([major << 5 | mark]) + number.to_bytes(size, "big")


def cbor(value):
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    pairs = sorted((cbor(key), cbor(one)) for key, one in value.items())
    return head(5, len(pairs)) + b"".join(key + one for key, one in pairs)


def openssl(*words, data=b""):
    return subprocess.run(["openssl", *words], input=data, check=True, capture_output=True).stdout


def pss(salt, mgf="sha256"):
    options = ["rsa_padding_mode:pss", f"rsa_pss_saltlen:{salt}", f"rsa_mgf1_md:{mgf}"]
    return [word for one in options for word in ("-sigopt", one)]


def receipt(name, good, key, label, options, digest="sha256"):
    with tempfile.TemporaryDirectory() as folder:
        private = pathlib.Path(folder, "key.pem")
        private.write_bytes(openssl("genpkey", *key))
        spki = openssl("pkey", "-in", str(private), "-pubout", "-outform", "DER")
        certificate = hashlib.sha256(spki).digest()  # Any 32 bytes name a certificate here.
        header = cbor({1: label, 4: certificate, 16: "zt-cmd-receipt+cbor"})
        payload = cbor({1: bytes(range(16)), 2: DEVICE, 3: 7, 4: 0, 7: "pong", 8: 1790000000})
        besides = cbor(["zt-cmd-receipt-v1", DEVICE, TENANT])
        signed = cbor(["Signature1", header, besides, payload])
        signature = openssl("dgst", f"-{digest}", "-sign", str(private), *options, data=signed)
    message = b"\xd2" + cbor([header, {}, payload, signature])
    kind = "EC" if "EC" in key else "RSA"
    spki = base64.b64encode(spki).decode()
    return [name, str(good).lower(), kind, spki, certificate.hex(), message.hex()]


def rsa(bits):
    return ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}"]


P256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
PS256, PS384, RS256, ES256 = -37, -38, -257, -7
CASES = [
    receipt("PS256, 2048 bits", True, rsa(2048), PS256, pss(32)),
    receipt("PS256, 3072 bits", True, rsa(3072), PS256, pss(32)),
    receipt("PS256, 8192 bits", True, rsa(8192), PS256, pss(32)),
    receipt("a key of 1024 bits", False, rsa(1024), PS256, pss(32)),
    receipt("a key of 2040 bits", False, rsa(2040), PS256, pss(32)),
    receipt("a key of 8200 bits", False, rsa(8200), PS256, pss(32)),
    receipt("called ES256", False, rsa(2048), ES256, pss(32)),
    receipt("called RS256, and is", False, rsa(2048), RS256, []),
    receipt("called PS256, is RS256", False, rsa(2048), PS256, []),
    receipt("called PS384, and is", False, rsa(2048), PS384, pss(48, "sha384"), "sha384"),
    receipt("called PS256, is PS384", False, rsa(2048), PS256, pss(48, "sha384"), "sha384"),
    receipt("no salt", False, rsa(2048), PS256, pss(0)),
    receipt("a salt of 20 bytes", False, rsa(2048), PS256, pss(20)),
    receipt("masked by SHA-1", False, rsa(2048), PS256, pss(32, "sha1")),
    receipt("a key on P-256, called PS256", False, P256, PS256, []),
]
lines = [["name", "good", "kind", "key", "certificate", "message"], *CASES]
target = pathlib.Path(__file__).with_name("rsa-receipts.csv")
target.write_text("".join(";".join(line) + "\n" for line in lines))
