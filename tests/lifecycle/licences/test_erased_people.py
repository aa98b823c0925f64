"""Licences where somebody was erased: what theirs say is gone, and everybody else's stay as they were."""

from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import new_id, shard_of
from app.keys.persons import destroy_person_key
from cloud_disk import nodes
from cloud_disk.uploads import prefix_of
from lifecycle.licences import check_codes, documents, reading
from lifecycle.licences.documents import DocumentToMake, make_document
from lifecycle.licences.errors import LicenceNotFound
from lifecycle.licences.filed_in_disk import LicenceToFile, file_in_disk
from lifecycle.licences.issuing import ISSUER, issue
from lifecycle.licences.kinds import CERT_HUKOU
from lifecycle.licences.structs import Grant, LicenceView
from lifecycle.licences.verifying import LicenceVerifier
from tests.makers.callers import the_authorities_of_the_product
from tests.makers.erasure import erased
from tests.makers.files import a_store
from tests.makers.people import a_citizen, a_guardian_of, a_newborn
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")


@pytest_asyncio.fixture(autouse=True)
async def _authorities() -> None:
    the_authorities_of_the_product()


async def a_licence_of(holder_id: UUID) -> LicenceView:
    """A licence of somebody's, just issued."""
    grant = Grant(
        type_code=CERT_HUKOU,
        holder_id=holder_id,
        department="GAJ",
        lines=(),
        case_id=new_id(holder_id),
        case_number="YT2026112201000001",
    )
    async with transaction(ISSUER):
        return await reading.find(await issue(grant))


async def a_teenager() -> Citizen:
    """A ward who may erase themselves."""
    return await a_citizen(birth_date=clock.today() - timedelta(days=15 * 366))


async def forgotten(person_id: UUID) -> None:
    """How an erasure ends: without their key."""
    async with transaction(SYSTEM):
        await destroy_person_key(person_id)


async def filed(citizen: Citizen) -> list[str]:
    """The folders and files that a disk has."""
    async with transaction(SYSTEM):
        count: int = await fetch_value("SELECT count(*) FROM disk_node WHERE citizen_id = $1", citizen.id)
    top = (await nodes.listing(citizen, None, None, 10)).items
    names = [node.name for one in top for node in (one, *(await nodes.listing(citizen, one.id, None, 10)).items)]
    assert len(names) == count
    return names


class TestReading:
    async def test_leaves_out_an_erased_ward_and_nobody_else(self) -> None:
        ward = await a_teenager()
        guardian = await a_guardian_of(ward.id)
        theirs, own = await a_licence_of(ward.id), await a_licence_of(guardian.id)
        before = [one.id for one in (await reading.licences(guardian, None, 1)).items]

        await erased(ward)

        assert before == [own.id]
        shown = await reading.licences(guardian, None, 1)
        assert ([one.id for one in shown.items], shown.next) == ([own.id], None)
        for read in (reading.licence, documents.pdf):
            with pytest.raises(LicenceNotFound):
                await read(guardian, theirs.id)


class TestVerifying:
    async def test_tells_nobody_that_an_erased_persons_number_was_one(self) -> None:
        licence = await a_licence_of((await a_citizen()).id)
        await forgotten(licence.holder_id)
        unknown = f"HK20200101{shard_of(licence.id):04d}00000000"
        right = check_codes.shown(licence.number, licence.check_code)
        wrong = check_codes.shown(licence.number, check_codes.new_check_code())

        codes = (right, wrong, check_codes.shown(unknown, licence.check_code))

        assert [await LicenceVerifier().find(code) for code in codes] == [None] * 3


class TestWhatFollowsAnIssue:
    async def test_ends_quietly_where_the_holder_was_erased_meanwhile(self) -> None:
        citizen = await a_citizen()
        licence = await a_licence_of(citizen.id)
        await forgotten(citizen.id)

        await deliver_pending()
        await make_document(DocumentToMake(licence.id))
        await file_in_disk(a_store(), LicenceToFile(licence.id))

        async with transaction(SYSTEM):
            made = await fetch_value("SELECT count(*) FROM licence_document WHERE licence_id = $1", licence.id)
            waiting = await fetch_value("SELECT count(*) FROM outbox WHERE citizen_id = $1", citizen.id)
        assert (made, waiting) == (0, 0)


class TestFiling:
    async def test_puts_nothing_into_the_disk_of_an_erased_guardian(self) -> None:
        child = await a_newborn(name="王晨")
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        licence = await a_licence_of(child)
        await make_document(DocumentToMake(licence.id))

        await erased(mother)
        await file_in_disk(a_store(), LicenceToFile(licence.id))

        assert await filed(mother) == []
        assert await a_store().delete_below(prefix_of(mother.id)) == 0
        assert await filed(father) == ["电子证照", f"居民户口簿（常住人口登记卡） 王晨 {licence.number}.pdf"]
