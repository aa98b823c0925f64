"""Reminders and checks by what the sandbox city's departments tell."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_value, transaction
from app.notices import inbox
from app.notices.structs import NoticeView
from app.residents.families import wards_of
from integrations.city.departments import SERVICES
from integrations.city.marriages import marriage
from integrations.city.people import Person
from integrations.city.world import City
from integrations.exchange.errors import DepartmentUnavailable
from lifecycle.birth import reminders as birth
from lifecycle.living import reminders as living
from lifecycle.marriage.single import MATTER, single_only
from lifecycle.subscriptions import conditions, reading, reminding
from lifecycle.subscriptions.errors import NotSingle
from lifecycle.subscriptions.reminding import ToRemind
from lifecycle.tax import reminders as tax
from tests.makers.cases import CityPorts, Family, a_fault
from tests.makers.city import Town
from tests.makers.city_people import an_adult_of_the_small_city
from tests.makers.subscriptions import switched_on
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")


async def reminded(citizen: Citizen, code: str, person_id: UUID | None = None) -> list[NoticeView]:
    """What a citizen is told of a matter, once they have it on."""
    await switched_on(citizen, code, person_id=person_id)
    async with transaction(SYSTEM):
        row_id = await fetch_value(
            "SELECT id FROM subscription WHERE citizen_id = $1 AND matter = $2", person_id or citizen.id, code
        )
    for _ in range(2):
        await reminding.remind(ToRemind(code, row_id))
    return [one for one in (await inbox.inbox(citizen, None, 50)).items if one.matter == code]


def _status(city: City, person: Person) -> str | None:
    told = marriage(city, person)
    return told.marital_code if told else None


def _owes(city: City, person: Person) -> bool:
    asked = msgspec.Raw(msgspec.json.encode({"id_number": person.id_number}))
    said = SERVICES["bigdata"]["household_bills"](city, asked)
    told = msgspec.json.encode(said.body)
    return said.status == "ok" and (b'"due"' in told or b'"overdue"' in told)


def _in(department: str, service: str) -> Callable[[City, Person], bool]:
    """Whether a register tells something of a person."""

    def fits(city: City, person: Person) -> bool:
        asked = msgspec.Raw(msgspec.json.encode({"id_number": person.id_number}))
        return SERVICES[department.lower()][service](city, asked).status == "ok"

    return fits


class TestReminders:
    async def test_of_antenatal_checks(self, ports: CityPorts) -> None:
        birth.register(ports.registers, ports.health)
        mother = await an_adult_of_the_small_city(_in("WJW", "antenatal_care"))

        told = await reminded(mother, birth.ANTENATAL)

        assert len(told) <= 1
        assert all(one.about_id == mother.id for one in told)

    async def test_of_a_childs_vaccinations_to_its_guardian(
        self, ports: CityPorts, family: Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        in_a_month = clock.today() + timedelta(days=25)
        monkeypatch.setattr(clock, "today", lambda: in_a_month)
        birth.register(ports.registers, ports.health)
        assert family.child in await wards_of(family.mother.id)

        told = await reminded(family.mother, "infant_immunization", family.child)

        assert [one.about_id for one in told] == [family.child]
        assert told[0].title.zh == "孩子的预防接种"
        assert "剂" in told[0].text.zh

    async def test_of_bills(self, ports: CityPorts) -> None:
        living.register(ports.registers)
        told = await reminded(await an_adult_of_the_small_city(_owes), living.BILLS)

        assert len(told) == 1
        assert "最晚" in told[0].text.zh

    async def test_of_invoices_and_refunds(self, ports: CityPorts) -> None:
        tax.register(ports.registers)
        citizen = await an_adult_of_the_small_city(_in("SWJ", "invoices"))

        for code in (tax.INVOICE, tax.REFUND):
            assert len(await reminded(citizen, code)) <= 1

    async def test_are_tried_again_while_the_department_is_away(self, ports: CityPorts, town: Town) -> None:
        living.register(ports.registers)
        citizen = await an_adult_of_the_small_city(_in("BIGDATA", "household_bills"))

        async with a_fault(town, party="bigdata", outage=True):
            with pytest.raises(DepartmentUnavailable):
                await reminded(citizen, living.BILLS)


class TestSingles:
    async def test_are_those_whom_the_register_does_not_have_as_married(
        self, ports: CityPorts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(conditions._checks, MATTER, single_only(ports.registers))
        wife = await an_adult_of_the_small_city(lambda city, one: _status(city, one) == "20")
        man = await an_adult_of_the_small_city(lambda city, one: _status(city, one) == "10")

        with pytest.raises(NotSingle):
            await switched_on(wife, MATTER)
        on = await switched_on(man, MATTER)

        assert (on.standing, (await reading.subscription(wife, MATTER, None)).standing) == ("on", "off")
