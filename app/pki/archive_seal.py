"""The city's seal in the shape that the privacy room asks for: archives of personal data and certificates of erasure."""

from app.pki.seals import seal_bytes
from app.privacy.rights import Sealed


class CitySeal:
    """Seals with the receipts' seal."""

    def seal(self, content: bytes) -> Sealed:
        """Sign bytes; about 0.1 ms."""
        seal = seal_bytes(content)
        return Sealed(seal.signature, seal.certificate, seal.chain)
