r"""Take a sealed PDF apart, so that openssl alone can verify it. Needs nothing but Python.

    python verify_pdf.py licence.pdf signed.bin signature.der
    openssl cms -verify -binary -cades -inform DER -in signature.der -content signed.bin \
        -CAfile root.pem -purpose any -out /dev/null

`root.pem` is the first certificate of `GET /pki/ca.pem`, which you should have got some other way once. The file is genuine if
openssl says "CAdES Verification successful" and this script didn't complain: then every byte outside the signature itself is
what the city sealed. To judge a document after its seal's certificate ended, add `-attime` with the seconds of the time of
sealing, which `openssl cms -cmsout -print -inform DER -in signature.der` shows within the time-stamp.
"""

import re
import sys
from pathlib import Path

BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")


def take_apart(pdf: bytes) -> tuple[bytes, bytes]:
    """Give what is signed and the CMS signature (DER), or stop with one sentence."""
    ranges = BYTE_RANGE.findall(pdf)
    if not ranges:
        sys.exit("the file isn't signed")
    before, start, length = (int(number) for number in ranges[-1])
    if start + length != len(pdf):
        sys.exit("the signature doesn't cover the whole file")
    gap = pdf[before:start]
    if not re.fullmatch(rb"<[0-9A-Fa-f]*>", gap):
        sys.exit("there is something else where the signature should be")
    return pdf[:before] + pdf[start:], first_value(bytes.fromhex(gap[1:-1].decode()))


def first_value(padded: bytes) -> bytes:
    """Cut the zeros off that follow a DER value."""
    octets = padded[1] & 0x7F if padded[1] & 0x80 else 0
    length = int.from_bytes(padded[2 : 2 + octets], "big") if octets else padded[1]
    return padded[: 2 + octets + length]


def main() -> None:
    """Write the two parts of the file named first."""
    if len(sys.argv) != 4:  # noqa: PLR2004 - three files
        sys.exit("usage: verify_pdf.py DOCUMENT.pdf SIGNED SIGNATURE")
    signed, signature = take_apart(Path(sys.argv[1]).read_bytes())
    Path(sys.argv[2]).write_bytes(signed)
    Path(sys.argv[3]).write_bytes(signature)


if __name__ == "__main__":
    main()
