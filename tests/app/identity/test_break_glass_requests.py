"""Break-glass requests: asked for, listed, told to the person who asks for their data, and over HTTP."""

import httpx
import msgspec
import pytest

from app.identity import break_glass
from app.identity.break_glass_rights import BreakGlassEraser, BreakGlassExporter
from app.identity.officers import DIRECTORY
from app.kernel.actors import APPROVE_BREAK_GLASS, Citizen, NoRight
from app.kernel.database import transaction
from app.kernel.ids import new_plain_id
from app.privacy import holdings
from tests.makers.officers import a_break_glass, a_looking_officer, a_powerless_officer, an_approver, an_officer_who_is
from tests.makers.people import a_citizen, a_grant, an_id_number

pytestmark = pytest.mark.usefixtures("app")


async def a_known_person() -> tuple[str, Citizen]:
    number = an_id_number()
    return number, await a_citizen(id_number=number)


class TestAsk:
    async def test_says_the_same_of_a_number_that_is_nobodys(self) -> None:
        (number, _), officer = await a_known_person(), await a_looking_officer()

        known = msgspec.to_builtins(await a_break_glass(officer, number))
        unknown = msgspec.to_builtins(await a_break_glass(officer, an_id_number()))

        moving = {"id", "asked_at", "open_until", "see_by"}
        assert {name: one for name, one in known.items() if name not in moving} == {
            name: one for name, one in unknown.items() if name not in moving
        }

    async def test_needs_a_right_to_look(self) -> None:
        with pytest.raises(NoRight):
            await a_break_glass(await a_powerless_officer(), an_id_number())


class TestRequests:
    async def test_are_shown_to_who_asked_and_who_approves(self) -> None:
        number, _ = await a_known_person()
        officer, colleague = await a_looking_officer(department="MSA"), await a_looking_officer(department="MSA")
        approver, elsewhere = await an_approver("MSA"), await an_approver("CUS")
        made = [await a_break_glass(officer, number) for _ in range(3)]

        first = await break_glass.requests(approver.officer, None, 2)
        second = await break_glass.requests(approver.officer, first.next, 2)

        assert [one.id for one in (*first.items, *second.items)] == [one.id for one in reversed(made)]
        assert len((await break_glass.requests(officer.officer, None, 20)).items) == 3
        assert (await break_glass.requests(colleague.officer, None, 20)).items == []
        assert (await break_glass.requests(elsewhere.officer, None, 20)).items == []

    async def test_about_an_approver_dont_exist_for_them(self, http: httpx.AsyncClient) -> None:
        number, subject = await a_known_person()
        approver = await an_officer_who_is(number, a_grant(APPROVE_BREAK_GLASS))
        request = await a_break_glass(await a_looking_officer(), number, "investigation")

        listed = (await http.get("/v1/officer/break-glass", headers=approver.headers)).json()["items"]

        assert (await approver.again()).person_id == subject.id
        assert str(request.id) not in [one["id"] for one in listed]
        for step in ("approve", "refuse"):
            answer = await http.post(f"/v1/officer/break-glass/{request.id}/{step}", headers=approver.headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "break_glass_unknown")

    async def test_say_what_was_written_to_a_second_officer_while_they_wait(self) -> None:
        number, _ = await a_known_person()
        officer, approver = await a_looking_officer(department="SFJ"), await an_approver("SFJ")
        request = await a_break_glass(officer, number, "missing_person")

        (waiting,) = (await break_glass.requests(approver.officer, None, 1)).items
        approved = await break_glass.approve(approver.officer, request.id)
        (decided,) = (await break_glass.requests(approver.officer, None, 1)).items
        (own,) = (await break_glass.requests(officer.officer, None, 1)).items

        assert (waiting.text, own.text) == ("老人走失，家属已报警，需要联系亲属。",) * 2
        assert (approved.text, decided.text) == (None, None)


class TestRights:
    async def test_export_what_the_person_was_told_of_and_erase_the_words(self) -> None:
        (number, person), officer = await a_known_person(), await a_looking_officer()
        await a_break_glass(officer, number)
        await a_break_glass(officer, number, "investigation")

        (row,) = (await BreakGlassExporter().export(person.id))["break_glass"]
        async with transaction(DIRECTORY):
            counted = (await holdings.held([person.id]))["break_glass"]
        erased = [await BreakGlassEraser().erase(person.id) for _ in range(2)]

        assert (row["reason"], row["text"]) == ("danger_to_life", "老人走失，家属已报警，需要联系亲属。")
        assert (counted, erased) == (1, [2, 0])
        assert [one.text for one in (await break_glass.requests(officer.officer, None, 20)).items] == [None, None]


class TestOverHttp:
    ASKED = staticmethod(
        lambda: {
            "id_number": an_id_number(),
            "reason": "danger_to_life",
            "text": "游客落水，需联系其家属。救援队已到场。",
            "data_classes": ["contact"],
        }
    )

    async def test_asks_once_however_often_it_is_sent(self, http: httpx.AsyncClient) -> None:
        officer, asked = await a_looking_officer(), self.ASKED()
        keyed = {**officer.headers, "Idempotency-Key": "break-the-glass"}

        first, again = [await http.post("/v1/officer/break-glass", json=asked, headers=keyed) for _ in range(2)]
        listed = await http.get("/v1/officer/break-glass", headers=officer.headers)

        assert (first.status_code, again.json()) == (201, first.json())
        assert [one["id"] for one in listed.json()["items"]] == [first.json()["id"]]

    @pytest.mark.parametrize(
        "changed",
        [
            {"text": "急"},
            {"text": "x" * 1001},
            {"text": "a\x00" * 9},
            {"reason": "curiosity"},
            {"data_classes": []},
            {"id_number": "x"},
            {"case": 1},
        ],
    )
    async def test_refuses_a_bad_body(self, http: httpx.AsyncClient, changed: dict[str, object]) -> None:
        officer = await a_looking_officer()

        answer = await http.post("/v1/officer/break-glass", json=self.ASKED() | changed, headers=officer.headers)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    async def test_is_closed_to_whoever_isnt_signed_in(self, http: httpx.AsyncClient) -> None:
        paths = [f"/v1/officer/break-glass/{new_plain_id()}/{step}" for step in ("approve", "refuse")]

        for path in ("/v1/officer/break-glass", *paths):
            answer = await http.post(path, json=self.ASKED())
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")

    async def test_finds_no_request_that_isnt_there(self, http: httpx.AsyncClient) -> None:
        approver = await an_approver()

        answer = await http.post(f"/v1/officer/break-glass/{new_plain_id()}/approve", headers=approver.headers)

        assert (answer.status_code, answer.json()["code"]) == (404, "break_glass_unknown")
