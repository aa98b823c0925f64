"""The detector: each kind of look that stands out is planted, and found once; those that don't, aren't."""

from datetime import date, datetime, timedelta
from typing import get_args
from uuid import UUID

import asyncpg
import httpx
import pytest

from app.audit import findings, review
from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.audit.findings import AUDITOR, Finding, FindingView
from app.kernel import clock
from app.kernel.actors import ADMINISTER_SECURITY, ADMINISTER_SYSTEM, NoRight
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.ids import new_person_id
from app.kernel.settings import Settings
from app.residents.families import relate_child
from tests.architecture.product import one_sided_words
from tests.makers.callers import EnrolledOfficer, an_enrolled_officer, headers, the_authorities_of_the_product
from tests.makers.officers import (
    a_break_glass,
    a_looking_officer,
    a_powerless_officer,
    an_audit_administrator,
    an_officer_who_is,
)
from tests.makers.people import a_citizen, a_grant, a_newborn, an_id_number

pytestmark = pytest.mark.usefixtures("app")
PATH = "/v1/officer/access-review"


def hour(number: int, minute: int = 0, second: int = 0) -> datetime:
    return clock.now().replace(hour=number, minute=minute, second=second, microsecond=0)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Officers work at noon of tomorrow, whenever the tests run; the authorities were made before."""
    the_authorities_of_the_product()
    now = hour(12) + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


async def a_look(
    officer: EnrolledOfficer, person: UUID, basis: Basis | None = None, act: Act = Act.PERSON_LOOKED_AT
) -> None:
    """A look as it stands in the log, however it came there."""
    async with transaction(officer.officer):
        await seal_act(act, officer.officer, about=person, basis=basis)


async def found_of(officer: EnrolledOfficer) -> list[FindingView]:
    """What a review of the whole log finds of an officer's, oldest first."""
    async with transaction(AUDITOR):
        await execute("UPDATE review_mark SET reviewed_until = '2026-01-01 00:00:00+08'")
    await review.review()
    administrator, found, cursor = await an_audit_administrator(), [], None
    while True:
        page = await findings.findings(administrator.officer, None, cursor, 100)
        found += [one for one in page.items if one.officer_id == officer.officer.id]
        if (cursor := page.next) is None:
            return found[::-1]


async def kinds_of(officer: EnrolledOfficer) -> list[str]:
    return [one.kind for one in await found_of(officer)]


async def on_a_basis(officer: EnrolledOfficer, id_number: str) -> Basis:
    return Basis("break_glass", str((await a_break_glass(officer, id_number)).id))


class TestReview:
    async def test_finds_a_look_without_a_basis_once(self) -> None:
        officer, person = await a_powerless_officer(), new_person_id()
        await a_look(officer, person)

        (found,) = await found_of(officer)
        (again,) = await found_of(officer)

        assert (found.kind, found.person_id, found.act) == ("without_basis", person, "person_looked_at")
        assert again == found

    async def test_lets_a_look_on_a_basis_at_noon_pass(self) -> None:
        number, officer = an_id_number(), await a_looking_officer()
        person = await a_citizen(id_number=number)
        await a_look(officer, person.id, await on_a_basis(officer, number))

        assert await kinds_of(officer) == []

    @pytest.mark.parametrize("named", ["of another officer", "of nobody", "about somebody else"])
    async def test_finds_a_basis_that_wasnt_one(self, named: str) -> None:
        number, officer, other = an_id_number(), await a_looking_officer(), await a_looking_officer()
        person = await a_citizen(id_number=number)
        bases = {
            "of another officer": await on_a_basis(other, number),
            "of nobody": Basis("break_glass", "0"),
            "about somebody else": await on_a_basis(officer, an_id_number()),
        }
        await a_look(officer, person.id, bases[named])

        assert await kinds_of(officer) == ["without_basis"]

    async def test_finds_a_look_after_the_break_glass_was_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        number, officer = an_id_number(), await a_looking_officer()
        person, basis = await a_citizen(id_number=number), await on_a_basis(officer, number)
        later = clock.now() + timedelta(minutes=30, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        await a_look(officer, person.id, basis)

        assert await kinds_of(officer) == ["without_basis"]

    @pytest.mark.parametrize(
        ("at", "kinds"),
        [((6, 59, 59), ["unusual_hour"]), ((7, 0, 0), []), ((20, 59, 59), []), ((21, 0, 0), ["unusual_hour"])],
    )
    async def test_finds_looks_at_unusual_hours(
        self, at: tuple[int, int, int], kinds: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number, officer = an_id_number(), await a_looking_officer()
        person = await a_citizen(id_number=number)
        moment = hour(*at)
        monkeypatch.setattr(clock, "now", lambda: moment)
        await a_look(officer, person.id, await on_a_basis(officer, number))

        assert await kinds_of(officer) == kinds

    async def test_finds_looks_beyond_the_days_cap(self, monkeypatch: pytest.MonkeyPatch) -> None:
        limits = {"looks_a_day": 2, "case_looks_a_day": 3, "usual_from_hour": 0, "usual_to_hour": 24}
        monkeypatch.setattr(review, "limit_on", lambda day, key: limits[key])
        number, officer = an_id_number(), await a_looking_officer()
        person, basis = await a_citizen(id_number=number), await on_a_basis(officer, number)
        for act in (Act.PERSON_LOOKED_AT, Act.CASE_LOOKED_AT):
            for _ in range(4):
                await a_look(officer, person.id, basis, act)

        found = await found_of(officer)

        assert [one.kind for one in found] == ["over_cap"] * 3
        assert sorted(str(one.act) for one in found) == ["case_looked_at", "person_looked_at", "person_looked_at"]

    async def test_finds_a_look_at_oneself(self) -> None:
        number = an_id_number()
        person, officer = await a_citizen(id_number=number), await an_officer_who_is(number, a_grant("people.look"))
        await a_look(officer, person.id, await on_a_basis(officer, number))

        assert await kinds_of(officer) == ["oneself"]

    async def test_finds_a_look_at_ones_child(self) -> None:
        number, child = an_id_number(), await a_newborn()
        person, officer = await a_citizen(id_number=number), await an_officer_who_is(number)
        await relate_child(person.id, child, date(2020, 1, 1), source="test:maker")
        await a_look(officer, child, Basis("registry", "1"))

        assert await kinds_of(officer) == ["family"]

    async def test_finds_a_look_at_a_colleague_and_not_at_one_of_another_department(self) -> None:
        numbers = an_id_number(), an_id_number()
        near, far = [(await a_citizen(id_number=number)).id for number in numbers]
        await an_officer_who_is(numbers[0], department="GAJ")
        await an_officer_who_is(numbers[1], department="WJW")
        officer = await an_officer_who_is(an_id_number(), department="GAJ")
        for person in (near, far):
            await a_look(officer, person, Basis("registry", "1"))

        (found,) = await found_of(officer)

        assert (found.kind, found.person_id) == ("colleague", near)

    async def test_passes_over_what_isnt_a_look(self) -> None:
        officer = await a_powerless_officer()
        await a_look(officer, new_person_id(), act=Act.CASE_CLAIMED)

        assert await kinds_of(officer) == []

    async def test_goes_on_where_it_stopped(self, monkeypatch: pytest.MonkeyPatch, noon: datetime) -> None:
        officer = await a_powerless_officer()
        hours = [noon + timedelta(days=2, hours=number) for number in range(3)]
        monkeypatch.setattr(clock, "now", lambda: hours[0])
        await review.review()
        monkeypatch.setattr(review, "_BATCH", 2)
        monkeypatch.setattr(clock, "now", lambda: hours[1])
        for _ in range(5):
            await a_look(officer, new_person_id())

        seen = [await review.review() for _ in range(2)]
        monkeypatch.setattr(clock, "now", lambda: hours[2])
        seen += [await review.review() for _ in range(2)]

        async with transaction(AUDITOR):
            count = await fetch_value("SELECT count(*) FROM access_finding WHERE officer_id = $1", officer.officer.id)
        assert (seen, count) == ([5, 5, 5, 0], 5), "what may have been written late is reviewed again, the rest isn't"

    async def test_reads_the_log_by_index(self) -> None:
        async with transaction(AUDITOR):
            await execute("SET LOCAL enable_seqscan = off")
            next_one = await fetch_all(f"EXPLAIN {review._NEXT}", clock.now(), UUID(int=0), clock.now(), 10)
            beyond = await fetch_all(f"EXPLAIN {review._BEYOND}", "officer:x", "x", clock.now(), clock.now(), 10)

        assert any("act_of_officers" in row[0] and "Index" in row[0] for row in next_one)
        assert any("act_of_officer" in row[0] and "Index" in row[0] for row in beyond)


class TestFindings:
    async def test_come_newest_first_page_by_page_and_by_kind(self) -> None:
        officer, administrator = await a_powerless_officer(), await an_audit_administrator()
        made = [new_person_id() for _ in range(3)]
        for subject in made:
            await findings.report(Finding("break_glass_unseen", clock.now(), officer.officer.id, subject))

        first = await findings.findings(administrator.officer, "break_glass_unseen", None, 2)
        second = await findings.findings(administrator.officer, "break_glass_unseen", first.next, 1)

        assert [one.subject_id for one in (*first.items, *second.items)] == made[::-1]
        assert {one.act for one in first.items} == {None}

    def test_of_every_kind_have_a_title_in_both_languages(self) -> None:
        assert set(findings.TITLES) == set(get_args(findings.FindingKind))
        assert one_sided_words({str(kind): title for kind, title in findings.TITLES.items()}) == []

    @pytest.mark.parametrize("action", [ADMINISTER_SYSTEM, ADMINISTER_SECURITY, "*", "people.look"])
    async def test_are_for_audit_administrators_only(self, action: str) -> None:
        other = await an_enrolled_officer(a_grant(action))

        with pytest.raises(NoRight):
            await findings.findings(other.officer, None, None, 20)

    async def test_are_never_changed(self, settings: Settings) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(AUDITOR):
                await execute("DELETE FROM access_finding")


class TestOverHttp:
    async def test_shows_what_stands_out_and_why(self, http: httpx.AsyncClient) -> None:
        officer, administrator = await a_powerless_officer(), await an_audit_administrator()
        await a_look(officer, new_person_id())
        await found_of(officer)

        answer = await http.get(PATH, params={"kind": "without_basis"}, headers=administrator.headers)

        (item,) = [one for one in answer.json()["items"] if one["officer_id"] == str(officer.officer.id)]
        assert item["title"]["zh"] == "无依据查询"

    async def test_is_closed_to_everybody_else(self, http: httpx.AsyncClient) -> None:
        officer, citizen = await a_powerless_officer(), await headers(await a_citizen())

        answers = [await http.get(PATH, headers=one) for one in ({}, citizen, officer.headers)]

        assert [(one.status_code, one.json()["code"]) for one in answers] == [
            (401, "not_signed_in"),
            (401, "token_wrong"),
            (403, "no_right"),
        ]

    @pytest.mark.parametrize("query", ["kind=rudeness", "limit=0", "limit=101", "cursor=x"])
    async def test_refuses_bad_parameters(self, http: httpx.AsyncClient, query: str) -> None:
        administrator = await an_audit_administrator()

        answer = await http.get(f"{PATH}?{query}", headers=administrator.headers)

        assert answer.status_code == 400
