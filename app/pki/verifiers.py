"""Verifying for anyone what was shown to them: the rooms that issue something register how theirs is looked up."""

from typing import Final, Protocol

from app.kernel.words import Words
from app.pki.errors import NothingToVerify
from app.pki.sealed_documents import verify_document
from app.pki.signed_data import NotGenuine
from app.pki.structs import Finding, SealFinding, Shown, Verification, seal_refused

CODE_UNKNOWN: Final = Words(zh="查无此码，请核对后再试。", en="Nothing is known under this code; please check it.")
NOT_GENUINE: Final = Words(
    zh="该文件不是本市签发的原件，或内容已被改动。", en="This file isn't one that the city sealed, or it was changed."
)
SEAL_ONLY: Final = Words(zh="电子印章真实有效，文件未被改动。", en="The seal is genuine and the file is unchanged.")


class Verifier(Protocol):
    """Looks up one kind of thing by the code that is printed on it."""

    @property
    def kind(self) -> str:
        """What it verifies, such as `licence` or `receipt`."""

    async def find(self, code: str) -> Finding | None:
        """Say what holds of a code now, without anything that a stranger mayn't know; nothing if it isn't of this kind."""


_verifiers: Final[dict[str, Verifier]] = {}


def register_verifier(verifier: Verifier) -> None:
    """Let `/v1/verify` ask this verifier; one of the same kind is replaced."""
    _verifiers[verifier.kind] = verifier


async def verify(shown: Shown) -> Verification:
    """Verify a code or a sealed PDF. Refuses (`NothingToVerify`) both at once, and neither."""
    if shown.document is not None and shown.code is None:
        return await _verify_document(shown.document)
    if shown.code is not None and shown.document is None:
        return _of_code(await find(shown.code))
    raise NothingToVerify


async def find(code: str) -> Finding | None:
    """Ask every verifier for a code; nothing if none knows it."""
    for verifier in _verifiers.values():
        found = await verifier.find(code)
        if found is not None:
            return found
    return None


async def _verify_document(pdf: bytes) -> Verification:
    try:
        sealed = await verify_document(pdf)
    except NotGenuine as reason:
        return Verification(holds=False, said=NOT_GENUINE, seal=seal_refused(str(reason)), finding=None)
    seal = SealFinding(
        genuine=True,
        reason=None,
        reference=sealed.reference,
        sealed_at=sealed.sealed_at,
        certificate_serial=sealed.seal_serial,
    )
    finding = await find(sealed.reference)
    if finding is None:
        return Verification(holds=True, said=SEAL_ONLY, seal=seal, finding=None)
    return Verification(holds=finding.holds, said=finding.said, seal=seal, finding=finding)


def _of_code(finding: Finding | None) -> Verification:
    if finding is None:
        return Verification(holds=False, said=CODE_UNKNOWN, seal=None, finding=None)
    return Verification(holds=finding.holds, said=finding.said, seal=None, finding=finding)
