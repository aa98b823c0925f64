"""Whose files and licences are attached to whose case; and nothing for whoever is being erased."""

from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio
from litestar import Litestar

from app.kernel.actors import Citizen, PowerLacksScope
from app.kernel.ids import new_person_id
from app.kernel.settings import load
from app.keys.persons import PersonErased
from app.privacy import erasing
from cloud_disk.errors import NodeNotFound
from integrations.object_store.s3 import S3Store
from integrations.virus_scan.clamd import ClamAv
from lifecycle.cases import forms, materials
from lifecycle.cases.errors import (
    CaseNotFound,
    NotTheApplicant,
    StepNotAllowed,
)
from lifecycle.cases.material_errors import (
    MaterialOfAnother,
)
from lifecycle.cases.material_structs import MaterialSource
from lifecycle.cases.materials import Place
from lifecycle.cases.structs import CaseRef
from lifecycle.licences.errors import LicenceNotFound
from tests.lifecycle.cases.test_by_power import by_power
from tests.makers.callers import the_recorded_authorities
from tests.makers.cases import the_case
from tests.makers.erasure import due, ordered
from tests.makers.files import a_store
from tests.makers.materials import (
    a_licence_of,
    a_node,
    a_paper_draft,
    a_pdf,
    a_scanner,
    attached,
    handed_in,
    keys_of,
    sent_back,
    with_licence,
)
from tests.makers.matters import PAPER_MATTER, PaperMatter
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


async def left_as_it_was(draft: CaseRef) -> bool:
    """Whether nothing of a case was changed, and no object lies there for it."""
    case = await the_case(draft.id)
    return case.version == draft.version and await keys_of(draft.id) == []


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
