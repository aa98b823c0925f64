"""Requests that a machine makes up from the contract (schemathesis): whatever it thinks of, we answer as the contract says."""

from typing import Any, Final

import httpx
import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from litestar import Litestar
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app import contract
from tests.architecture.calls import Callers
from tests.architecture.requests import Endpoint, endpoints
from tests.makers.callers import a_terminal, an_enrolled_officer, headers, signed_in
from tests.makers.people import a_citizen

CHECKS: Final = (status_code_conformance, content_type_conformance, response_schema_conformance)
"""The contract promises no 500, and 502 and 503 only where an outside party is asked."""
PROOFS: Final = frozenset({"authorization", "signature", "dpop"})
LEFT_OUT: Final = {
    "streamNotices": "its answer never ends",
    "askStatus": "it can't make up requests in DER",
    "stampTime": "the same",
    "signOut": "after it, everything would be refused",
    "sendSignInCode": "it would send text messages",
}


@pytest_asyncio.fixture
async def callers(app: Litestar) -> Callers:
    on_device = await signed_in(await a_citizen(3))
    return Callers(await headers(await a_citizen()), on_device, await an_enrolled_officer(), await a_terminal())


def made_up(described: dict[str, Any], examples: int) -> list[schemathesis.Case[Any]]:
    """So many requests for each operation, always the same ones."""
    cases: list[schemathesis.Case[Any]] = []
    for found in schemathesis.openapi.from_dict(described).get_all_operations():
        assert isinstance(found, Ok)
        if found.ok().definition.raw["operationId"] in LEFT_OUT:
            continue

        @seed(20261122)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(found.ok().as_strategy())
        def collect(case: schemathesis.Case[Any]) -> None:
            cases.append(case)

        collect()
    return cases


async def send(
    http: httpx.AsyncClient, case: schemathesis.Case[Any], endpoint: Endpoint, callers: Callers
) -> httpx.Response:
    """Send a made-up request as somebody who may make it."""
    told = case.as_transport_kwargs(base_url="http://127.0.0.1:8000")
    request = callers.of(endpoint)
    made = {name: one for name, one in (told.get("headers") or {}).items() if name.lower() not in PROOFS}
    request["headers"] = made | request.get("headers", {})
    content = {name: told[name] for name in ("json", "data", "params") if told.get(name) is not None}
    return await http.request(told["method"], told["url"], **content, **request)


async def flaws_in(
    described: dict[str, Any], examples: int, app: Litestar, http: httpx.AsyncClient, callers: Callers
) -> list[str]:
    """Answers that aren't as described."""
    known = {endpoint.operation: endpoint for endpoint in endpoints(app)}
    flaws = []
    for case in made_up(described, examples):
        operation = case.operation.definition.raw["operationId"]
        answer = await send(http, case, known[operation], callers)
        try:
            case.validate_response(answer, checks=list(CHECKS))
        except (FailureGroup, Failure) as flaw:
            flaws.append(f"{operation}: {flaw} {getattr(flaw, 'exceptions', '')}")
    return flaws


@pytest.mark.parametrize("examples", [2, pytest.param(60, marks=pytest.mark.long)])
async def test_every_made_up_request_is_answered_by_the_contract(
    app: Litestar, http: httpx.AsyncClient, callers: Callers, examples: int
) -> None:
    flaws = await flaws_in(contract.completed(app), examples, app, http, callers)

    assert not flaws, "\n\n".join(flaws)


async def test_an_answer_that_isnt_in_the_contract_is_found(
    app: Litestar, http: httpx.AsyncClient, callers: Callers
) -> None:
    described = contract.completed(app)
    card = described["paths"]["/v1/card"]["get"]
    card["responses"] = {"200": card["responses"]["200"]}
    described["paths"] = {"/v1/card": {"get": card}}

    (flaw,) = await flaws_in(described, 1, app, http, callers)

    assert "Undocumented status code" in flaw
