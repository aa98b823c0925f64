"""The route that is answered around the framework: nothing that the framework would have done for it is left out."""

import secrets
from inspect import signature
from typing import Any, cast

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from app.card.direct import directly
from app.card.terminal_routes import TerminalController
from app.identity.callers import recognise
from app.kernel.answer_headers import ALWAYS
from tests.app.card.test_routes import PAYMENTS, believed, certificates_of, code_of, paid_by
from tests.makers.callers import a_terminal
from tests.makers.cards import a_card_holder


def the_route(app: Litestar) -> HTTPRouteHandler:
    """Paying at a terminal, as the product has it."""
    found = [handler for route in app.routes for handler in getattr(route, "route_handlers", ())]
    (route,) = [cast("HTTPRouteHandler", one) for one in found if directly in (one.middleware or ())]
    return route


class TestDirectly:
    async def test_leaves_out_nothing_that_the_route_has(self, app: Litestar) -> None:
        route = the_route(app)

        assert route.operation_id == "payAtTerminal"
        assert set(signature(TerminalController.pay.fn).parameters) == {"self", "request", "terminal", "data", "once"}
        assert route.resolve_before_request() is recognise
        assert route.resolve_middleware() == [directly]
        assert not route.resolve_guards()
        assert not route.cache
        assert (app.after_request, route.after_request) == (None, None)
        assert route.resolve_after_response() is None

    async def test_sends_what_every_answer_carries(self, http: httpx.AsyncClient) -> None:
        citizen, till = await a_card_holder(1_000), await a_terminal()

        answer = await paid_by(http, till, amount_fen=300, payer_code=await code_of(http, citizen))

        assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
        assert answer.headers.get_list("content-length") == [str(len(answer.content))]
        assert {name: answer.headers.get_list(name) for name in ALWAYS} == {
            name: [value] for name, value in ALWAYS.items()
        }
        believed(answer, await certificates_of(http, till))

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"content": b"{", "headers": {"content-type": "application/json"}}, "body_unreadable"),
            ({"content": b"{}", "headers": {"content-type": "application/json"}}, "body_wrong"),
            ({"content": b"{}", "headers": {"content-type": "text/plain"}}, "unsupported_media_type"),
        ],
    )
    async def test_refuses_as_any_route_does_and_signs_it(
        self, http: httpx.AsyncClient, given: dict[str, Any], code: str
    ) -> None:
        till = await a_terminal()
        headers = given["headers"] | {"idempotency-key": secrets.token_hex(16)}

        refused = await http.post(PAYMENTS, content=given["content"], headers=headers, auth=till)

        assert refused.json()["code"] == code
        assert refused.headers["content-type"] == "application/problem+json"
        believed(refused, await certificates_of(http, till))

    async def test_looks_at_the_body_only_once_it_knows_who_asks(self, http: httpx.AsyncClient) -> None:
        refused = await http.post(PAYMENTS, content=b"{", headers={"content-type": "application/json"})

        assert (refused.status_code, refused.json()["code"]) == (401, "signature_missing")

    async def test_takes_no_other_method(self, http: httpx.AsyncClient) -> None:
        assert (await http.get(PAYMENTS)).status_code == 405
        assert (await http.options(PAYMENTS)).headers["allow"] == "OPTIONS, POST"
