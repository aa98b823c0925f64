"""Every query whose department answers late, or tells that its register has changed: shown in part, then in full, then asked again."""

import pkgutil
from importlib import import_module
from typing import Any

import httpx
import msgspec
from litestar import Litestar

from app import wired_answers
from app.exchanges.reading import listed
from app.kernel.actors import Citizen
from app.kernel.database import execute, transaction
from app.notices import inbox
from app.privacy.purposes import SOURCE_HEALTH
from integrations import departments
from integrations.departments.orders import Order
from integrations.departments.registers import Register
from integrations.exchange.structs import Operation
from lifecycle.queries.everybodys import _KEEPER
from lifecycle.queries.registers import OfEverybody, OfPerson
from tests.lifecycle.queries.test_every_query import ASKED, OF_EVERYBODY, OF_PERSON, ask, by_matter, level_of
from tests.makers.callers import SignedIn, signed_in
from tests.makers.cases import CityPorts, a_fault
from tests.makers.city import Town
from tests.makers.city_people import a_citizen_of, somebody_in
from tests.makers.consents import allow
from tests.makers.late import a_change, a_listening_portal, until
from tests.makers.people import a_citizen


def a_late_one(query: Any, seconds: float = 0.2) -> dict[str, object]:
    """The fault of answering this query late."""
    register = query.register
    return {"party": register.department.lower(), "late_seconds": seconds, "late_services": [register.service]}


async def times_told(citizen: Citizen) -> int:
    return sum(one.kind == "exchange.answer_settled" for one in (await inbox.inbox(citizen, None, 100)).items)


async def somebody_of(query: OfPerson[Any]) -> tuple[Citizen, SignedIn, str]:
    register = query.register
    somebody = somebody_in(register.department, register.service, ASKED.get(query.matter, {}))
    citizen = await a_citizen_of(somebody, level_of(query))
    await asks_as_if_for_the_first_time(citizen)
    return citizen, await signed_in(citizen), somebody.id_number


async def asks_as_if_for_the_first_time(citizen: Citizen) -> None:
    """The first people of the city are asked about by most of these tests, oftener than a citizen may ask in an hour."""
    async with transaction(_KEEPER):
        await execute("DELETE FROM short_lived WHERE key = $1", str(citizen.hand))


@by_matter(OF_PERSON)
class TestOfPerson:
    async def test_answered_late_is_shown_in_part_then_told_and_shown(
        self, app: Litestar, http: httpx.AsyncClient, registers: CityPorts, large_town: Town, query: OfPerson[Any]
    ) -> None:
        citizen, sent, _ = await somebody_of(query)
        await afresh(citizen)
        before = await times_told(citizen)

        async def told() -> bool:
            return await times_told(citizen) > before

        async with a_listening_portal(app, large_town):
            async with a_fault(large_town, **a_late_one(query)):
                part = (await ask(http, query.matter, sent)).json()
            await until(told)
        async with a_fault(large_town, party=query.register.department.lower(), outage=True):
            whole = (await ask(http, query.matter, sent)).json()
        await afresh(citizen)

        (source,) = part["sources"]
        assert (part["result"], source["standing"], source["as_of"]) == (None, "awaited", None)
        assert (source["promised"]["overdue"], source["name"]["zh"] != "") == (False, True)
        assert whole["sources"][0]["promised"] is None
        msgspec.convert(whole["result"], query.result)

    async def test_changed_is_marked_and_asked_again(
        self, http: httpx.AsyncClient, registers: CityPorts, large_town: Town, query: OfPerson[Any]
    ) -> None:
        citizen, sent, id_number = await somebody_of(query)
        before = (await ask(http, query.matter, sent)).json()

        await a_change(large_town, query.register.department, query.register.service, id_number)
        async with a_fault(large_town, party=query.register.department.lower(), outage=True):
            meanwhile = (await ask(http, query.matter, sent)).json()
        (newest,) = (await listed(citizen, None, None, 1)).items
        after = (await ask(http, query.matter, sent)).json()

        assert (before["sources"][0]["changed_at"], after["sources"][0]["changed_at"]) == (None, None)
        assert meanwhile["sources"][0]["standing"] == "remembered"
        assert meanwhile["sources"][0]["changed_at"] is not None
        assert after["sources"][0]["standing"] == "live"
        (asked,) = (await listed(citizen, None, None, 1)).items
        assert (asked.id > newest.id, asked.service, asked.outcome) == (True, query.register.service, "ok")


async def afresh(citizen: Citizen) -> None:
    """Nothing is known of what departments said of somebody before."""
    async with transaction(_KEEPER):
        for table in ("remembered_answer", "awaited_answer"):
            await execute(f"DELETE FROM {table} WHERE citizen_id = $1", citizen.id)


@by_matter(OF_EVERYBODY)
class TestOfEverybody:
    async def test_answered_late_is_awaited_and_then_kept_for_all(
        self, app: Litestar, http: httpx.AsyncClient, registers: CityPorts, large_town: Town, query: OfEverybody[Any]
    ) -> None:
        sent, others = await signed_in(await a_citizen(2)), await signed_in(await a_citizen(2))
        async with transaction(_KEEPER):
            await execute("DELETE FROM everybodys_answer")

        async def is_kept() -> bool:
            async with a_fault(large_town, party=query.register.department.lower(), outage=True):
                return (await ask(http, query.matter, others)).status_code == 200

        async with a_listening_portal(app, large_town):
            async with a_fault(large_town, **a_late_one(query)):
                part = (await ask(http, query.matter, sent)).json()
            await until(is_kept)

        assert (part["result"], [one["standing"] for one in part["sources"]]) == (None, ["awaited"])


class TestMeanwhile:
    async def test_an_earlier_answer_is_shown_with_the_promise(
        self, http: httpx.AsyncClient, registers: CityPorts, large_town: Town
    ) -> None:
        query = next(one for one in OF_PERSON if one.matter == "social_insurance_info")
        citizen, sent, _ = await somebody_of(query)
        await afresh(citizen)
        before = (await ask(http, query.matter, sent)).json()

        async with a_fault(large_town, **a_late_one(query, 100_000)):
            asked = (await ask(http, query.matter, sent)).json()
            again = (await ask(http, query.matter, sent)).json()

        (source,), (same,) = asked["sources"], again["sources"]
        assert (source["standing"], asked["result"]) == ("remembered", before["result"])
        assert source["as_of"] == before["sources"][0]["as_of"]
        assert source["promised"] == same["promised"]
        assert source["promised"]["expected_by"] > source["promised"]["asked_at"]

    async def test_what_comes_after_the_consent_was_withdrawn_isnt_awaited(
        self, http: httpx.AsyncClient, registers: CityPorts, large_town: Town
    ) -> None:
        query = next(one for one in OF_PERSON if one.register.department == "WJW")
        citizen, sent, _ = await somebody_of(query)
        await afresh(citizen)
        await allow(citizen.id, SOURCE_HEALTH)
        async with a_fault(large_town, **a_late_one(query, 100_000)):
            await ask(http, query.matter, sent)

        await allow(citizen.id, SOURCE_HEALTH, given=False)
        await until(lambda: _answered_live(http, query, sent))

    async def test_a_change_of_before_doesnt_outdate_what_was_asked_since(
        self, http: httpx.AsyncClient, registers: CityPorts, large_town: Town
    ) -> None:
        query = next(one for one in OF_PERSON if one.matter == "social_insurance_info")
        citizen, sent, id_number = await somebody_of(query)
        await afresh(citizen)
        await ask(http, query.matter, sent)
        await a_change(large_town, query.register.department, query.register.service, id_number)
        await ask(http, query.matter, sent)

        async with a_fault(large_town, party=query.register.department.lower(), outage=True):
            kept = (await ask(http, query.matter, sent)).json()

        assert kept["sources"][0]["changed_at"] is None


async def _answered_live(http: httpx.AsyncClient, query: OfPerson[Any], sent: SignedIn) -> bool:
    answer = (await ask(http, query.matter, sent)).json()
    return bool(answer["sources"][0]["standing"] == "live")


class TestExpected:
    def test_every_service_of_every_department_may_answer_late(self) -> None:
        known = wired_answers.expected()
        declared = [
            one
            for module in pkgutil.iter_modules(departments.__path__)
            for one in vars(import_module(f"{departments.__name__}.{module.name}")).values()
        ]

        registers = {(one.department, one.service) for one in declared if isinstance(one, Register | Order)}
        services = {one.service for one in declared if isinstance(one, Operation)}

        assert registers <= known.keys()
        assert services <= {service for _, service in known}
