"""Rights over HTTP: granted, shown, withdrawn; and each that doesn't fit is refused by name."""

from datetime import timedelta
from typing import Final

import httpx
import msgspec
import pytest

from app.kernel import clock
from app.kernel.ids import new_plain_id
from tests.makers.callers import an_enrolled_officer
from tests.makers.officers import a_powerless_officer, a_right, a_security_administrator, as_json
from tests.makers.people import a_grant

pytestmark = pytest.mark.usefixtures("app")


class TestOverHttp:
    async def test_grants_shows_and_withdraws(self, http: httpx.AsyncClient) -> None:
        administrator, officer = await a_security_administrator(), await a_powerless_officer()
        path = f"/v1/officer/officers/{officer.officer.id}/grants"
        key = {**administrator.headers, "Idempotency-Key": "grant-it-once"}

        made = await http.post(path, json=as_json(a_right()), headers=key)
        again = await http.post(path, json=as_json(a_right()), headers=key)
        held = await http.get("/v1/officer/me", headers=officer.headers)
        ended = await http.post(f"{path}/{made.json()['id']}/withdraw", json={"reason": "期满"}, headers=key | {})

        assert (made.status_code, again.json()) == (201, made.json())
        assert [right["action"] for right in held.json()["rights"]] == ["idle", "handle"]
        assert (ended.status_code, ended.json()["state"]) == (200, "withdrawn")
        listed = await http.get(f"{path}?limit=1", headers=administrator.headers)
        assert listed.json()["next"]
        assert (await http.get(path, headers=officer.headers)).json()["code"] == "no_right"

    @pytest.mark.parametrize(
        "changed",
        [
            {"action": "*"},
            {"action": "a\x00b"},
            {"matters": []},
            {"divisions": ["烟台"]},
            {"divisions": ["370602; DROP"]},
            {"data_classes": ["everything"]},
            {"valid_to": "2026-02-30"},
            {"valid_from": None},
            {"granted_by": "me"},
        ],
    )
    async def test_refuses_a_bad_body(self, http: httpx.AsyncClient, changed: dict[str, object]) -> None:
        administrator, officer = await a_security_administrator(), await a_powerless_officer()
        path = f"/v1/officer/officers/{officer.officer.id}/grants"

        answer = await http.post(path, json=as_json(a_right()) | changed, headers=administrator.headers)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    async def test_is_closed_to_whoever_isnt_signed_in(self, http: httpx.AsyncClient) -> None:
        path = f"/v1/officer/officers/{new_plain_id()}/grants"

        for answer in (await http.get(path), await http.post(path, json=as_json(a_right()))):
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


class TestARightThatDoesntFit:
    AUDIENCE: Final = {"audience": {"is": "living_in", "divisions": ["370602"]}}

    async def test_of_today_and_here_is_let_through(self, http: httpx.AsyncClient) -> None:
        officer = await an_enrolled_officer(a_grant("campaign.prepare", "*", "370602"))

        answer = await http.post("/v1/officer/audiences/preview", json=self.AUDIENCE, headers=officer.headers)

        assert answer.status_code == 200

    @pytest.mark.parametrize("flaw", ["expired", "future", "other district", "other matter", "other action"])
    async def test_is_refused_by_name(self, http: httpx.AsyncClient, flaw: str) -> None:
        today, day = clock.today(), timedelta(days=1)
        good = a_grant("campaign.prepare", "*", "370602")
        changes: dict[str, dict[str, object]] = {
            "expired": {"valid_to": today - day},
            "future": {"valid_from": today + day},
            "other district": {"divisions": ("370611",)},
            "other matter": {"matters": ("infant_immunization",)},
            "other action": {"action": "campaign.approve"},
        }
        officer = await an_enrolled_officer(msgspec.structs.replace(good, **changes[flaw]))

        answer = await http.post("/v1/officer/audiences/preview", json=self.AUDIENCE, headers=officer.headers)

        assert (answer.status_code, answer.json()["code"]) == (403, "no_right")
