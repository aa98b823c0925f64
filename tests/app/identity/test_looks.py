"""Looking at a person: on a basis, within the right, so many a day, sealed once, and seen by the person."""

import asyncio
import secrets
from datetime import timedelta

import httpx
import msgspec
import pytest

from app.audit import queries
from app.audit.basis import NoBasis
from app.audit.findings import AUDITOR
from app.identity import looks
from app.identity.look_structs import PersonLook, PersonProfile
from app.identity.officer_actions import LOOK
from app.identity.officer_errors import DailyCapReached
from app.kernel import clock
from app.kernel.actors import NoRight
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import new_person_id, shard_of
from app.kernel.problems import BodyWrong
from app.privacy import rights
from app.residents.people import RESIDENTS
from tests.makers.callers import EnrolledOfficer, an_enrolled_officer, headers
from tests.makers.officers import a_break_glass, a_looking_officer, a_powerless_officer
from tests.makers.people import a_citizen, a_grant, a_guardian_of, a_newborn, an_id_number

pytestmark = pytest.mark.usefixtures("app")
PATH = "/v1/officer/people/look"
ALL = ("identity", "contact", "family")


async def looks_at(officer: EnrolledOfficer, **asked: object) -> PersonProfile:
    known: dict[str, object] = {"purpose": "核实走失老人身份", "data_classes": ALL}
    return await looks.look(officer.officer, PersonLook(**(known | asked)))  # type: ignore[arg-type]


class TestLook:
    async def test_shows_the_person_on_a_basis(self) -> None:
        number, officer = an_id_number(), await a_looking_officer()
        person = await a_citizen(id_number=number, name="欧阳修远")
        request = await a_break_glass(officer, number)

        shown = await looks_at(officer, id_number=number.lower())

        assert (shown.person_id, shown.basis_kind, shown.basis_id) == (person.id, "break_glass", str(request.id))
        assert shown.identity is not None
        assert (shown.identity.name, shown.identity.id_number) == ("欧阳修远", number)
        assert shown.contact is not None
        assert "欧阳修远" not in repr(shown)

    async def test_can_be_named_by_request_or_id(self) -> None:
        number, officer = an_id_number(), await a_looking_officer()
        person = await a_citizen(id_number=number)
        request = await a_break_glass(officer, number)

        by_request = await looks_at(officer, break_glass_id=request.id)
        by_id = await looks_at(officer, person_id=person.id)

        assert by_request.person_id == by_id.person_id == person.id

    async def test_shows_the_family_by_name_and_relation_only(self) -> None:
        number, officer, child = an_id_number(), await a_looking_officer(), await a_newborn(name="王安然")
        await a_guardian_of(child, id_number=number)
        await a_break_glass(officer, number)

        shown = await looks_at(officer, id_number=number, data_classes=("family",))

        assert shown.family is not None
        assert {(one.name, one.relation) for one in shown.family} == {
            ("王安然", "parent_of"),
            ("王安然", "guardian_of"),
        }
        assert (shown.identity, shown.contact) == (None, None)

    async def test_is_narrowed_by_what_the_right_shows(self) -> None:
        number, officer = an_id_number(), await a_looking_officer("identity")
        await a_citizen(id_number=number)
        await a_break_glass(officer, number)

        shown = await looks_at(officer, id_number=number)

        assert (shown.data_classes, shown.contact, shown.family) == (["identity"], None, None)
        with pytest.raises(NoRight):
            await looks_at(officer, id_number=number, data_classes=("contact",))

    async def test_is_narrowed_by_what_the_basis_opens(self) -> None:
        number, officer = an_id_number(), await a_looking_officer()
        await a_citizen(id_number=number)
        await a_break_glass(officer, number, data_classes=("contact",))

        shown = await looks_at(officer, id_number=number)

        assert shown.data_classes == ["contact"]
        with pytest.raises(NoBasis):
            await looks_at(officer, id_number=number, data_classes=("identity",))

    async def test_is_at_whom_somebody_turned_out_to_be(self) -> None:
        number, officer = an_id_number(), await a_looking_officer()
        person, alias = await a_citizen(id_number=number), await a_citizen()
        async with transaction(RESIDENTS):
            await execute(
                "UPDATE resident SET merged_into = $3 WHERE shard = $1 AND id = $2",
                *(shard_of(alias.id), alias.id, person.id),
            )
        await a_break_glass(officer, number)

        assert (await looks_at(officer, person_id=alias.id)).person_id == person.id

    async def test_is_sealed_exactly_once_and_the_person_sees_it(self) -> None:
        number, officer = an_id_number(), await a_looking_officer()
        person = await a_citizen(id_number=number)
        request = await a_break_glass(officer, number)

        shown = await looks_at(officer, id_number=number)

        entries = (await queries.access_log(person, None, 20)).items
        (look,) = [one for one in entries if one.act == "person_looked_at"]
        assert (look.basis_kind, look.basis_id) == ("break_glass", str(request.id))
        async with transaction(AUDITOR):
            rows = await fetch_all(
                "SELECT subject_id, actor FROM act WHERE citizen_id = $1 AND act = 'person_looked_at'", person.id
            )
        assert [(row["subject_id"], row["actor"]) for row in rows] == [(shown.look_id, officer.officer.principal)]

    async def test_keeps_what_it_was_for_where_the_person_can_export_it(self) -> None:
        number, officer = an_id_number(), await a_looking_officer()
        person = await a_citizen(id_number=number)
        await a_break_glass(officer, number)
        await looks_at(officer, id_number=number, purpose="核对住址")

        (exporter,) = [one for one in rights.exporters() if "person_look" in one.tables]
        (row,) = (await exporter.export(person.id))["person_look"]

        assert (row["purpose"], row["data_classes"]) == ("核对住址", sorted(ALL))

    @pytest.mark.parametrize("named", [{}, {"id_number": an_id_number(), "person_id": new_person_id()}])
    async def test_is_of_exactly_one_person(self, named: dict[str, object]) -> None:
        officer = await a_looking_officer()

        with pytest.raises(BodyWrong):
            await looks_at(officer, **named)


class TestNoBasis:
    async def test_says_the_same_of_a_stranger_and_of_nobody(self, http: httpx.AsyncClient) -> None:
        officer, number = await a_looking_officer(), an_id_number()
        stranger = await a_citizen(id_number=number)
        named = (
            {"id_number": number},
            {"id_number": an_id_number()},
            {"person_id": str(stranger.id)},
            {"person_id": str(new_person_id())},
            {"case_id": str(new_person_id())},
            {"break_glass_id": str(new_person_id())},
        )

        answers = [
            await http.post(
                PATH, json={"purpose": "看看", "data_classes": ["identity"], **one}, headers=officer.headers
            )
            for one in named
        ]

        assert {answer.status_code for answer in answers} == {403}
        (told,) = {answer.text for answer in answers}
        assert '"code":"no_basis"' in told
        assert '"open_case"' in told
        assert (await queries.access_log(stranger, None, 20)).items == []

    async def test_anothers_request_is_no_basis(self) -> None:
        number, officer, other = an_id_number(), await a_looking_officer(), await a_looking_officer()
        await a_citizen(id_number=number)
        request = await a_break_glass(other, number)

        with pytest.raises(NoBasis):
            await looks_at(officer, break_glass_id=request.id)


class TestRight:
    @pytest.mark.parametrize("days", [(-30, -1), (1, 30)])
    async def test_must_be_of_today(self, days: tuple[int, int]) -> None:
        begins, ends = (clock.today() + timedelta(days=number) for number in days)
        late = await an_enrolled_officer(
            msgspec.structs.replace(a_grant(LOOK), valid_from=begins, valid_to=ends), a_grant("idle")
        )

        with pytest.raises(NoRight):
            await looks_at(late, id_number=an_id_number())

    async def test_to_anything_else_is_none(self) -> None:
        with pytest.raises(NoRight):
            await looks_at(await a_powerless_officer(), id_number=an_id_number())


class TestCap:
    @pytest.fixture(autouse=True)
    def two_a_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(looks, "limit_on", lambda day, key: 2)

    async def told(self, officer: EnrolledOfficer) -> list[str]:
        async with transaction(AUDITOR):
            rows = await fetch_all("SELECT kind FROM access_finding WHERE officer_id = $1", officer.officer.id)
        return [row["kind"] for row in rows]

    async def test_refuses_the_one_beyond_and_tells_who_audits_once(self) -> None:
        number, officer = an_id_number(), await a_looking_officer()
        await a_citizen(id_number=number)
        await a_break_glass(officer, number)
        for _ in range(2):
            await looks_at(officer, id_number=number)
        before = await self.told(officer)

        for _ in range(2):
            with pytest.raises(DailyCapReached) as refused:
                await looks_at(officer, id_number=number)

        assert 0 < refused.value.retry_after_seconds <= 86_400
        assert (before, await self.told(officer)) == ([], ["cap_reached"])

    async def test_counts_tries_that_were_refused(self) -> None:
        officer = await a_looking_officer()
        for _ in range(2):
            with pytest.raises(NoBasis):
                await looks_at(officer, id_number=an_id_number())

        with pytest.raises(DailyCapReached):
            await looks_at(officer, id_number=an_id_number())

    async def test_lets_through_no_more_of_several_at_once(self) -> None:
        number, officer = an_id_number(), await a_looking_officer()
        await a_citizen(id_number=number)
        await a_break_glass(officer, number)

        done = await asyncio.gather(*(looks_at(officer, id_number=number) for _ in range(5)), return_exceptions=True)

        assert sorted(type(one).__name__ for one in done) == [*["DailyCapReached"] * 3, *["PersonProfile"] * 2]

    async def test_begins_anew_the_next_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        officer = await a_looking_officer()
        for _ in range(3):
            with pytest.raises((NoBasis, DailyCapReached)):
                await looks_at(officer, id_number=an_id_number())

        tomorrow = clock.now() + timedelta(days=1)
        monkeypatch.setattr(clock, "now", lambda: tomorrow)
        with pytest.raises(NoBasis):
            await looks_at(officer, id_number=an_id_number())


class TestOverHttp:
    @pytest.mark.parametrize(
        "changed",
        [
            {"data_classes": []},
            {"data_classes": ["health"]},
            {"data_classes": ["identity"] * 4},
            {"purpose": ""},
            {"purpose": "a\x00b"},
            {"id_number": "37060219900101001"},
            {"id_number": None},
            {"case_id": "1"},
            {"name": "王小红"},
        ],
    )
    async def test_refuses_a_bad_body(self, http: httpx.AsyncClient, changed: dict[str, object]) -> None:
        officer = await a_looking_officer()
        asked = {"purpose": "核实", "data_classes": ["identity"], "id_number": an_id_number()}

        answer = await http.post(PATH, json=asked | changed, headers=officer.headers)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    async def test_is_closed_to_everybody_else(self, http: httpx.AsyncClient) -> None:
        asked = {"purpose": "核实", "data_classes": ["identity"], "id_number": an_id_number()}
        citizen = await headers(await a_citizen())

        anonymous = await http.post(PATH, json=asked)
        of_another_kind = await http.post(PATH, json=asked, headers=citizen)

        assert (anonymous.status_code, anonymous.json()["code"]) == (401, "not_signed_in")
        assert (of_another_kind.status_code, of_another_kind.json()["code"]) == (401, "token_wrong")

    async def test_answers_each_repeat_as_another_look(self, http: httpx.AsyncClient) -> None:
        number, officer = an_id_number(), await a_looking_officer()
        await a_citizen(id_number=number)
        await a_break_glass(officer, number)
        asked = {"purpose": "核实", "data_classes": ["identity"], "id_number": number}
        keyed = {**officer.headers, "Idempotency-Key": secrets.token_hex(8)}

        first, again = [await http.post(PATH, json=asked, headers=keyed) for _ in range(2)]

        assert (first.status_code, again.status_code) == (200, 200)
        assert first.json()["look_id"] != again.json()["look_id"]
