"""Subscriptions over HTTP, in lists, and in an export."""

from typing import Any

import httpx
import pytest

from app.privacy.rights import exporters
from lifecycle.subscriptions import choosing, pushes, reading
from lifecycle.subscriptions.reading import Wanted
from tests.makers.callers import headers, signed_in
from tests.makers.subscriptions import BOTH, PLAIN, agreement, an_adult, switched_on

pytestmark = pytest.mark.usefixtures("app")
AT = "/v1/me/subscriptions"


def a_body(code: str = PLAIN, **changes: object) -> dict[str, Any]:
    wanted = agreement(pushes.find(code))
    return {
        "version": wanted.version,
        "advertising": wanted.advertising,
        "sensitive_data": wanted.sensitive_data,
    } | changes


class TestList:
    async def test_comes_in_pages_by_stage_and_words(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen)

        first = await reading.subscriptions(citizen, Wanted(), None, 20)
        rest = await reading.subscriptions(citizen, Wanted(), first.next, 20)
        taxes = await reading.subscriptions(citizen, Wanted(stage="tax"), None, 20)
        found = await reading.subscriptions(citizen, Wanted(words="shuishou"), None, 20)
        on = await reading.subscriptions(citizen, Wanted(only_on=True), None, 20)

        assert (len(first.items), len(rest.items), rest.next) == (20, 15, None)
        assert len({one.matter for one in (*first.items, *rest.items)}) == 35
        assert {one.stage for one in taxes.items} == {"tax"}
        assert PLAIN in {one.matter for one in found.items}
        assert [one.matter for one in on.items] == [PLAIN]

    async def test_is_everybodys_own(self) -> None:
        await switched_on(await an_adult())

        assert not (await reading.subscriptions(await an_adult(), Wanted(only_on=True), None, 20)).items


class TestOverHttp:
    async def test_works_from_listing_to_switching_off(self, http: httpx.AsyncClient) -> None:
        auth = await signed_in(await an_adult())

        listed = await http.get(f"{AT}?q=税收知识", auth=auth)
        version = listed.json()["items"][0]["version"]
        on = await http.put(f"{AT}/{PLAIN}", json={"version": version, "topics": ["topic.home"]}, auth=auth)
        shown = await http.get(f"{AT}/{PLAIN}", auth=auth)
        off = await http.delete(f"{AT}/{PLAIN}", auth=auth)
        left = await http.get(f"{AT}?on=true", auth=auth)

        assert listed.json()["items"][0]["standing"] == "off"
        assert (on.status_code, on.json()["standing"]) == (200, "on")
        assert shown.json()["history"][0]["client_id"]
        assert (off.status_code, off.content) == (204, b"")
        assert left.json() == {"items": [], "next": None}

    async def test_nobody_gets_in_without_signing_in(self, http: httpx.AsyncClient) -> None:
        for method, path in (
            ("GET", AT),
            ("GET", f"{AT}/{PLAIN}"),
            ("PUT", f"{AT}/{PLAIN}"),
            ("DELETE", f"{AT}/{PLAIN}"),
        ):
            assert (await http.request(method, path, json={"version": 1})).status_code == 401

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"version": 0},
            {"version": "1"},
            {"version": 1, "topics": ["no dot"]},
            {"version": 1, "topics": ["topic.home"] * 51},
            {"version": 1, "more": True},
            [],
        ],
    )
    async def test_refuses_a_malformed_body(self, http: httpx.AsyncClient, body: object) -> None:
        answer = await http.put(f"{AT}/{PLAIN}", json=body, headers=await headers(await an_adult()))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    @pytest.mark.parametrize(
        "query", ["person_id=x", "limit=0", "cursor=%%%", "stage=afterlife", "q=%00", "on=perhaps"]
    )
    async def test_refuses_a_malformed_question(self, http: httpx.AsyncClient, query: str) -> None:
        answer = await http.get(f"{AT}?{query}", auth=await signed_in(await an_adult()))

        assert answer.status_code in {400, 404, 422}
        assert answer.json()["code"] != "internal"

    async def test_a_code_with_nul_is_unknown(self, http: httpx.AsyncClient) -> None:
        auth = await signed_in(await an_adult())

        for method in ("GET", "DELETE"):
            answer = await http.request(method, f"{AT}/tax%00", auth=auth)
            assert (answer.status_code, answer.json()["code"]) == (404, "matter_unknown")

    async def test_refuses_who_acts_for_another(self, http: httpx.AsyncClient) -> None:
        sent = await headers(await an_adult()) | {"Fuhai-Acting-For": str((await an_adult()).id)}

        answer = await http.put(f"{AT}/{PLAIN}", json=a_body(), headers=sent)

        assert (answer.status_code, answer.json()["code"]) == (403, "not_for_others")


class TestExport:
    async def test_holds_every_choice(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen, PLAIN, "topic.home")
        await switched_on(citizen, BOTH)
        await choosing.switch_off(citizen, BOTH)

        told = [await one.export(citizen.id) for one in exporters() if one.tables == ("subscription",)]

        rows = told[0]["subscription"]
        assert [(row["matter"], row["topics"], row["ended_by"]) for row in rows] == [
            (PLAIN, ["topic.home"], None),
            (BOTH, [], "switched_off"),
        ]
