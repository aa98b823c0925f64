"""Levels of assurance: every operation of citizens, called by a session one level below what it names, and what it shows to whom."""

import json
from collections.abc import Iterator
from typing import Any, Final

import httpx
import msgspec
import pytest
from litestar import Litestar, get
from litestar.params import FromQuery

from app import contract
from app.kernel.actors import DATA_CLASSES
from app.kernel.assurance import BY_DEVICE, BY_NAME, BY_PHONE, DATA, LEVEL, LEVEL_TO_READ
from lifecycle.cases import forms
from lifecycle.catalogue.files import shipped_files
from lifecycle.queries import registry
from tests.architecture import product
from tests.architecture.calls import Calls
from tests.architecture.requests import Endpoint, endpoints
from tests.makers.callers import SignedIn, a_device, signed_in
from tests.makers.people import a_citizen

SHOWN_BY: Final = {
    "identity": {"id_number", "id_number_masked", "birth_date", "sex", "person_name"},
    "contact": {"phone", "phone_masked"},
    "family": {"relation", "custody"},
    "health": {"doses", "vaccine", "vaccine_code"},
    "money": {"balance_fen", "amount_fen"},
}
"""Names of fields in answers that show a kind of data."""
TELLS_ITS_CALLER: Final = {
    "getMe": "says who somebody is to themselves, and withholds it from a session that hasn't proved it",
    "proveRealName": "answers what the caller has just said and the police confirmed",
    "recoverAccount": "the same",
}
"""Operations that show a kind of data under a rule of their own, and which."""


@pytest.fixture(scope="module")
def of_citizens(app: Litestar) -> list[Endpoint]:
    return [one for one in endpoints(app) if one.actor == "citizen"]


async def below(level: int) -> SignedIn:
    return await signed_in(await a_citizen(level - 1))


class TestOperations:
    @pytest.mark.parametrize("level", [BY_NAME, BY_DEVICE])
    async def test_refuse_a_session_one_level_below(
        self, of_citizens: list[Endpoint], http: httpx.AsyncClient, level: int
    ) -> None:
        caller, calls = await below(level), Calls(http)
        asked = [one for one in of_citizens if one.level == level]

        for endpoint in asked:
            await calls.expect(endpoint, "assurance_too_low", auth=caller)

        assert len(asked) > 5
        assert not calls.flaws, "\n".join(calls.flaws)

    async def test_are_open_to_a_session_at_their_level(
        self, of_citizens: list[Endpoint], http: httpx.AsyncClient
    ) -> None:
        callers = {level: await signed_in(await a_citizen(level)) for level in (BY_PHONE, BY_NAME, BY_DEVICE)}
        reads = [one for one in of_citizens if one.method == "GET" and not one.streams]

        answers = {one.operation: await http.get(one.address, auth=callers[one.level]) for one in reads}

        assert [name for name, answer in answers.items() if answer.status_code == 403] == []

    async def test_are_marked_in_the_contract(self, app: Litestar, of_citizens: list[Endpoint]) -> None:
        paths = contract.completed(app)["paths"]

        for one in of_citizens:
            told = paths[one.path][one.method.lower()]
            assert (told["x-required-level"], told["x-data-classes"]) == (one.level, sorted(one.data))
            assert one.level == BY_PHONE or "assurance_too_low" in json.dumps(told["responses"])
        assert "assurance_too_low" not in json.dumps(paths["/v1/me"]["get"]["responses"])


class TestWayUp:
    async def test_begins_with_the_name(self, http: httpx.AsyncClient) -> None:
        refused = (await http.get("/v1/me/approvals", auth=await signed_in(await a_citizen(1)))).json()

        assert (refused["level"], refused["required_level"]) == (1, 3)
        assert [(way["operation"], way["to_level"]) for way in refused["ways"]] == [
            ("proveRealName", 2),
            ("enrolDevice", 3),
        ]
        assert refused["ways"][0]["title"] == {"zh": "完成实名认证。", "en": "Prove your real name."}

    async def test_to_level_3_is_a_device(self, http: httpx.AsyncClient) -> None:
        without, owner = await a_citizen(2), await a_citizen(2)
        await a_device(owner.id, "of-the-owner")

        ways = [
            [way["action"] for way in (await http.get("/v1/me/approvals", auth=await signed_in(one))).json()["ways"]]
            for one in (without, owner)
        ]

        assert ways == [["enrol_device"], ["sign_in_by_device", "enrol_device"]]

    async def test_of_a_named_account_is_its_name_or_its_device(self, http: httpx.AsyncClient) -> None:
        owner = await a_citizen(2)
        await a_device(owner.id, "which-approves")
        unproved = await signed_in(msgspec.structs.replace(owner, level=1))

        refused = (await http.get("/v1/inbox", auth=unproved)).json()

        assert (refused["code"], refused["level"], refused["required_level"]) == ("assurance_too_low", 1, 2)
        assert [way["action"] for way in refused["ways"]] == ["say_real_name", "ask_device"]

    async def test_names_operations_that_exist(self, app: Litestar, http: httpx.AsyncClient) -> None:
        known = {handler.operation_id for _, handler in product.handlers(app)}
        refused = (await http.get("/v1/me/approvals", auth=await signed_in(await a_citizen(1)))).json()

        assert {"signInByDevice", "askSignInApproval", *(way["operation"] for way in refused["ways"])} <= known


class TestData:
    def test_of_every_kind_names_a_level(self) -> None:
        assert set(LEVEL_TO_READ) == set(DATA_CLASSES)
        assert all(LEVEL_TO_READ[kind] >= BY_NAME for kind in ("identity", "family", "health", "money"))

    async def test_is_shown_at_no_lower_level(self, app: Litestar) -> None:
        @get("/leaky", opt={LEVEL: BY_PHONE, DATA: ("health", "gossip")}, sync_to_thread=False)
        def leaky(citizen: FromQuery[str]) -> None: ...

        broken = product.handlers(Litestar([leaky], openapi_config=None))

        assert product.routes_below_their_data(product.handlers(app)) == []
        assert len(product.routes_below_their_data(broken)) == 2

    async def test_that_an_answer_shows_is_named_by_its_operation(
        self, app: Litestar, of_citizens: list[Endpoint]
    ) -> None:
        described = contract.completed(app)
        silent = []
        for one in of_citizens:
            answers = described["paths"][one.path][one.method.lower()]["responses"]
            shown = set(fields_of({code: answer for code, answer in answers.items() if code < "3"}, described))
            kinds = {kind for kind, names in SHOWN_BY.items() if names & shown} - set(one.data)
            if kinds and one.operation not in TELLS_ITS_CALLER:
                silent.append(
                    f"{one.operation} shows {sorted(kinds)}: {sorted(shown & set().union(*SHOWN_BY.values()))}"
                )

        assert not silent, "\n".join(silent)

    async def test_of_a_matter_is_behind_the_matters_own_level(self, app: Litestar) -> None:
        matters = shipped_files().matters
        shown = {code: query.data_classes for code, query in registry._queries.items()}
        shown |= {code: form.data_classes for code, form in forms._forms.items() if code in matters}

        too_low = [
            f"{code} shows {kind}"
            for code, kinds in shown.items()
            for kind in kinds
            if matters[code][1].level < LEVEL_TO_READ[kind]
        ]

        assert too_low == []
        assert "health" in shown["infant_immunization"]

    async def test_of_queries_and_forms_is_named_by_the_operations_that_show_them(
        self, of_citizens: list[Endpoint]
    ) -> None:
        named = {one.operation: set(one.data) for one in of_citizens}
        queried = {kind for query in registry._queries.values() for kind in query.data_classes}
        filled_in = {kind for form in forms._forms.values() for kind in form.data_classes}

        assert queried <= named["queryMatter"]
        assert filled_in <= named["getCase"]


def fields_of(schema: Any, described: dict[str, Any], seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """The names of all fields that a schema can show, through whatever it refers to."""
    if isinstance(schema, list):
        for one in schema:
            yield from fields_of(one, described, seen)
    elif isinstance(schema, dict):
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen:
            yield from fields_of(described["components"]["schemas"][name], described, seen | {name})
        yield from schema.get("properties", ())
        for one in schema.values():
            yield from fields_of(one, described, seen)
