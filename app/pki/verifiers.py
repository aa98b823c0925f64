"""Verifying for anyone what was shown to them: the rooms that issue something register how theirs is looked up."""

from typing import Final, Protocol

from app.kernel.settings import load
from app.kernel.words import Words
from app.pki.credentials import SealedCredential, verify_credential
from app.pki.errors import NothingToVerify
from app.pki.sealed_documents import verify_document
from app.pki.signed_data import NotGenuine
from app.pki.structs import Finding, SealFinding, Shown, Verification, seal_refused

CODE_UNKNOWN: Final = Words(zh="查无此码，请核对后再试。", en="Nothing is known under this code; please check it.")
NOT_GENUINE: Final = Words(
    zh="该文件不是本市签发的原件，或内容已被改动。", en="This file isn't one that the city sealed, or it was changed."
)
PRESENTATION_NOT_GENUINE: Final = Words(
    zh="该出示凭证不是本市签发的，或内容已被改动。",
    en="This presentation isn't one that the city sealed, or it was changed.",
)
SEAL_ONLY: Final = Words(zh="电子印章真实有效，文件未被改动。", en="The seal is genuine and the file is unchanged.")


class Verifier(Protocol):
    """Looks up one kind of thing by the code that is printed on it."""

    @property
    def kind(self) -> str:
        """What it verifies, such as `licence` or `receipt`."""

    async def find(self, code: str) -> Finding | None:
        """Say what holds of a code now, without anything that a stranger mayn't know; nothing if it isn't of this kind."""


class CredentialJudge(Protocol):
    """Says of one kind of credential whether it holds now."""

    @property
    def kind(self) -> str:
        """What it judges, such as `presentation`."""

    async def judge(self, shown: SealedCredential, audience: str | None) -> Finding | None:
        """Say what holds of a genuine credential now, shown to somebody; nothing if it isn't of this kind, or no longer known."""


_verifiers: Final[dict[str, Verifier]] = {}
_judges: Final[dict[str, CredentialJudge]] = {}


def register_verifier(verifier: Verifier) -> None:
    """Let `/v1/verify` ask this verifier; one of the same kind is replaced."""
    _verifiers[verifier.kind] = verifier


def register_judge(judge: CredentialJudge) -> None:
    """Let `/v1/verify` ask this judge about credentials; one of the same kind is replaced."""
    _judges[judge.kind] = judge


async def verify(shown: Shown) -> Verification:
    """Verify a code, a sealed PDF or a presentation. Refuses (`NothingToVerify`) several at once, and none."""
    match shown:
        case Shown(code=None, document=None, presentation=str() as presentation):
            return await _verify_presentation(presentation, shown.audience)
        case Shown(code=None, document=bytes() as document, presentation=None, audience=None):
            return await _verify_document(document)
        case Shown(code=str() as code, document=None, presentation=None, audience=None):
            return _of_code(await find(code))
        case _:
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


async def _verify_presentation(presentation: str, audience: str | None) -> Verification:
    try:
        credential = await verify_credential(presentation, load().public_origin)
    except NotGenuine as reason:
        return Verification(holds=False, said=PRESENTATION_NOT_GENUINE, seal=seal_refused(str(reason)), finding=None)
    seal = SealFinding(
        genuine=True,
        reason=None,
        reference=credential.id,
        sealed_at=credential.sealed_at,
        certificate_serial=credential.seal_serial,
    )
    for judge in _judges.values():
        finding = await judge.judge(credential, audience)
        if finding is not None:
            return Verification(holds=finding.holds, said=finding.said, seal=seal, finding=finding)
    return Verification(holds=False, said=CODE_UNKNOWN, seal=seal, finding=None)


def _of_code(finding: Finding | None) -> Verification:
    if finding is None:
        return Verification(holds=False, said=CODE_UNKNOWN, seal=None, finding=None)
    return Verification(holds=finding.holds, said=finding.said, seal=None, finding=finding)
