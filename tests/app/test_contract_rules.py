"""What the contract says beyond what the framework derives: exact, without gaps, and the one that is served."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody

from app import contract
from app.contract_words import TAGS
from app.kernel.actors import Citizen
from app.kernel.errors import Conflict
from app.kernel.idempotency import IdempotencyKeyMissing, Once
from app.kernel.paging import Cursor, Limit, Page
from app.kernel.problems import PROBLEM_JSON, problems
from app.kernel.structs import Body, Line, View
from app.kernel.words import Words

Operation = tuple[str, dict[str, Any]]


class TillClosed(Conflict):
    code = "till_closed"
    title = Words(zh="收银台已关闭。", en="The till is closed.")


class Sale(Body, frozen=True):
    """Something to buy."""

    what: Line
    times: int = 1


class Receipt(View, frozen=True):
    what: str


@post("/sales", operation_id="sell", responses=problems(TillClosed, IdempotencyKeyMissing), sync_to_thread=False)
def sell(citizen: NamedDependency[Citizen], once: NamedDependency[Once], data: JSONBody[Sale]) -> Receipt:
    """Sell something. It needs a key."""
    raise TillClosed


@get("/sales/{what:str}", operation_id="sales", opt={"public": True}, sync_to_thread=False)
def sales(what: FromPath[str], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20) -> Page[Receipt]:
    """List sales."""
    raise TillClosed


@pytest.fixture(scope="module")
def shop() -> dict[str, Any]:
    """The contract of a small shop."""
    someone = {"citizen": Provide(lambda: None, sync_to_thread=False), "once": Provide(lambda: 0, sync_to_thread=False)}
    made = Litestar([sell, sales], dependencies=someone, openapi_config=contract.config())
    return contract.completed(made)


@pytest.fixture(scope="module")
def whole(app: Litestar) -> dict[str, Any]:
    """The contract of the product."""
    return contract.completed(app)


def operations(described: dict[str, Any]) -> Iterator[Operation]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def everything(value: Any) -> Iterator[Any]:
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from everything(one)


class TestShop:
    def test_a_body_takes_no_unknown_field(self, shop: dict[str, Any]) -> None:
        sale = shop["components"]["schemas"]["Sale"]

        assert sale["additionalProperties"] is False
        assert sale["required"] == ["what"]
        assert sale["properties"]["what"]["maxLength"] == 200
        assert sale["description"] == "Something to buy."

    def test_patterns_are_those_of_javascript(self, shop: dict[str, Any]) -> None:
        assert shop["components"]["schemas"]["Sale"]["properties"]["what"]["pattern"] == r"^[^\x00-\x1f\x7f]*$"

    def test_refusals_stand_by_status_with_what_follows_from_the_parameters(self, shop: dict[str, Any]) -> None:
        answers = shop["paths"]["/sales"]["post"]["responses"]

        assert list(answers) == ["201", "400", "401", "403", "408", "409", "413", "415", "422"]
        assert list(answers["409"]["content"]) == [PROBLEM_JSON]
        described = answers["409"]["content"][PROBLEM_JSON]["schema"]["allOf"]
        assert described[0] == {"$ref": "#/components/schemas/Problem"}
        assert described[1]["properties"]["code"]["enum"] == ["still_running", "till_closed"]

    def test_says_how_to_prove_who_is_calling(self, shop: dict[str, Any]) -> None:
        assert shop["paths"]["/sales"]["post"]["security"] == [{"bearer": []}, {"dpop": []}]
        assert shop["paths"]["/sales/{what}"]["get"]["security"] == []
        assert set(shop["components"]["securitySchemes"]) == {"bearer", "dpop", "signature"}

    def test_a_key_is_required_where_its_lack_is_refused(self, shop: dict[str, Any]) -> None:
        (key,) = shop["paths"]["/sales"]["post"]["parameters"]

        assert (key["name"], key["in"], key["required"]) == ("Idempotency-Key", "header", True)

    def test_query_parameters_keep_their_limits(self, shop: dict[str, Any]) -> None:
        told = {one["name"]: one["schema"] for one in shop["paths"]["/sales/{what}"]["get"]["parameters"]}

        assert told["limit"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
        assert told["cursor"] == {"type": "string", "maxLength": 500}
        assert told["what"] == {"type": "string"}

    def test_an_answer_is_described_as_it_is_written(self, shop: dict[str, Any]) -> None:
        page = shop["paths"]["/sales/{what}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]

        assert page == {"$ref": "#/components/schemas/Page_Receipt_"}
        assert "400" in shop["paths"]["/sales/{what}"]["get"]["responses"]

    def test_the_summary_is_the_first_sentence(self, shop: dict[str, Any]) -> None:
        assert shop["paths"]["/sales"]["post"]["summary"] == "Sell something"


class TestWhole:
    async def test_is_the_one_that_is_served(self, app: Litestar, http: httpx.AsyncClient) -> None:
        answer = await http.get("/schema/openapi.json")

        assert answer.text == contract.text(app) == contract.text(app)
        assert answer.headers["content-type"] == "application/vnd.oai.openapi+json"

    async def test_every_tag_is_described(self, whole: dict[str, Any]) -> None:
        used = {tag for _, operation in operations(whole) for tag in operation["tags"]}

        assert used == set(TAGS)
        assert [tag["name"] for tag in whole["tags"]] == list(TAGS)

    async def test_every_refusal_is_a_problem_document(self, whole: dict[str, Any]) -> None:
        other = [
            f"{name} {status}"
            for name, operation in operations(whole)
            for status, answer in operation["responses"].items()
            if status >= "4" and list(answer["content"]) != [PROBLEM_JSON]
            if operation["operationId"] not in contract._REFUSED_OTHERWISE
        ]

        assert other == []

    async def test_every_body_refuses_unknown_fields(self, whole: dict[str, Any]) -> None:
        bodies = [
            operation["requestBody"]["content"]["application/json"]["schema"].get("$ref", "").rpartition("/")[2]
            for _, operation in operations(whole)
            if "application/json" in operation.get("requestBody", {}).get("content", {})
        ]
        open_ones = [
            name
            for name in bodies
            if name and whole["components"]["schemas"][name].get("additionalProperties") is not False
        ]

        assert len(bodies) > 10
        assert open_ones == []

    async def test_every_query_parameter_has_limits(self, whole: dict[str, Any]) -> None:
        unlimited = [
            f"{name} {one['name']}"
            for name, operation in operations(whole)
            for one in operation.get("parameters", [])
            if one["in"] == "query" and not _is_limited(one["schema"])
        ]

        assert unlimited == []

    async def test_no_pattern_is_pythons(self, whole: dict[str, Any]) -> None:
        patterns = [one["pattern"] for one in everything(whole) if isinstance(one, dict) and "pattern" in one]

        assert [pattern for pattern in patterns if isinstance(pattern, str) and r"\A" in pattern] == []


def _is_limited(schema: dict[str, Any]) -> bool:
    match schema.get("type"):
        case "integer":
            return {"minimum", "maximum"} <= set(schema)
        case "string":
            return not {"maxLength", "format", "enum", "pattern", "const"}.isdisjoint(schema)
        case _:
            return True
