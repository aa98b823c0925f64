"""Materials attached to a case: copies of the citizen's own files and licences, of the right kind, and signed for."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest
import pytest_asyncio
from litestar import Litestar

from app.kernel.actors import Citizen, PowerLacksScope
from app.kernel.database import transaction
from app.kernel.errors import Refusal
from app.kernel.ids import new_person_id
from app.kernel.settings import load
from app.keys.persons import PersonErased
from app.privacy import erasing
from cloud_disk import nodes
from cloud_disk.errors import FileNotReady, NodeNotFound
from cloud_disk.structs import NewFolder, NodeChange
from integrations.object_store.s3 import S3Store
from integrations.virus_scan.clamd import ClamAv
from integrations.virus_scan.port import ScannerUnavailable
from lifecycle.cases import casebook, drafts, forms, materials, signing_input, submission
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.errors import (
    CaseChanged,
    CaseNotFound,
    CaseSignatureWrong,
    FieldsWrong,
    NotTheApplicant,
    StepNotAllowed,
)
from lifecycle.cases.material_errors import (
    LicenceNotValid,
    MaterialBroken,
    MaterialInfected,
    MaterialNotFound,
    MaterialOfAnother,
    MaterialSourceUnclear,
    MaterialTooLarge,
    MaterialTypeWrong,
)
from lifecycle.cases.material_structs import MaterialSource
from lifecycle.cases.materials import Place
from lifecycle.cases.structs import CaseRef, CorrectionAnswer, FormChange, Submission
from lifecycle.licences.errors import LicenceNotFound
from tests.lifecycle.cases.test_by_power import by_power
from tests.makers.callers import the_recorded_authorities
from tests.makers.cases import a_code, a_signed_submission, a_signing_device, the_case
from tests.makers.erasure import due, ordered
from tests.makers.files import a_photograph, a_store, an_upload
from tests.makers.materials import (
    PROGRAM,
    a_licence_of,
    a_node,
    a_paper_draft,
    a_pdf,
    a_scanner,
    a_whole_draft,
    an_infected_pdf,
    attached,
    handed_in,
    keys_of,
    sent_back,
    state_of_licence,
    with_licence,
)
from tests.makers.matters import PAPER_MATTER, PaperMatter
from tests.makers.outside import Phones
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, an_officer

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


async def answers_of(case_id: UUID) -> dict[str, dict[str, object]]:
    async with transaction(OFFICE):
        answers, _ = await casebook.opened(await casebook.find(case_id))
    return answers


async def left_as_it_was(draft: CaseRef) -> bool:
    """Whether nothing of a case was changed, and no object lies there for it."""
    case = await the_case(draft.id)
    return case.version == draft.version and await keys_of(draft.id) == []


class TestAttach:
    async def test_keeps_a_copy_of_exactly_these_bytes(self, citizen: Citizen, scanner: ClamAv) -> None:
        content, draft = a_pdf(), await a_paper_draft(citizen)
        node_id = await a_node(citizen, content, "收入 证明.pdf")

        after = await attached(citizen, draft, node_id, scanner)
        await nodes.put_into_trash(citizen, node_id)
        got = await materials.given(citizen, draft.id, "proof", None, a_store())

        said = (await answers_of(draft.id))["proof"]
        assert (got.content, got.name, got.content_type) == (content, "收入 证明.pdf", "application/pdf")
        assert said["sha256"] == hashlib.sha256(content).hexdigest()
        assert (said["source"], said["size_bytes"]) == ("disk", len(content))
        assert after.version == draft.version + 1

    async def test_takes_a_licence_without_any_file(self, citizen: Citizen) -> None:
        draft = await a_paper_draft(citizen)

        await with_licence(citizen, draft, await a_licence_of(citizen.id))

        got = await materials.given(citizen, draft.id, "household", None, a_store())
        assert got.content.startswith(b"%PDF-")
        assert (await answers_of(draft.id))["household"]["source"] == "licence"

    async def test_replaces_what_was_attached_before_and_drops_it(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft, second = await a_paper_draft(citizen), a_pdf()
        once = await attached(citizen, draft, await a_node(citizen, a_pdf()), scanner)
        (first_key,) = await keys_of(draft.id)

        await attached(citizen, once, await a_node(citizen, second, "b.pdf"), scanner)

        assert (await materials.given(citizen, draft.id, "proof", None, a_store())).content == second
        assert first_key not in await keys_of(draft.id)
        assert len(await keys_of(draft.id)) == 1

    async def test_judges_a_file_by_its_bytes_whatever_it_is_called(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft = await a_paper_draft(citizen)
        named_pdf = await a_node(citizen, a_photograph(), "photo.pdf", "image/jpeg")
        program = await a_node(citizen, PROGRAM + b"\0" * 100, "proof.pdf", "application/octet-stream")
        pdf_as_photo = await a_node(citizen, a_pdf(), "face.jpg", "application/pdf")

        with pytest.raises(MaterialTypeWrong) as refused:
            await attached(citizen, draft, program, scanner)
        with pytest.raises(MaterialTypeWrong):
            await attached(citizen, draft, pdf_as_photo, scanner, "photo")
        assert refused.value.facts["types"] == ["application/pdf", "image/jpeg", "image/png"]
        assert await left_as_it_was(draft)

        await attached(citizen, draft, named_pdf, scanner)
        assert (await answers_of(draft.id))["proof"]["content_type"] == "image/jpeg"

    async def test_refuses_what_is_too_large(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft, mib = await a_paper_draft(citizen), 1024 * 1024
        just, over = a_pdf(mib)[:mib], a_pdf(2 * mib)[: mib + 1]

        with pytest.raises(MaterialTooLarge) as refused:
            await attached(citizen, draft, await a_node(citizen, over), scanner)
        assert refused.value.facts == {"most_bytes": mib}
        assert await left_as_it_was(draft)

        await attached(citizen, draft, await a_node(citizen, just, "just.pdf"), scanner)

    async def test_refuses_what_the_scanner_finds(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft = await a_paper_draft(citizen)

        with pytest.raises(MaterialInfected) as refused:
            await attached(citizen, draft, await a_node(citizen, an_infected_pdf()), scanner)

        assert refused.value.facts == {"found": "Eicar-Test-Signature"}
        assert await left_as_it_was(draft)

    async def test_takes_nothing_that_nobody_could_look_through(self, citizen: Citizen) -> None:
        draft = await a_paper_draft(citizen)

        with pytest.raises(ScannerUnavailable):
            await attached(citizen, draft, await a_node(citizen, a_pdf()), AWAY)

        assert await left_as_it_was(draft)

    async def test_refuses_what_is_not_ready_or_in_the_trash(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft = await a_paper_draft(citizen)
        trashed, inside = await a_node(citizen, a_pdf(), "a.pdf"), await a_node(citizen, a_pdf(), "b.pdf")
        folder = await nodes.make_folder(citizen, NewFolder(name="papers"))
        await nodes.change(citizen, inside, NodeChange(parent_id=folder.id), None)
        await nodes.put_into_trash(citizen, trashed)
        await nodes.put_into_trash(citizen, folder.id)
        coming = await an_upload(citizen, a_pdf(), "c.pdf", content_type="application/pdf")

        for node_id in (trashed, inside, folder.id):
            with pytest.raises(NodeNotFound):
                await attached(citizen, draft, node_id, scanner)
        with pytest.raises(FileNotReady):
            await attached(citizen, draft, coming.node.id, scanner)
        assert await left_as_it_was(draft)

    @pytest.mark.parametrize("state", ["revoked", "annulled", "suspended", "expired"])
    async def test_refuses_a_licence_that_holds_no_more(self, citizen: Citizen, state: str) -> None:
        draft, licence_id = await a_paper_draft(citizen), await a_licence_of(citizen.id)
        await state_of_licence(licence_id, state)

        with pytest.raises(LicenceNotValid) as refused:
            await with_licence(citizen, draft, licence_id)

        assert refused.value.facts == {"state": state}
        assert await left_as_it_was(draft)

    async def test_refuses_a_licence_where_only_a_photograph_is_taken(self, citizen: Citizen) -> None:
        draft = await a_paper_draft(citizen)

        with pytest.raises(MaterialTypeWrong):
            await with_licence(citizen, draft, await a_licence_of(citizen.id), "photo")

    @pytest.mark.parametrize("field", ["purpose", "income", "no_such", "\x00", ""])
    async def test_knows_no_material_of_another_name(self, citizen: Citizen, field: str) -> None:
        draft = await a_paper_draft(citizen)

        with pytest.raises(MaterialNotFound):
            await with_licence(citizen, draft, await a_licence_of(citizen.id), field)

    async def test_takes_one_thing_at_a_time(self, citizen: Citizen) -> None:
        draft = await a_paper_draft(citizen)
        place = Place(draft.id, "proof", draft.version)

        for chosen in (MaterialSource(), MaterialSource(disk_node=draft.id, licence=draft.id)):
            with pytest.raises(MaterialSourceUnclear):
                await materials.attach(citizen, place, chosen, a_store(), AWAY)

    async def test_wants_the_version_that_was_read(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft, node_id = await a_paper_draft(citizen), await a_node(citizen, a_pdf())
        older = msgspec.structs.replace(draft, version=draft.version - 1)

        with pytest.raises(CaseChanged):
            await attached(citizen, older, node_id, scanner)
        assert await left_as_it_was(draft)

    async def test_lets_one_of_two_at_once_pass(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft = await a_paper_draft(citizen)
        files = [await a_node(citizen, a_pdf(), f"{number}.pdf") for number in range(3)]

        done = await asyncio.gather(
            *(attached(citizen, draft, node_id, scanner) for node_id in files), return_exceptions=True
        )

        assert sum(isinstance(one, CaseChanged) for one in done) == 2
        assert len(await keys_of(draft.id)) == 1
        assert await a_store().delete_below(f"cases/{citizen.id}/") == 1


class TestWhose:
    async def test_a_strangers_file_licence_and_case_do_not_exist(self, citizen: Citizen, scanner: ClamAv) -> None:
        stranger, draft = await a_citizen(), await a_paper_draft(citizen)
        theirs = await a_paper_draft(stranger)

        with pytest.raises(NodeNotFound):
            await attached(citizen, draft, await a_node(stranger, a_pdf()), scanner)
        with pytest.raises(LicenceNotFound):
            await with_licence(citizen, draft, await a_licence_of(stranger.id))
        for missing in (theirs, msgspec.structs.replace(draft, id=new_person_id())):
            with pytest.raises(CaseNotFound):
                await attached(citizen, missing, await a_node(citizen, a_pdf(), f"{missing.id}.pdf"), scanner)
        assert await left_as_it_was(draft)

    async def test_a_guardian_uses_their_own_and_the_wards_but_no_other_wards(self, scanner: ClamAv) -> None:
        child, sibling = await a_newborn(), await a_newborn()
        mother = await a_guardian_of(child)
        mother = msgspec.structs.replace(mother, wards=(child, sibling))
        draft = await a_paper_draft(mother, child)

        with pytest.raises(MaterialOfAnother):
            await with_licence(mother, draft, await a_licence_of(sibling))
        with pytest.raises(NodeNotFound):
            await attached(mother, draft, await a_node(Citizen(sibling, 2, sibling, "t"), a_pdf()), scanner)
        draft = await with_licence(mother, draft, await a_licence_of(child))
        draft = await attached(mother, draft, await a_node(Citizen(child, 2, child, "t"), a_pdf()), scanner)
        draft = await attached(mother, draft, await a_node(mother, a_pdf()), scanner)
        assert len(await keys_of(draft.id)) == 2

    async def test_a_delegate_brings_files_of_their_own_and_nothing_of_the_givers(self, scanner: ClamAv) -> None:
        agent, giver = await a_citizen(), await a_citizen()
        acting = by_power(agent, giver)
        draft = await a_paper_draft(acting)

        with pytest.raises(NodeNotFound):
            await attached(acting, draft, await a_node(giver, a_pdf()), scanner)
        with pytest.raises(PowerLacksScope):
            await with_licence(acting, draft, await a_licence_of(giver.id))
        draft = await attached(acting, draft, await a_node(agent, a_pdf()), scanner)
        assert (await materials.given(giver, draft.id, "proof", None, a_store())).name == "证明.pdf"

    async def test_only_the_applicant_goes_on_with_what_was_submitted(self, scanner: ClamAv) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        draft = await a_paper_draft(mother, child)
        draft = await attached(mother, draft, await a_node(mother, a_pdf()), scanner)
        draft = await with_licence(mother, draft, await a_licence_of(child))
        case = await sent_back(an_officer(), await handed_in(mother, draft))

        with pytest.raises(NotTheApplicant):
            await attached(father, case, await a_node(father, a_pdf()), scanner)

    async def test_nothing_is_kept_for_whoever_is_erased_meanwhile(self, citizen: Citizen, scanner: ClamAv) -> None:
        draft, node_id = await a_paper_draft(citizen), await a_node(citizen, a_pdf())
        order = await ordered(citizen)

        class Slow(S3Store):
            async def put(self, key: str, content: bytes, content_type: str) -> None:
                await erasing.erase(await due(order))
                await super().put(key, content, content_type)

        slow = Slow(load())
        with pytest.raises((PersonErased, StepNotAllowed)):
            await materials.attach(
                citizen, Place(draft.id, "proof", draft.version), MaterialSource(disk_node=node_id), slow, scanner
            )

        assert await a_store().delete_below(f"cases/{citizen.id}/") == 0
        assert await keys_of(draft.id) == []


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
