"""Verifying for anyone: codes that rooms register, and sealed PDFs."""

from collections.abc import Iterator

import pytest

from app.kernel.words import Words
from app.pki import verifiers
from app.pki.documents import signed_licence
from app.pki.errors import NothingToVerify
from app.pki.structs import Finding, Shown, ShownFact
from app.pki.verifiers import register_verifier, verify
from tests.makers.pki import a_paper

pytestmark = pytest.mark.usefixtures("own")


class ALicenceVerifier:
    """Knows one code; says whether it holds."""

    kind = "licence"

    def __init__(self, *, holds: bool) -> None:
        self.holds = holds

    async def find(self, code: str) -> Finding | None:
        if code != a_paper().verify_code:
            return None
        said = Words(zh="有效", en="valid") if self.holds else Words(zh="已注销", en="withdrawn")
        fact = ShownFact(name=Words(zh="类别", en="Kind"), value="出生登记证明")
        return Finding(kind=self.kind, holds=self.holds, said=said, facts=(fact,))


@pytest.fixture(autouse=True)
def nobody_registered() -> Iterator[None]:
    before = dict(verifiers._verifiers)
    verifiers._verifiers.clear()
    yield
    verifiers._verifiers.clear()
    verifiers._verifiers.update(before)


class TestVerifyCode:
    async def test_asks_the_room_that_knows_it(self) -> None:
        register_verifier(ALicenceVerifier(holds=True))

        found = await verify(Shown(code=a_paper().verify_code))

        assert found.holds
        assert found.finding is not None
        assert found.finding.kind == "licence"

    async def test_says_that_nothing_is_known_of_others(self) -> None:
        register_verifier(ALicenceVerifier(holds=True))

        found = await verify(Shown(code="AAAA-AAAA"))

        assert not found.holds
        assert found.said == verifiers.CODE_UNKNOWN
        assert found.finding is None

    async def test_keeps_one_verifier_of_a_kind(self) -> None:
        register_verifier(ALicenceVerifier(holds=True))
        register_verifier(ALicenceVerifier(holds=False))

        assert not (await verify(Shown(code=a_paper().verify_code))).holds


class TestVerifyDocument:
    async def test_finds_a_sealed_pdf_genuine(self) -> None:
        found = await verify(Shown(document=await signed_licence(a_paper())))

        assert found.holds
        assert found.seal is not None
        assert found.seal.genuine
        assert found.seal.reference == a_paper().verify_code

    async def test_says_of_a_genuine_pdf_that_the_licence_was_withdrawn(self) -> None:
        register_verifier(ALicenceVerifier(holds=False))

        found = await verify(Shown(document=await signed_licence(a_paper())))

        assert not found.holds
        assert found.seal is not None
        assert found.seal.genuine
        assert found.said.en == "withdrawn"

    async def test_says_why_a_changed_pdf_isnt_genuine(self) -> None:
        pdf = await signed_licence(a_paper())

        found = await verify(Shown(document=pdf.replace(b"7K2M", b"7K2N")))

        assert not found.holds
        assert found.said == verifiers.NOT_GENUINE
        assert found.seal is not None
        assert found.seal.reason == "content_changed"


@pytest.mark.parametrize("shown", [Shown(), Shown(code="AAAA", document=b"%PDF-")])
async def test_refuses_both_at_once_and_neither(shown: Shown) -> None:
    with pytest.raises(NothingToVerify):
        await verify(shown)
