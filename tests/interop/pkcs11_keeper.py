"""A program that keeps P-256 keys in a PKCS#11 module and speaks as tests/makers/key_keeper.py does. It runs apart from the product.

python pkcs11_keeper.py MODULE TOKEN PIN
"""

import base64
import json
import sys
from typing import Any

import pkcs11
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters


class Token:
    """Keys by name, in a token of the module; none can be taken out."""

    def __init__(self, module: str, token: str, pin: str) -> None:
        self._session = pkcs11.lib(module).get_token(token_label=token).open(rw=True, user_pin=pin)

    def _found(self, name: str, kind: pkcs11.ObjectClass) -> Any:
        return next(iter(self._session.get_objects({pkcs11.Attribute.LABEL: name, pkcs11.Attribute.CLASS: kind})), None)

    def make(self, name: str) -> bytes | None:
        """Make a key unless there is one."""
        if self._found(name, pkcs11.ObjectClass.PRIVATE_KEY) is not None:
            return None
        curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        parameters = self._session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
        parameters.generate_keypair(label=name, store=True)
        return b""

    def public(self, name: str) -> bytes | None:
        """The public half (SubjectPublicKeyInfo), if there is such a key."""
        key = self._found(name, pkcs11.ObjectClass.PUBLIC_KEY)
        return None if key is None else encode_ec_public_key(key)

    def sign(self, name: str, digest: bytes) -> bytes | None:
        """Sign 32 bytes of SHA-256; gives raw `r || s`, as modules do."""
        key = self._found(name, pkcs11.ObjectClass.PRIVATE_KEY)
        return None if key is None else key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)


def main() -> None:
    """Answer until the pipe is closed."""
    token = Token(*sys.argv[1:])
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["act"] == "sign":
            answer = token.sign(asked["name"], base64.b64decode(asked["digest"]))
        else:
            answer = getattr(token, asked["act"])(asked["name"])
        print(json.dumps(None if answer is None else base64.b64encode(answer).decode()), flush=True)


if __name__ == "__main__":
    main()
