"""Every query of every stage, over HTTP against the city: answered, remembered, paged, and refused to who may not ask."""

import uuid
from typing import Any, Final

import httpx
import msgspec
import pytest

from app.kernel.assurance import BY_NAME
from app.kernel.database import execute, transaction
from app.kernel.labels import WORDS
from app.wired_queries import QUERIES
from lifecycle.catalogue import published
from lifecycle.catalogue.files import shipped_files
from lifecycle.catalogue.structs import Kind
from lifecycle.citizen_card.holders import HOLDER_QUERY
from lifecycle.queries.everybodys import _KEEPER
from lifecycle.queries.registers import OfEverybody, OfPerson
from tests.makers.callers import SignedIn, signed_in
from tests.makers.cases import CityPorts, a_fault
from tests.makers.city import Town
from tests.makers.city_people import a_citizen_of, somebody_in
from tests.makers.people import a_citizen, an_id_number

ASKED: Final[dict[str, dict[str, Any]]] = {
    "score_analysis_report": {"consent": "given"},
    "express_logistics_query": {"tracking_no": "FH02190000010006", "phone_tail": "0002"},
    "invoice_value_added_service": {"number": "26372090000011358559", "issued_on": "2026-09-17", "amount_fen": 114_550},
    "organization_code_application": {"name_or_code": "福海金"},
    "travel_service_info": {"origin": "毓璜顶", "destination": "青岛北站"},
}
"""What is asked beside the person, of matters whose question has parts without a default."""
FAR_AWAY: Final = "530102"
"""A division from which nobody moved to any of the sandbox's towns."""
OF_PERSON: Final = [query for query in QUERIES if isinstance(query, OfPerson)]
OF_EVERYBODY: Final = [query for query in QUERIES if isinstance(query, OfEverybody)]


def by_matter(queries: list[Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("query", queries, ids=lambda query: query.matter)


async def ask(http: httpx.AsyncClient, matter: str, sent: SignedIn, **body: Any) -> httpx.Response:
    return await http.post(f"/v1/matters/{matter}/query", json=ASKED.get(matter, {}) | body, auth=sent)


def level_of(query: OfPerson[Any]) -> int:
    """The level that a citizen needs for a query about a person: that of a proved name, or the matter's own."""
    return max(BY_NAME, published.matter(query.matter).level)


@by_matter(OF_PERSON)
class TestOfPerson:
    async def test_is_answered_and_remembered_while_the_department_is_away(
        self, http: httpx.AsyncClient, registers: CityPorts, large_town: Town, query: OfPerson[Any]
    ) -> None:
        asked = ASKED.get(query.matter, {})
        somebody = somebody_in(query.register.department, query.register.service, asked)
        sent = await signed_in(await a_citizen_of(somebody, level_of(query)))

        live = await ask(http, query.matter, sent)
        async with a_fault(large_town, party=query.register.department.lower(), outage=True):
            away = await ask(http, query.matter, sent)

        assert live.status_code == away.status_code == 200, live.text
        assert [one["standing"] for one in live.json()["sources"]] == ["live"]
        assert [one["standing"] for one in away.json()["sources"]] == ["remembered"]
        assert live.json()["result"] == away.json()["result"]
        assert somebody.id_number not in live.text
        msgspec.convert(live.json()["result"], query.result)

    async def test_tells_a_stranger_nothing(
        self, http: httpx.AsyncClient, registers: CityPorts, query: OfPerson[Any]
    ) -> None:
        born_elsewhere = an_id_number(division=FAR_AWAY)  # a number drawn of the city's own may be somebody's there
        sent = await signed_in(await a_citizen(level_of(query), id_number=born_elsewhere))

        other = await ask(http, query.matter, sent, person_id=str(uuid.uuid4()))
        unknown_there = await ask(http, query.matter, sent)

        assert (other.status_code, other.json()["code"]) == (404, "person_unknown")
        assert (unknown_there.status_code, unknown_there.json()["code"]) == (404, "not_known_to_department")


@by_matter(OF_EVERYBODY)
class TestOfEverybody:
    async def test_is_answered_kept_searched_and_paged(
        self, http: httpx.AsyncClient, registers: CityPorts, large_town: Town, query: OfEverybody[Any]
    ) -> None:
        sent = await signed_in(await a_citizen(2))
        async with transaction(_KEEPER):
            await execute("DELETE FROM everybodys_answer")

        live = await ask(http, query.matter, sent)
        async with a_fault(large_town, party=query.register.department.lower(), outage=True):
            kept = await ask(http, query.matter, sent)

        assert live.status_code == kept.status_code == 200, live.text
        assert [one["standing"] for one in live.json()["sources"]] == ["live"]
        assert [one["standing"] for one in kept.json()["sources"]] == ["remembered"]
        assert live.json()["result"] == kept.json()["result"]
        if "items" in live.json()["result"]:
            await self.pages(http, query.matter, sent)
        else:
            msgspec.convert(live.json()["result"], query.register.told)

    async def pages(self, http: httpx.AsyncClient, matter: str, sent: SignedIn) -> None:
        """Going from page to page shows everything once; a text that nothing has finds nothing."""
        shown, cursor, found = 0, None, 1
        while found and (shown == 0 or cursor):
            page = (await ask(http, matter, sent, limit=50, cursor=cursor)).json()["result"]
            shown, cursor, found = shown + len(page["items"]), page["next"], page["found"]
        assert shown == found > 0
        assert (await ask(http, matter, sent, text="龘龘龘")).json()["result"]["found"] == 0


class TestDescription:
    @by_matter(list(QUERIES))
    async def test_names_every_field_in_both_languages(
        self, http: httpx.AsyncClient, registers: CityPorts, query: Any
    ) -> None:
        described = (await http.get(f"/v1/matters/{query.matter}/query/form")).json()

        assert unnamed(described["question"]) == unnamed(described["result"]) == []

    async def test_a_matter_without_a_query_has_none(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/matters/early_health_education_push/query/form")

        assert (answer.status_code, answer.json()["code"]) == (404, "query_unknown")


def unnamed(schema: dict[str, Any]) -> list[str]:
    """Fields of a schema without words."""
    kinds = schema.get("$defs", {}).items()
    return [
        f"{name}.{field}"
        for name, kind in kinds
        for field, said in kind.get("properties", {}).items()
        if field != "items" and not {"zh", "en"} <= said.get(WORDS, {}).get("label", {}).keys()
        if set(kind["properties"]) != {"zh", "en"}
    ]


class TestCatalogue:
    def test_says_of_every_query_that_it_works_and_of_no_other(self) -> None:
        said = {code for code, (_, text) in shipped_files().matters.items() if Kind.QUERY in text.live}

        assert said == {query.matter for query in QUERIES} | {"infant_immunization", HOLDER_QUERY, "bus_query"}

    def test_asks_the_department_that_is_known(self) -> None:
        known = shipped_files()

        assert all(query.register.department in known.departments for query in QUERIES)
