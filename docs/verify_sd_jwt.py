r"""Take an SD-JWT of a presentation apart, so that openssl alone can verify it. Needs nothing but Python.

    python verify_sd_jwt.py presentation.txt folder
    cd folder
    openssl x509 -in seal.pem -pubkey -noout > seal-key.pem
    openssl dgst -sha256 -verify seal-key.pem -signature signature.der signed.txt
    openssl verify -x509_strict -purpose any -CAfile root.pem -untrusted issuer.pem seal.pem

`root.pem` is the first certificate of `GET /pki/ca.pem`, which you should have got some other way once. What was shown is genuine
if both openssl commands say so and this script didn't complain; it says what was disclosed, to whom, and until when (RFC 9901).
"""

import base64
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def decoded(text: str) -> bytes:
    """Bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def der(raw: bytes) -> bytes:
    """An ECDSA signature `r || s` as openssl reads it."""
    numbers = b""
    for half in (raw[:32], raw[32:]):
        number = half.lstrip(b"\0") or b"\0"
        number = b"\0" + number if number[0] & 0x80 else number
        numbers += bytes([2, len(number)]) + number
    return bytes([0x30, len(numbers)]) + numbers


def disclosed(said: dict[str, Any], disclosures: list[str]) -> dict[str, Any]:
    """The claims whose digests stand in what was signed, or stop with one sentence."""
    found = {}
    for one in disclosures:
        digest = base64.urlsafe_b64encode(hashlib.sha256(one.encode()).digest()).rstrip(b"=").decode()
        if digest not in said["_sd"] or disclosures.count(one) > 1:
            sys.exit("something is disclosed that wasn't signed, or twice")
        _salt, name, value = json.loads(decoded(one))
        found[name] = value
    return found


def main() -> None:
    """Write the parts of the presentation in the file named first into the folder named second."""
    if len(sys.argv) != 3:  # noqa: PLR2004 - a file and a folder
        sys.exit("usage: verify_sd_jwt.py PRESENTATION FOLDER")
    signed, *disclosures, last = Path(sys.argv[1]).read_text(encoding="utf-8").strip().split("~")
    head, payload, signature = signed.split(".")
    header, said = json.loads(decoded(head)), json.loads(decoded(payload))
    if last or header["alg"] != "ES256" or said["_sd_alg"] != "sha-256":
        sys.exit("this is no presentation of ours")
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "signed.txt").write_bytes(f"{head}.{payload}".encode())
    (folder / "signature.der").write_bytes(der(decoded(signature)))
    for name, certificate in zip(("seal.pem", "issuer.pem"), header["x5c"], strict=True):
        lines = "\n".join(certificate[at : at + 64] for at in range(0, len(certificate), 64))
        (folder / name).write_text(
            f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n", encoding="ascii"
        )
    until = datetime.fromtimestamp(said["exp"], UTC)
    sys.stdout.write(
        f"{said['vct']} of {said['issuing_authority']}, for {said.get('aud', 'anybody')}, until {until.isoformat()}\n"
    )
    sys.stdout.write(json.dumps(disclosed(said, disclosures), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
