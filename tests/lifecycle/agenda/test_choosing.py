"""What a citizen chooses about their agenda: each choice is theirs alone, is undone, and survives a new look."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from app.kernel import clock
from lifecycle.agenda.bookkeeping import look_at
from tests.makers.callers import headers
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")
REGISTRATION = "birth_household_registration"
AGENDA = "/v1/me/agenda"


async def codes(http: httpx.AsyncClient, sent: dict[str, str], show: str = "open") -> list[str]:
    """The codes of what a list shows."""
    answer = await http.get(AGENDA, params={"show": show}, headers=sent)
    assert answer.status_code == 200, answer.text
    return [item["code"] for item in answer.json()["items"] if item["own"] or item["code"] == REGISTRATION]


class TestItems:
    async def test_are_put_off_until_a_day_and_brought_back(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        sent = await headers(await a_guardian_of(child))
        asked = {"code": REGISTRATION, "person_id": str(child)}
        later = (clock.today() + timedelta(days=5)).isoformat()

        off = await http.post(f"{AGENDA}/put-off", json=asked | {"until": later}, headers=sent)
        hidden = (await codes(http, sent), await codes(http, sent, "put_off"))
        back = await http.post(f"{AGENDA}/put-off", json=asked | {"until": None}, headers=sent)

        assert (off.status_code, off.json()["put_off_until"]) == (200, later)
        assert hidden == ([], [REGISTRATION])
        assert back.json()["put_off_until"] is None
        assert await codes(http, sent) == [REGISTRATION]

    async def test_are_hidden_by_one_guardian_only_and_stay_so_after_a_look(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        asked = {"code": REGISTRATION, "person_id": str(child)}

        await http.post(f"{AGENDA}/hide", json=asked, headers=await headers(mother))
        await look_at(child)

        assert await codes(http, await headers(mother)) == []
        assert await codes(http, await headers(mother), "hidden") == [REGISTRATION]
        assert await codes(http, await headers(father)) == [REGISTRATION]
        shown = await http.post(f"{AGENDA}/show", json=asked, headers=await headers(mother))
        assert shown.json()["hidden"] is False

    async def test_are_said_to_be_done_and_taken_back(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        sent = await headers(await a_guardian_of(child))
        asked = {"code": REGISTRATION, "person_id": str(child)}

        done = await http.post(f"{AGENDA}/done", json=asked, headers=sent)

        assert (done.json()["standing"], done.json()["ended_on"]) == ("done", clock.today().isoformat())
        assert (await codes(http, sent), await codes(http, sent, "ended")) == ([], [REGISTRATION])
        await http.post(f"{AGENDA}/not-done", json=asked, headers=sent)
        assert await codes(http, sent) == [REGISTRATION]

    @pytest.mark.parametrize("verb", ["put-off", "hide", "show", "done", "not-done"])
    async def test_of_nobody_and_of_a_stranger_are_unknown(self, http: httpx.AsyncClient, verb: str) -> None:
        child = await a_newborn()
        sent = await headers(await a_citizen())
        later = {"until": "2099-01-01"} if verb == "put-off" else {}

        nothing = await http.post(f"{AGENDA}/{verb}", json={"code": "nothing"} | later, headers=sent)
        strangers = await http.post(
            f"{AGENDA}/{verb}", json={"code": REGISTRATION, "person_id": str(child)} | later, headers=sent
        )

        assert (nothing.status_code, nothing.json()["code"]) == (404, "agenda_item_unknown")
        assert (strangers.status_code, strangers.json()["code"]) == (404, "person_not_yours")
        assert (await http.post(f"{AGENDA}/{verb}", json={"code": "nothing"} | later)).status_code == 401

    async def test_cannot_be_put_off_to_a_day_that_has_come(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        sent = await headers(await a_guardian_of(child))
        body = {"code": REGISTRATION, "person_id": str(child), "until": clock.today().isoformat()}

        answer = await http.post(f"{AGENDA}/put-off", json=body, headers=sent)

        assert (answer.status_code, answer.json()["code"]) == (422, "day_past")
        assert await codes(http, sent) == [REGISTRATION]


class TestOwnItems:
    async def test_are_added_once_shown_and_removed(self, http: httpx.AsyncClient) -> None:
        sent = await headers(await a_citizen()) | {"idempotency-key": "one-and-the-same"}
        body = {"title": "续签租房合同", "due_on": (clock.today() + timedelta(days=30)).isoformat()}

        first = await http.post(f"{AGENDA}/items", json=body, headers=sent)
        again = await http.post(f"{AGENDA}/items", json=body, headers=sent)

        assert first.status_code == 201
        assert again.json() == first.json()
        assert (first.json()["own"], first.json()["title"]["zh"]) == (True, "续签租房合同")
        assert await codes(http, sent) == [first.json()["code"]]
        assert (await http.delete(f"{AGENDA}/items/{first.json()['code']}", headers=sent)).status_code == 204
        assert (await http.delete(f"{AGENDA}/items/{first.json()['code']}", headers=sent)).status_code == 404
        assert await codes(http, sent) == await codes(http, sent, "ended") == []

    async def test_may_be_about_a_ward_and_nobody_else(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        sent = await headers(await a_guardian_of(child))

        mine = await http.post(f"{AGENDA}/items", json={"title": "拍满月照", "person_id": str(child)}, headers=sent)
        other = await http.post(
            f"{AGENDA}/items", json={"title": "拍满月照", "person_id": str(await a_newborn())}, headers=sent
        )

        assert mine.json()["subject_id"] == str(child)
        assert other.status_code == 404

    @pytest.mark.parametrize("body", [{}, {"title": ""}, {"title": "a\x00b"}, {"title": "x", "due_on": "2026-02-30"}])
    async def test_are_refused_malformed(self, http: httpx.AsyncClient, body: dict[str, str]) -> None:
        answer = await http.post(f"{AGENDA}/items", json=body, headers=await headers(await a_citizen()))

        assert answer.status_code in {400, 422}

    async def test_of_several_at_once_none_is_lost(self, http: httpx.AsyncClient) -> None:
        sent = await headers(await a_citizen())

        answers = await asyncio.gather(
            *(http.post(f"{AGENDA}/items", json={"title": f"第{number}件"}, headers=sent) for number in range(6))
        )

        assert {answer.status_code for answer in answers} == {201}
        assert sorted(await codes(http, sent)) == sorted(answer.json()["code"] for answer in answers)


class TestPages:
    async def test_go_on_where_they_ended(self, http: httpx.AsyncClient) -> None:
        sent = await headers(await a_citizen())
        for number in range(5):
            await http.post(f"{AGENDA}/items", json={"title": f"第{number}件"}, headers=sent)
        whole = [item["code"] for item in (await http.get(AGENDA, headers=sent)).json()["items"]]

        first = (await http.get(AGENDA, params={"limit": 2}, headers=sent)).json()
        rest = (await http.get(AGENDA, params={"limit": 100, "cursor": first["next"]}, headers=sent)).json()

        assert [item["code"] for item in (*first["items"], *rest["items"])] == whole
        assert rest["next"] is None
        wrong = await http.get(AGENDA, params={"cursor": "!!"}, headers=sent)
        assert wrong.json()["code"] == "cursor_wrong"

    async def test_are_of_one_person_and_matter_where_they_are_named(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        sent = await headers(await a_guardian_of(child))

        found = (await http.get(AGENDA, params={"matter": REGISTRATION, "person_id": str(child)}, headers=sent)).json()
        other = await http.get(AGENDA, params={"person_id": str(await a_newborn())}, headers=sent)
        none = await http.get(AGENDA, params={"matter": "no_such_matter"}, headers=sent)

        assert [item["code"] for item in found["items"]] == [REGISTRATION]
        assert other.json()["code"] == "person_not_yours"
        assert none.json()["items"] == []
