"""Materials attached to a case: copies of the citizen's own files and licences, of the right kind, and signed for."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio
from litestar import Litestar

from app.kernel.actors import Citizen
from cloud_disk import nodes
from cloud_disk.errors import FileNotReady, NodeNotFound
from cloud_disk.structs import NewFolder, NodeChange
from integrations.virus_scan.clamd import ClamAv
from integrations.virus_scan.port import ScannerUnavailable
from lifecycle.cases import forms, materials
from lifecycle.cases.errors import (
    CaseChanged,
)
from lifecycle.cases.material_errors import (
    LicenceNotInForce,
    MaterialInfected,
    MaterialNotFound,
    MaterialSourceUnclear,
    MaterialTooLarge,
    MaterialTypeWrong,
)
from lifecycle.cases.material_structs import MaterialSource
from lifecycle.cases.materials import Place
from lifecycle.cases.structs import CaseRef
from tests.makers.callers import the_recorded_authorities
from tests.makers.cases import the_case
from tests.makers.files import a_photograph, a_store, an_upload
from tests.makers.materials import (
    PROGRAM,
    a_licence_of,
    a_node,
    a_paper_draft,
    a_pdf,
    a_scanner,
    an_infected_pdf,
    answers_of,
    attached,
    keys_of,
    state_of_licence,
    with_licence,
)
from tests.makers.matters import PAPER_MATTER, PaperMatter
from tests.makers.people import a_citizen

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

        with pytest.raises(LicenceNotInForce) as refused:
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
