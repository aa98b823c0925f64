"""Ratings of cases: by whom and when, what the office sees and answers, and what stays of them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.calendar import add_working_days
from app.kernel.database import fetch_value, transaction
from app.kernel.events import deliver_pending
from lifecycle.cases import ratings
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.errors import CaseNotFound, NotTheApplicant, NotToRateYet, RatingAnswered, RatingUnknown
from lifecycle.cases.limits import limit_on
from lifecycle.cases.rating_structs import NewRating, RatingAnswer, RatingItem
from lifecycle.cases.structs import CaseRef
from tests.makers.callers import headers
from tests.makers.cases import Family, a_draft, a_rated_case, a_submitted_case, an_approved_case, an_issued_case
from tests.makers.people import a_citizen, a_grant, a_guardian_of, an_officer

SAID = RatingAnswer("已增开两个窗口，感谢您的意见。")


async def listed(officer: Officer, case: CaseRef, which: Any = "all") -> list[RatingItem]:
    """What stands on an officer's list of a case."""
    await deliver_pending()
    return [one for one in (await ratings.listed(officer, which, None, 100)).items if one.case_id == case.id]


class TestRate:
    async def test_says_what_was_said_until_it_is_answered(self, family: Family) -> None:
        case = await an_issued_case(family)

        first = await ratings.rate(family.mother, case.id, NewRating(2, "等候太久"))
        second = await ratings.rate(family.mother, case.id, NewRating(4))

        assert (first.stars, first.text, first.changeable) == (2, "等候太久", True)
        assert (second.stars, second.text, second.answer) == (4, None, None)
        assert await ratings.own(family.mother, case.id) == second

    @pytest.mark.parametrize("make", [a_draft, a_submitted_case, lambda family: an_approved_case(family, an_officer())])
    async def test_waits_for_the_end(self, family: Family, make: Callable[[Family], Awaitable[CaseRef]]) -> None:
        case = await make(family)

        with pytest.raises(NotToRateYet):
            await ratings.rate(family.mother, case.id, NewRating(1))

    async def test_is_the_applicants(self, family: Family) -> None:
        case, other_guardian = await an_issued_case(family), await a_guardian_of(family.child)

        with pytest.raises(CaseNotFound):
            await ratings.rate(await a_citizen(2), case.id, NewRating(1))
        with pytest.raises(NotTheApplicant):
            await ratings.rate(other_guardian, case.id, NewRating(1))
        with pytest.raises(RatingUnknown):
            await ratings.own(family.mother, case.id)

    async def test_of_many_at_once_one_row_is_left(self, family: Family) -> None:
        case = await an_issued_case(family)

        await asyncio.gather(*(ratings.rate(family.mother, case.id, NewRating(stars)) for stars in (1, 2, 3, 4, 5)))

        async with transaction(OFFICE):
            assert await fetch_value("SELECT count(*) FROM case_rating WHERE case_id = $1", case.id) == 1

    async def test_lies_sealed(self, family: Family) -> None:
        case = await a_rated_case(family)

        async with transaction(OFFICE):
            kept = await fetch_value("SELECT text FROM case_rating WHERE case_id = $1", case.id)

        assert "窗口".encode() not in kept

    @pytest.mark.parametrize(
        "body",
        [{}, {"stars": 0}, {"stars": 6}, {"stars": "5"}, {"stars": 5, "text": ""}, {"stars": 5, "text": "字" * 501}],
    )
    async def test_takes_one_to_five_and_a_few_sentences(
        self, http: httpx.AsyncClient, family: Family, body: dict[str, Any]
    ) -> None:
        case = await an_issued_case(family)

        answer = await http.post(f"/v1/cases/{case.id}/rate", json=body, headers=await headers(family.mother))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")


class TestOffice:
    async def test_lists_it_without_personal_data_and_by_when_a_bad_one_is_to_be_answered(self, family: Family) -> None:
        officer, case = an_officer(), await a_rated_case(family)

        (item,) = await listed(officer, case)

        today = clock.today()
        assert (item.stars, item.answered, item.overdue) == (2, False, False)
        assert item.answer_by == add_working_days(today, limit_on(today, "bad_rating_working_days"))
        assert await listed(officer, case, "bad") == await listed(officer, case, "unanswered") == [item]
        assert "窗口" not in str(item)

    async def test_a_good_one_needs_no_answer(self, family: Family) -> None:
        officer, case = an_officer(), await a_rated_case(family, stars=3)

        (item,) = await listed(officer, case)

        assert item.answer_by is None
        assert await listed(officer, case, "bad") == []

    async def test_is_late_after_its_day(self, family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
        officer, case = an_officer(), await a_rated_case(family)
        (item,) = await listed(officer, case)
        assert item.answer_by is not None
        after = item.answer_by + timedelta(days=1)
        monkeypatch.setattr(clock, "today", lambda: after)

        assert [
            one.overdue for one in (await ratings.listed(officer, "bad", None, 100)).items if one.case_id == case.id
        ] == [True]

    async def test_answers_once_and_the_citizen_is_told(self, http: httpx.AsyncClient, family: Family) -> None:
        officer, case = an_officer(), await a_rated_case(family)

        answered = await ratings.answer(officer, case.id, SAID)
        await deliver_pending()

        assert (answered.answer, answered.changeable) == (SAID.answer, False)
        assert [one.answered for one in await listed(officer, case)] == [True]
        items = (await http.get("/v1/inbox", headers=await headers(family.mother))).json()["items"]
        assert "您的评价已获回复：出生入户登记" in [one["title"]["zh"] for one in items]
        with pytest.raises(RatingAnswered):
            await ratings.answer(officer, case.id, SAID)
        with pytest.raises(RatingAnswered):
            await ratings.rate(family.mother, case.id, NewRating(5))

    async def test_of_two_answers_at_once_one_stands(self, family: Family) -> None:
        case = await a_rated_case(family)

        done = await asyncio.gather(
            *(ratings.answer(an_officer(), case.id, SAID) for _ in range(2)), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in done) == ["RatingAnswered", "RatingView"]

    async def test_whoever_handled_the_case_leaves_it_to_another(self, family: Family) -> None:
        case = await a_rated_case(family)
        async with transaction(OFFICE):
            handler = await fetch_value("SELECT officer_id FROM matter_case WHERE id = $1", case.id)

        with pytest.raises(SameOfficer):
            await ratings.answer(msgspec.structs.replace(an_officer(), id=handler), case.id, SAID)

    async def test_sees_nothing_beyond_its_rights(self, family: Family) -> None:
        case = await a_rated_case(family)
        elsewhere = an_officer(a_grant("handle", division="370681"))
        stranger = msgspec.structs.replace(an_officer(), department="WJW")

        assert await listed(elsewhere, case) == await listed(stranger, case) == []
        with pytest.raises(NoRight):
            await ratings.read(elsewhere, case.id)
        with pytest.raises(CaseNotFound):
            await ratings.read(stranger, case.id)

    async def test_counts_by_matter_and_stars(self, family: Family) -> None:
        officer = an_officer()
        await deliver_pending()
        before = await self.counts(officer)

        await a_rated_case(family, stars=1)
        await deliver_pending()

        after = await self.counts(officer)
        assert [new - old for new, old in zip(after, before, strict=True)] == [1, 0, 0, 0, 0, 1]

    async def counts(self, officer: Officer) -> tuple[int, ...]:
        """Ratings of the matter by stars, and how many bad ones aren't answered."""
        matters = {one.matter_code: one for one in (await ratings.summary(officer)).items}
        one = matters.get("birth_household_registration")
        return (*one.counts, one.bad_unanswered) if one else (0,) * 6

    async def test_pages_show_each_once(self, family: Family) -> None:
        officer, case = an_officer(), await a_rated_case(family)
        await deliver_pending()

        seen, cursor = [], None
        while True:
            page = await ratings.listed(officer, "all", cursor, 1)
            seen += [one.case_id for one in page.items]
            cursor = page.next
            if cursor is None:
                break

        assert case.id in seen
        assert len(seen) == len(set(seen))
