"""From a phone to a certified device and a family, with the sandbox city's police answering over real HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.identity import devices, households
from app.identity.errors import FaceMismatch, IdentityMismatch
from app.identity.real_name import prove_real_name
from app.identity.structs import DeviceEnrolment, RealName
from app.kernel.actors import Citizen
from app.kernel.settings import Settings
from app.keys.algorithms import verifying_key
from app.privacy.purposes import SOURCE_POLICE
from app.residents.families import kin_of
from integrations.city.drawing import draw
from integrations.city.keys import read_p256_key
from integrations.departments.directory import POLICE, keyid_of, parties
from integrations.departments.police import PoliceClient
from integrations.exchange.archive import DatabaseArchive, exchanges_of
from integrations.exchange.client import ExchangeClient
from integrations.outgoing import http_client
from tests.makers.callers import a_key, the_authorities_of_the_product
from tests.makers.city import PORTAL, Town, a_town
from tests.makers.consents import allow
from tests.makers.people import a_citizen, nobody_has, the_resident
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")
SEED = 11
"""A city of its own: everybody here gets an account, and the demo's people are other tests'."""
_PEOPLE = draw(SEED, 60).people
WIFE, HUSBAND = next(
    (one, _PEOPLE[one.spouse])
    for one in _PEOPLE.values()
    if one.sex == "female" and not one.demo and one.alive and one.spouse and _PEOPLE[one.spouse].alive
)


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with a_town(tmp_path, seed=SEED) as town:
        yield town


@pytest_asyncio.fixture
async def police(town: Town) -> AsyncIterator[PoliceClient]:
    settings = Settings(city_port=int(town.options.origin.rpartition(":")[2]))
    key = verifying_key(read_p256_key(town.keys.department_key("gaj")).public_key())
    async with http_client([town.options.origin]) as http:
        exchange = ExchangeClient(http, PORTAL, {keyid_of(POLICE, settings): key}.get, DatabaseArchive())
        yield PoliceClient(exchange, parties(settings)[POLICE])


async def a_face(town: Town, id_number: str) -> str:
    return str((await town.control("POST", "face", id_number=id_number)).json()["face_token"])


class TestADayWithThePolice:
    async def test_proves_the_name_enrols_a_device_and_finds_the_family(self, town: Town, police: PoliceClient) -> None:
        the_authorities_of_the_product()
        await nobody_has(WIFE.id_number, HUSBAND.id_number)
        account = await a_citizen(1)
        with pytest.raises(IdentityMismatch):
            await prove_real_name(account, RealName(HUSBAND.name, WIFE.id_number), police)

        me = await prove_real_name(account, RealName(WIFE.name, WIFE.id_number), police)
        citizen = Citizen(me.id, me.level, account.session_id, "tests")
        await allow(me.id, SOURCE_POLICE)
        await households.fetch_household(police, households.FetchHousehold(me.id))

        (spouse,) = [kin for kin in await kin_of(me.id) if kin.relation == "spouse_of"]
        assert (await the_resident(spouse.id)).id_number == HUSBAND.id_number

        for face, refused in (
            (await a_face(town, HUSBAND.id_number), True),
            (await a_face(town, WIFE.id_number), False),
        ):
            nonce = (await devices.enrolment_challenge(citizen)).nonce
            asked = DeviceEnrolment(a_csr(a_key()), "手机", face, nonce)
            if refused:
                with pytest.raises(FaceMismatch):
                    await devices.enrol(citizen, asked, police)
            else:
                assert (await devices.enrol(citizen, asked, police)).level == 3

        kept = [(exchange.service, exchange.outcome) for exchange in await exchanges_of(me.id)]
        assert kept == [
            ("verify_identity", "ok"),
            ("verify_identity", "ok"),
            ("household", "ok"),
            ("verify_face", "ok"),
            ("verify_face", "ok"),
        ]
