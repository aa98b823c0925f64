"""Delegations over HTTP, and the code that confirms an offer."""

import uuid
from typing import Any

import httpx
import pytest

from app.identity import delegation_confirmation, delegations
from app.identity.delegation_errors import NoPhoneKnown
from app.identity.errors import CodeSpent, TriedTooOften
from app.identity.powers import Standing
from app.kernel import clock
from app.kernel.actors import Citizen, Scope
from tests.makers.callers import headers, signed_in
from tests.makers.delegations import a_power, an_offer_to, for_, in_days
from tests.makers.outside import Phones
from tests.makers.people import a_citizen, a_phone, a_resident, the_resident

pytestmark = pytest.mark.usefixtures("app")
OFFER = "/v1/me/delegations"


class TestConfirmation:
    async def test_is_a_code_for_exactly_this_offer(self) -> None:
        giver, delegate, phones = await a_citizen(2), await a_citizen(), Phones()
        offer = await an_offer_to(delegate, Scope.CASES)
        await delegation_confirmation.send_code(giver, offer, phones)
        code = phones.messages[-1][2][0]

        longer = await an_offer_to(delegate, Scope.CASES, valid_to=in_days(30), confirmation_code=code)
        with pytest.raises(CodeSpent):
            await delegations.offer(giver, longer)
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        with pytest.raises(CodeSpent):
            await delegations.offer(giver, await an_offer_to(delegate, Scope.CASES, confirmation_code=wrong))
        exact = await an_offer_to(delegate, Scope.CASES, confirmation_code=code)
        assert (await delegations.offer(giver, exact)).state is Standing.OFFERED
        with pytest.raises(CodeSpent):
            await delegations.offer(giver, exact)

    async def test_goes_to_the_givers_own_phone_and_not_too_often(self) -> None:
        giver, delegate, phones = await a_citizen(2), await a_citizen(), Phones()
        offer = await an_offer_to(delegate, Scope.CASES)

        for _ in range(5):
            await delegation_confirmation.send_code(giver, offer, phones)
        with pytest.raises(TriedTooOften):
            await delegation_confirmation.send_code(giver, offer, phones)

        assert {to for to, _, _ in phones.messages} == {(await the_resident(giver.id)).phone}

    async def test_is_refused_without_a_phone(self) -> None:
        delegate = await a_citizen()
        offer = await an_offer_to(delegate, Scope.CASES)
        silent = Citizen(await a_resident(), 2, uuid.uuid4(), "tests")

        with pytest.raises(NoPhoneKnown):
            await delegation_confirmation.send_code(silent, offer, Phones())

    async def test_may_be_tried_five_times(self) -> None:
        giver = await a_citizen(2)

        for _ in range(5):
            await delegation_confirmation.count_try(giver)
        with pytest.raises(TriedTooOften):
            await delegation_confirmation.count_try(giver)


def a_body(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "delegate_name": "李大明",
        "delegate_phone": a_phone(),
        "scopes": ["card.read"],
        "valid_from": clock.today().isoformat(),
        "valid_to": in_days(9).isoformat(),
    }
    return {name: value for name, value in (told | changes).items() if value is not None}


class TestOverHttp:
    async def test_repeats_an_offer_harmlessly(self, http: httpx.AsyncClient) -> None:
        giver = await a_citizen()
        key = {"Idempotency-Key": str(uuid.uuid4())}
        body = a_body()

        answers = [await http.post(OFFER, json=body, headers=await headers(giver) | key) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        listed = (await http.get(OFFER, headers=await headers(giver))).json()
        assert len(listed["given"]) == 1

    async def test_goes_the_whole_way(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(3), await a_citizen(3, name="李大明")
        giving, receiving = await signed_in(giver), await signed_in(delegate)
        phone = (await the_resident(delegate.id)).phone

        offered = (await http.post(OFFER, json=a_body(delegate_phone=phone, scopes=["cases"]), auth=giving)).json()
        accepted = await http.post(f"{OFFER}/{offered['id']}/accept", auth=receiving)
        ended = await http.delete(f"{OFFER}/{offered['id']}", auth=giving)

        assert (accepted.status_code, accepted.json()["state"], ended.status_code) == (200, "accepted", 204)
        late = await http.post(f"{OFFER}/{offered['id']}/decline", auth=receiving)
        assert (late.status_code, late.json()["code"]) == (409, "delegation_over")

    @pytest.mark.parametrize(
        "changes",
        [
            {"scopes": []},
            {"scopes": ["card.pay"]},
            {"scopes": ["devices"]},
            {"scopes": ["consents"]},
            {"scopes": ["delegations"]},
            {"delegate_phone": None},
            {"delegate_id_number": "370602199003070013"},
            {"matters": ["birth_household_registration"]},
            {"matters": []},
            {"valid_to": "2026-13-01"},
            {"note": "a\nb"},
            {"delegate_name": ""},
            {"confirmation_code": "12"},
        ],
    )
    async def test_refuses_what_is_no_offer(self, http: httpx.AsyncClient, changes: dict[str, Any]) -> None:
        answer = await http.post(OFFER, json=a_body(**changes), headers=await headers(await a_citizen()))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    async def test_is_limited_to_ten_offers_a_day(self, http: httpx.AsyncClient) -> None:
        giver = await a_citizen()
        for _ in range(10):
            await delegations.count_offer(giver)

        answer = await http.post(OFFER, json=a_body(), headers=await headers(giver))

        assert (answer.status_code, answer.json()["code"]) == (429, "tried_too_often")

    async def test_is_never_done_for_another(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        power = await a_power(giver, delegate, *Scope)
        acting = await headers(delegate) | for_(giver)

        for method, path in (
            ("GET", OFFER),
            ("POST", OFFER),
            ("POST", f"{OFFER}/confirmation"),
            ("POST", f"{OFFER}/{power.id}/accept"),
            ("POST", f"{OFFER}/{power.id}/decline"),
            ("DELETE", f"{OFFER}/{power.id}"),
        ):
            answer = await http.request(method, path, headers=acting, json=a_body() if method == "POST" else None)
            assert (answer.status_code, answer.json()["code"]) == (403, "power_not_passed_on"), path
