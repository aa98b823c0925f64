"""Materials taken away, signed for, and replaced by a correction."""

import hashlib
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest
import pytest_asyncio
from litestar import Litestar

from app.kernel.actors import Citizen
from app.kernel.errors import Refusal
from integrations.virus_scan.clamd import ClamAv
from lifecycle.cases import drafts, forms, materials, signing_input, submission
from lifecycle.cases.errors import (
    CaseChanged,
    CaseSignatureWrong,
    FieldsWrong,
    StepNotAllowed,
)
from lifecycle.cases.material_errors import (
    MaterialBroken,
    MaterialNotFound,
)
from lifecycle.cases.materials import Place
from lifecycle.cases.structs import CorrectionAnswer, FormChange, Submission
from tests.makers.callers import the_recorded_authorities
from tests.makers.cases import a_code, a_signed_submission, a_signing_device
from tests.makers.files import a_store
from tests.makers.materials import (
    a_licence_of,
    a_node,
    a_paper_draft,
    a_pdf,
    a_scanner,
    a_whole_draft,
    answers_of,
    attached,
    handed_in,
    keys_of,
    sent_back,
    with_licence,
)
from tests.makers.matters import PAPER_MATTER, PaperMatter
from tests.makers.outside import Phones
from tests.makers.people import a_citizen, an_officer

AWAY = ClamAv("127.0.0.1", 1)


@pytest_asyncio.fixture(autouse=True)
async def known_seals(app: Litestar) -> None:
    await the_recorded_authorities()


@pytest.fixture(autouse=True)
def matter(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> PaperMatter:
    paper = PaperMatter()
    monkeypatch.setitem(forms._forms, PAPER_MATTER, paper)
    return paper


@pytest_asyncio.fixture
async def scanner() -> AsyncIterator[ClamAv]:
    async with a_scanner() as running:
        yield running


@pytest_asyncio.fixture
async def citizen() -> Citizen:
    return await a_citizen()


class TestTakeAway:
    async def test_takes_a_material_and_its_bytes_away(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft = await attached(citizen, await a_paper_draft(citizen), await a_node(citizen, a_pdf()), scanner)

        after = await materials.take_away(citizen, Place(draft.id, "proof", draft.version))

        assert "proof" not in await answers_of(draft.id)
        assert await keys_of(draft.id) == []
        with pytest.raises(MaterialNotFound):
            await materials.given(citizen, draft.id, "proof", None, a_store())
        with pytest.raises(MaterialNotFound):
            await materials.take_away(citizen, Place(draft.id, "proof", after.version))
        with pytest.raises(CaseChanged):
            await materials.take_away(citizen, Place(draft.id, "proof", draft.version))

    async def test_null_in_the_form_does_the_same_and_nothing_else_is_written_there(
        self, citizen: Citizen, scanner: ClamAv
    ) -> None:
        draft = await attached(citizen, await a_paper_draft(citizen), await a_node(citizen, a_pdf()), scanner)
        ref = (await answers_of(draft.id))["proof"]

        for value in (ref, {**ref, "sha256": "0" * 64}, "x"):
            with pytest.raises(FieldsWrong) as refused:
                await drafts.change(citizen, draft.id, draft.version, FormChange({"proof": value}))
            assert [(one.pointer, one.code) for one in refused.value.errors] == [("/form/proof", "not_editable")]
        await drafts.change(citizen, draft.id, draft.version, FormChange({"proof": None}))

        assert await keys_of(draft.id) == []

    async def test_refuses_what_lies_with_the_department(self, citizen: Citizen, scanner: ClamAv) -> None:
        case = await handed_in(citizen, await a_whole_draft(citizen, scanner))

        with pytest.raises(StepNotAllowed):
            await materials.take_away(citizen, Place(case.id, "proof", case.version))
        with pytest.raises(StepNotAllowed):
            await with_licence(citizen, case, await a_licence_of(citizen.id))


class TestSigned:
    async def test_covers_the_digest(self, citizen: Citizen, scanner: ClamAv) -> None:
        content = a_pdf()
        draft = await a_whole_draft(citizen, scanner, content)

        payload = await signing_input.payload_of(citizen, draft.id)

        assert msgspec.json.decode(payload)["form"]["proof"]["sha256"] == hashlib.sha256(content).hexdigest()

    async def test_another_file_after_signing_is_another_form(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft = await a_whole_draft(citizen, scanner)
        signed = await a_signed_submission(await a_signing_device(citizen.id), citizen, draft.id)
        code = await a_code(Phones(), citizen, draft.id)

        await attached(citizen, draft, await a_node(citizen, a_pdf(), "b.pdf"), scanner)

        with pytest.raises(CaseSignatureWrong):
            await submission.submit(citizen, draft.id, signed)
        for stale in (code, "000000"):
            with pytest.raises(Refusal):
                await submission.submit(citizen, draft.id, Submission(confirmation_code=stale))

    async def test_a_correction_replaces_it_and_keeps_what_was_signed_before(
        self, citizen: Citizen, scanner: ClamAv
    ) -> None:
        first, second = a_pdf(), a_pdf()
        case = await sent_back(an_officer(), await handed_in(citizen, await a_whole_draft(citizen, scanner, first)))
        first_id = UUID(str((await answers_of(case.id))["proof"]["id"]))

        tried = await attached(citizen, case, await a_node(citizen, a_pdf(), "wrong.pdf"), scanner)
        await attached(citizen, tried, await a_node(citizen, second, "right.pdf"), scanner)
        code = await a_code(Phones(), citizen, case.id)
        await submission.answer_correction(citizen, case.id, CorrectionAnswer(None, code))

        store = a_store()
        assert (await materials.given(citizen, case.id, "proof", None, store)).content == second
        assert (await materials.given(citizen, case.id, "proof", first_id, store)).content == first
        assert len(await keys_of(case.id)) == 3

    async def test_bytes_that_were_changed_in_the_store_are_not_shown(self, citizen: Citizen, scanner: ClamAv) -> None:
        case = await handed_in(citizen, await a_whole_draft(citizen, scanner))
        key = (await keys_of(case.id))[0]
        await a_store().put(key, a_pdf(), "application/pdf")

        with pytest.raises(MaterialBroken):
            await materials.given(citizen, case.id, "proof", None, a_store())
