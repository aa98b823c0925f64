"""Signing a PDF: PAdES B-LT (ETSI EN 319 142-1) by pyHanko, with our seal and our own time-stamp, without any network.

What a verifier needs later (the chain, revocation lists, the time-stamp) goes into the same revision as the signature, so
that the signature covers the whole file. Nothing may be changed afterwards (DocMDP level 1).
"""

import io
import logging
import re
from datetime import datetime
from typing import Any, Final

from asn1crypto import cms, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer, pdf_signer
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSigningSession,
    SigDSSPlacementPreference,
)
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.pki.authorities import DOCUMENTS, Authorities, SealedAt, der
from app.pki.certificates import Signer as OurSigner
from app.pki.profiles import Kind
from app.pki.timestamps import make_imprint, make_token

FIELD: Final = "Seal"
_REFERENCE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LONGEST_ES256: Final = 72
_ECDSA: Final = ec.ECDSA(hashes.SHA256())

_EXPECTED: Final = "fetching is not allowed"
logging.getLogger(pdf_signer.__name__).addFilter(lambda record: _EXPECTED not in str(record.msg))
"""pyHanko warns at each seal that nothing may be fetched; that is meant, since all that a verifier needs is given."""


def sign_pdf(pdf: bytes, reference: str, sealed: SealedAt) -> bytes:
    """Sign a PDF as a whole with the documents' seal; `reference` (a code to verify by) stands in the signature.

    Refuses (`ValueError`) any other than 1 to 64 letters, digits, `.`, `_`, `-`. Blocks for some 50 ms and runs an event loop of its own: call it from a thread.
    """
    if not _REFERENCE.fullmatch(reference):
        message = f"not a reference: {reference!r}"
        raise ValueError(message)
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        embed_validation_info=True,
        validation_context=validation_context(sealed),
        signer_key_usage={"digital_signature", "non_repudiation"},
        dss_settings=DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE, next_ts_settings=None
        ),
        reason=reference,
        name=DOCUMENTS.title,
    )
    signer = _PdfSigner(metadata, _Seal(sealed.trusted), timestamper=_OwnTimeStamper(sealed))
    signer.at = sealed.at
    signed: io.BytesIO = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    return signed.getvalue()


def validation_context(sealed: SealedAt) -> ValidationContext:
    """What pyHanko trusts: our root, our seal and time-stamp authorities and the given lists; nothing is fetched."""
    return ValidationContext(
        trust_roots=[of_asn1(sealed.trusted.root)],
        other_certs=[
            of_asn1(issuer.certificate)
            for kind in (Kind.SEAL, Kind.TIMESTAMP)
            for issuer in sealed.trusted.all_issuers(kind)
        ],
        moment=sealed.at,
        crls=list(sealed.crls),
        allow_fetching=False,
        revocation_mode="require",
    )


def of_asn1(certificate: Any) -> x509.Certificate:
    """A certificate in the shape of asn1crypto, which isn't typed."""
    return x509.Certificate.load(der(certificate))


class _PdfSigner(PdfSigner):
    """Signs at the product's own time instead of the machine's."""

    at: datetime

    def init_signing_session(
        self,
        pdf_out: BasePdfFileWriter,
        existing_fields_only: bool = False,  # noqa: FBT001, FBT002 - the base's shape
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


class _Seal(Signer):
    """Signs through the key provider, so that the key stays inside it."""

    def __init__(self, trusted: Authorities) -> None:
        self._signer: OurSigner = trusted.own[DOCUMENTS.label]
        chain = (trusted.issuer(Kind.SEAL).certificate, trusted.root)
        store = SimpleCertificateStore.from_certs(  # type: ignore[no-untyped-call] # pyHanko left it without types
            [of_asn1(certificate) for certificate in chain]
        )
        super().__init__(signing_cert=of_asn1(self._signer.certificate), cert_registry=store)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - the base's shape
        return bytes(_LONGEST_ES256) if dry_run else self._signer.key.sign(data, _ECDSA)


class _OwnTimeStamper(TimeStamper):
    """Stamps by our own authority in this process, without a request, whose answer pyHanko would read.

    asn1crypto writes a field that was read with its default value anew whenever bytes are asked for, and does so again at
    each level above it: a token that was read makes sealing up to twenty times as dear.
    """

    def __init__(self, sealed: SealedAt) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # pyHanko left this one without types
        self._sealed = sealed

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        imprint = make_imprint(md_algorithm, message_digest)
        return cms.ContentInfo.load(make_token(imprint, self._sealed.trusted, self._sealed.at, nonce=None))
