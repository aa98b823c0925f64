"""The papers that the day leaves behind, and how openssl alone verifies them."""

import shlex
from pathlib import Path
from typing import Final

_COMMANDS: Final = """\
cd {folder}
openssl x509 -in ca.pem -out root.pem
openssl verify -x509_strict -CAfile root.pem -untrusted device.pem device.pem
openssl cms -verify -binary -cades -inform DER -in signature.der -content signed.bin -CAfile root.pem -purpose any -out /dev/null
openssl x509 -in receipt-chain.pem -out seal.pem && openssl x509 -in seal.pem -pubkey -noout > seal-key.pem
openssl dgst -sha256 -verify seal-key.pem -signature receipt-signature.der receipt.json
openssl verify -x509_strict -purpose any -CAfile root.pem -untrusted receipt-chain.pem seal.pem
sh case-proof/verify.sh 1"""
_PAPERS: Final = {
    "licence.pdf": "电子证照 the licence",
    "receipt.json": "收据 the receipt",
    "device.pem": "设备证书 the phone's certificate",
    "application.jws": "申请签名 the application's signature (over application.json)",
    "case-proof": "办件证明包 what proves the application, for verify.sh in it",
    "ca.pem": "根证书与签发机构 root and authorities",
}


def commands(folder: Path) -> str:
    """Shell commands that verify the papers in a folder without us."""
    return _COMMANDS.format(folder=shlex.quote(str(folder.resolve())))


def listed(folder: Path) -> str:
    """The papers, one a line."""
    return "\n".join(f"  {folder / name}  {what}" for name, what in _PAPERS.items())
