"""The departments' clients against the sandbox city, over real HTTP, archived in the real database."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from app.kernel import clock
from app.kernel.identity_documents import ID_CARD, Document
from app.kernel.settings import Settings
from app.keys.algorithms import VerifyingKey, verifying_key
from integrations.city.keys import read_p256_key
from integrations.departments.directory import HEALTH, POLICE, keyid_of, parties
from integrations.departments.health import HealthClient
from integrations.departments.police import BirthToRegister, NewChild, PoliceClient
from integrations.exchange.archive import DatabaseArchive, exchanges_of
from integrations.exchange.client import ExchangeClient
from integrations.exchange.errors import DepartmentRefused, DepartmentUnavailable, NotKnownToDepartment
from integrations.exchange.structs import Party
from integrations.outgoing import http_client
from tests.makers.city import MOTHER, PORTAL, STRANGER, Town, a_town
from tests.makers.exchange import an_asking
from tests.makers.pools import an_open_pool


class Portal:
    """The portal's side: both clients, as wiring makes them."""

    def __init__(self, town: Town, http: httpx.AsyncClient, settings: Settings) -> None:
        keys = {keyid_of(code, settings): _key_of(town, code) for code in (POLICE, HEALTH)}
        self.exchange = ExchangeClient(http, PORTAL, keys.get, DatabaseArchive())
        known = parties(settings)
        self.police = PoliceClient(self.exchange, known[POLICE])
        self.health = HealthClient(self.exchange, known[HEALTH])


def _key_of(town: Town, code: str) -> VerifyingKey:
    return verifying_key(read_p256_key(town.keys.department_key(code.lower())).public_key())


@pytest_asyncio.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> AsyncIterator[Town]:
    folder: Path = tmp_path_factory.mktemp("city")
    async with an_open_pool(settings), a_town(folder) as town:
        yield town


@pytest_asyncio.fixture
async def portal(town: Town) -> AsyncIterator[Portal]:
    settings = Settings(city_port=int(town.options.origin.rpartition(":")[2]))
    async with http_client([town.options.origin]) as http:
        yield Portal(town, http, settings)


async def name_of(town: Town, id_number: str) -> str:
    people = (await town.control("GET", "people?limit=100")).json()
    listed = people["items"] if isinstance(people, dict) else people
    return next(str(person["name"]) for person in listed if person["id_number"] == id_number)


class TestPolice:
    async def test_verifies_who_somebody_is(self, town: Town, portal: Portal) -> None:
        asking, name = an_asking(), await name_of(town, MOTHER)

        right = await portal.police.verify_identity(asking, name, Document(ID_CARD, MOTHER))
        wrong = await portal.police.verify_identity(asking, "张三丰", Document(ID_CARD, MOTHER))

        assert (right.body.match, right.body.alive, right.body.sex) == (True, True, "female")
        assert (wrong.body.match, wrong.body.birth_date) == (False, None)
        assert [kept.outcome for kept in await exchanges_of(asking.citizen_id)] == ["ok", "ok"]

    async def test_doesnt_know_a_stranger(self, portal: Portal) -> None:
        asking = an_asking()

        with pytest.raises(NotKnownToDepartment):
            await portal.police.household(asking, STRANGER[:-4] + "9991")

        assert [kept.outcome for kept in await exchanges_of(asking.citizen_id)] == ["not_found"]


class TestBirth:
    async def test_is_certified_registered_once_and_vaccinated(self, town: Town, portal: Portal) -> None:
        asking = an_asking()
        number = str((await town.birth("female"))["certificate_no"])

        certificate = (await portal.health.birth_certificate(asking, number)).body
        household = (await portal.police.household(asking, MOTHER)).body
        child = NewChild("王福海", "female", certificate.child.born_at, "01")
        birth = BirthToRegister("YT2026112201000077", number, child, MOTHER, household.household_no)
        first = (await portal.police.register_birth(asking, birth)).body
        again = (await portal.police.register_birth(asking, birth)).body
        by_certificate = (await portal.health.immunisations_of_certificate(asking, number)).body
        by_number = (await portal.health.immunisations(asking, first.id_number)).body

        assert certificate.mother.id_number == MOTHER
        assert first == again
        assert {(dose.vaccine_code, dose.dose_number) for dose in by_certificate} == {("HepB", 1), ("BCG", 1)}
        assert by_number == by_certificate
        assert len(await exchanges_of(asking.citizen_id)) == 6

    async def test_an_unknown_certificate_is_refused_by_the_departments_reason(self, portal: Portal) -> None:
        household = (await portal.police.household(an_asking(), MOTHER)).body
        child = NewChild("王福海", "female", clock.now(), "01")
        birth = BirthToRegister("YT2026112201000078", "P999999999", child, MOTHER, household.household_no)

        with pytest.raises(DepartmentRefused) as refused:
            await portal.police.register_birth(an_asking(), birth)

        assert refused.value.facts["reason"] == "certificate_unknown"


class TestNobodyThere:
    async def test_the_department_is_named(self, portal: Portal) -> None:
        nowhere = "http://127.0.0.1:9"
        absent = Party("GAJ", parties(Settings())[POLICE].name, nowhere, "gaj.dept.fuhai.example")

        async with http_client([nowhere]) as http:
            portal.exchange._http = http
            with pytest.raises(DepartmentUnavailable) as refused:
                await PoliceClient(portal.exchange, absent).household(an_asking(), MOTHER)

        assert refused.value.facts["department"] == absent.name
