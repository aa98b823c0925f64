"""What becomes of materials' bytes: dropped with a draft, kept with what was signed, handed out, and gone with the law's term."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from litestar import Litestar

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from app.privacy.rights import erasers, exporters, file_exporters
from integrations.virus_scan.clamd import ClamAv
from lifecycle.cases import casebook, forms, material_rights, materials, submission
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.material_rights import MaterialEraser, MaterialExporter, MaterialFiles
from lifecycle.cases.material_rows import ObjectToDrop
from lifecycle.cases.materials import Place
from lifecycle.cases.states import Step
from tests.makers.callers import the_recorded_authorities
from tests.makers.cases import the_case
from tests.makers.erasure import erased
from tests.makers.files import a_store
from tests.makers.materials import (
    a_node,
    a_paper_draft,
    a_pdf,
    a_scanner,
    a_whole_draft,
    attached,
    handed_in,
    keys_of,
    ordered_to_drop,
    sent_back,
)
from tests.makers.matters import PAPER_MATTER, PaperMatter
from tests.makers.people import a_citizen, an_officer


@pytest_asyncio.fixture(autouse=True)
async def known_seals(app: Litestar) -> None:
    await the_recorded_authorities()


@pytest.fixture(autouse=True)
def matter(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(forms._forms, PAPER_MATTER, PaperMatter())


@pytest_asyncio.fixture
async def scanner() -> AsyncIterator[ClamAv]:
    async with a_scanner() as running:
        yield running


@pytest_asyncio.fixture
async def citizen() -> Citizen:
    return await a_citizen()


async def dropped(citizen: Citizen, key: str) -> bool:
    """Have the job run that was ordered for an object, and say whether it is gone."""
    assert await ordered_to_drop(key) >= 2
    await material_rights.drop_object(a_store(), ObjectToDrop(citizen.id, key))
    return await a_store().stat(key) is None


class TestDropping:
    async def test_a_withdrawn_draft_leaves_no_object(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft = await attached(citizen, await a_paper_draft(citizen), await a_node(citizen, a_pdf()), scanner)
        (key,) = await keys_of(draft.id)

        await submission.withdraw(citizen, draft.id)
        await deliver_pending()

        assert await keys_of(draft.id) == []
        assert await dropped(citizen, key)

    async def test_neither_does_one_that_lapsed(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft = await attached(citizen, await a_paper_draft(citizen), await a_node(citizen, a_pdf()), scanner)
        (key,) = await keys_of(draft.id)

        async with transaction(OFFICE):
            await casebook.move(await casebook.find(draft.id, lock=True), Step.LAPSE, OFFICE, what="lapse_draft")
        await deliver_pending()

        assert await dropped(citizen, key)

    async def test_nor_one_whose_matter_has_no_form_any_more(
        self, citizen: Citizen, scanner: ClamAv, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft = await attached(citizen, await a_paper_draft(citizen), await a_node(citizen, a_pdf()), scanner)
        monkeypatch.delitem(forms._forms, PAPER_MATTER)

        await submission.withdraw(citizen, draft.id)
        await deliver_pending()

        assert await keys_of(draft.id) == []

    async def test_what_was_signed_stays_when_the_case_is_withdrawn(self, citizen: Citizen, scanner: ClamAv) -> None:
        case = await sent_back(an_officer(), await handed_in(citizen, await a_whole_draft(citizen, scanner)))
        signed = await keys_of(case.id)
        await attached(citizen, case, await a_node(citizen, a_pdf(), "b.pdf"), scanner)

        await submission.withdraw(citizen, case.id)
        await deliver_pending()

        assert await keys_of(case.id) == signed

    async def test_an_object_that_a_row_names_is_let_be(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft = await attached(citizen, await a_paper_draft(citizen), await a_node(citizen, a_pdf()), scanner)
        (key,) = await keys_of(draft.id)

        await material_rights.drop_object(a_store(), ObjectToDrop(citizen.id, key))

        assert await a_store().stat(key) is not None

    @pytest.mark.parametrize(
        "change", ["DELETE FROM case_material", "UPDATE case_material SET signed_at = signed_at + interval '1 day'"]
    )
    async def test_the_database_lets_nobody_change_what_was_signed(
        self, citizen: Citizen, scanner: ClamAv, change: str
    ) -> None:
        case = await handed_in(citizen, await a_whole_draft(citizen, scanner))

        with pytest.raises(asyncpg.RestrictViolationError):
            async with transaction(OFFICE):
                await execute(f"{change} WHERE shard = $1 AND case_id = $2", shard_of(case.id), case.id)

    async def test_nor_what_a_row_says(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft = await attached(citizen, await a_paper_draft(citizen), await a_node(citizen, a_pdf()), scanner)

        for actor in (OFFICE, citizen, an_officer()):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with transaction(actor):
                    await execute(
                        "UPDATE case_material SET sha256 = $3 WHERE shard = $1 AND case_id = $2",
                        *(shard_of(draft.id), draft.id, "0" * 64),
                    )


class TestRights:
    async def test_a_person_gets_names_digests_and_bytes(self, citizen: Citizen, scanner: ClamAv) -> None:
        content = a_pdf()
        case = await handed_in(citizen, await a_whole_draft(citizen, scanner, content))

        rows = (await MaterialExporter().export(citizen.id))["case_material"]
        files = await MaterialFiles().files(citizen.id)

        assert [row["field"] for row in rows] == ["proof", "household"]
        assert rows[0]["name"] == "证明.pdf"
        assert {row["case_id"] for row in rows} == {case.id}
        assert [file.key for file in files] == await keys_of(case.id)
        assert b"".join([piece async for piece in a_store().read(files[0].key)]) == content
        assert (await MaterialExporter().export((await a_citizen()).id))["case_material"] == []

    async def test_erasure_deletes_drafts_and_keeps_what_was_signed(self, citizen: Citizen, scanner: ClamAv) -> None:
        other = await a_citizen()
        theirs = await attached(other, await a_paper_draft(other), await a_node(other, a_pdf()), scanner)
        case = await handed_in(citizen, await a_whole_draft(citizen, scanner))
        await submission.withdraw(citizen, case.id)
        draft = await attached(citizen, await a_paper_draft(citizen), await a_node(citizen, a_pdf(), "b.pdf"), scanner)
        (key,) = await keys_of(draft.id)

        done = [await MaterialEraser(a_store()).erase(citizen.id) for _ in range(2)]

        assert done == [1, 0]
        assert await a_store().stat(key) is None
        for kept in [*await keys_of(case.id), *await keys_of(theirs.id)]:
            assert await a_store().stat(kept) is not None

    async def test_the_bytes_go_with_the_laws_term(self, citizen: Citizen, scanner: ClamAv) -> None:
        case = await handed_in(citizen, await a_whole_draft(citizen, scanner))
        await submission.withdraw(citizen, case.id)
        keys = await keys_of(case.id)
        await erased(citizen)
        await material_rights.sweep_outlived(a_store())
        assert await a_store().stat(keys[0]) is not None

        async with transaction(OFFICE):
            await execute(
                "UPDATE person_key SET retained_key = NULL, retained_until = $3 WHERE shard = $1 AND id = $2",
                *(shard_of(citizen.id), citizen.id, clock.today()),
            )
        for _ in range(2):
            await material_rights.sweep_outlived(a_store())

        assert [await a_store().stat(key) for key in keys] == [None, None]

    async def test_the_room_answers_for_the_table(self) -> None:
        for known in (exporters(), erasers()):
            assert any("case_material" in one.tables for one in known)
        assert any(isinstance(one, MaterialFiles) for one in file_exporters())

    async def test_an_erased_persons_draft_takes_nothing(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft = await attached(citizen, await a_paper_draft(citizen), await a_node(citizen, a_pdf()), scanner)
        await erased(citizen)

        assert await keys_of(draft.id) == []
        with pytest.raises(Exception, match="step_not_allowed"):
            await materials.take_away(citizen, Place(draft.id, "proof", (await the_case(draft.id)).version))
