"""Classes of card: each is due by what departments know, with its reason; and it changes as life goes on."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from app.card import cards, class_changes
from app.card.class_changes import class_then
from app.card.class_judge import Judged, use_class_judge
from app.card.classes import CardClass
from app.card.receipts import SYSTEM
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words
from lifecycle.agenda.bookkeeping import outdate
from lifecycle.agenda.known import known_facts
from lifecycle.citizen_card.classes import judge_class, judged_by
from lifecycle.rules.fact_kinds import DISABILITY_GRADE, SCHOOLING, Schooling
from lifecycle.rules.facts import Confidence
from tests.makers.callers import headers
from tests.makers.cards import told_of
from tests.makers.facts import ADULT, AS_OF, BY_DAY, a_person, facts
from tests.makers.people import a_citizen

WHY = Words(zh="原因", en="reason")
DUE, NOT_DUE, UNKNOWN = (
    Judged(entitled=True, because=WHY),
    Judged(entitled=False, because=WHY),
    Judged(False, WHY, known=False),
)
PUPIL = {SCHOOLING: Schooling("junior", date(2025, 9, 1), date(2028, 8, 31))}


def judged(card_class: CardClass, born: date = ADULT, more: dict[Any, Any] | None = None, on: date = AS_OF) -> Judged:
    """Whether a class is due to somebody."""
    return judged_by(a_person(born, more), card_class, on)


def years_ago(years: int, days: int = 0) -> date:
    """The birthday of who is so old on the day of these tests, and some days."""
    return AS_OF.replace(year=AS_OF.year - years) - timedelta(days=days)


class TestDue:
    @pytest.mark.parametrize(
        ("born", "from_60", "from_65"),
        [
            (years_ago(60, -1), False, False),
            (years_ago(60), True, False),
            (years_ago(65, -1), True, False),
            (years_ago(65), False, True),
            (years_ago(99), False, True),
        ],
    )
    def test_to_seniors_by_their_birthday(self, born: date, *, from_60: bool, from_65: bool) -> None:
        assert judged(CardClass.ELDER_60, born).entitled is from_60
        assert judged(CardClass.ELDER_65, born).entitled is from_65

    def test_of_60_ends_the_day_before_65(self) -> None:
        assert judged(CardClass.ELDER_60, years_ago(60)).until == AS_OF.replace(year=AS_OF.year + 5) - BY_DAY

    def test_to_pupils_until_their_stage_ends(self) -> None:
        found = judged(CardClass.STUDENT, more=PUPIL)

        assert (found.entitled, found.until) == (True, date(2028, 8, 30))
        assert not judged(CardClass.STUDENT, more=PUPIL, on=date(2028, 8, 31)).entitled

    def test_to_nobody_of_whom_the_school_roll_is_not_known(self) -> None:
        found = judged(CardClass.STUDENT)

        assert (found.entitled, found.known) == (False, False)
        assert [one.en for one in found.lacks] == ["school attended"]

    @pytest.mark.parametrize(("sure", "due"), [("declared", False), ("told", True), ("registered", True)])
    def test_to_who_has_a_certificate_that_is_confirmed(self, sure: Confidence, *, due: bool) -> None:
        found = judged_by(facts({DISABILITY_GRADE: 2}, sure=sure), CardClass.DISABLED, AS_OF)

        assert (found.entitled, found.known) == (due, True)

    def test_of_a_certificate_that_nobody_knows_says_what_is_lacking(self) -> None:
        assert [one.en for one in judged(CardClass.DISABLED).lacks] == ["grade of disability"]


class TestThen:
    def test_stays_while_due_or_unknown_and_not_over(self) -> None:
        for found in (DUE, UNKNOWN):
            assert class_then(CardClass.STUDENT, AS_OF, {CardClass.STUDENT: found}, AS_OF) is CardClass.STUDENT

    def test_is_ordinary_once_not_due_or_over_unjudged(self) -> None:
        over = AS_OF - BY_DAY
        assert class_then(CardClass.STUDENT, None, {CardClass.STUDENT: NOT_DUE}, AS_OF) is CardClass.ORDINARY
        assert class_then(CardClass.STUDENT, over, {CardClass.STUDENT: UNKNOWN}, AS_OF) is CardClass.ORDINARY
        assert class_then(CardClass.CHILD, over, {}, AS_OF) is CardClass.ORDINARY
        assert class_then(CardClass.CHILD, AS_OF, {}, AS_OF) is CardClass.CHILD

    def test_of_60_is_followed_by_that_of_65(self) -> None:
        now = {CardClass.ELDER_60: NOT_DUE, CardClass.ELDER_65: DUE}
        assert class_then(CardClass.ELDER_60, None, now, AS_OF) is CardClass.ELDER_65


class TestHttp:
    async def test_lists_every_class_with_its_reason(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(birth_date=date(1955, 5, 5))

        answer = await http.get("/v1/card/classes", headers=await headers(citizen))

        found = {one["class"]: one for one in answer.json()}
        assert {name for name, one in found.items() if one["entitled"]} == {"ordinary", "elder_65"}
        assert all(one["because"]["zh"] and one["because"]["en"] for one in found.values())
        assert found["student"]["lacks"]

    async def test_opens_a_seniors_card_and_refuses_a_students(self, http: httpx.AsyncClient) -> None:
        given = await headers(await a_citizen(birth_date=date(1955, 5, 5)))

        refused = await http.post("/v1/card", headers=given, json={"class": "student"})
        opened = await http.post("/v1/card", headers=given, json={"class": "elder_65"})

        assert (refused.status_code, refused.json()["code"]) == (422, "card_class_not_entitled")
        assert refused.json()["because"]
        assert refused.json()["lacks"]
        assert (opened.status_code, opened.json()["class"]) == (201, "elder_65")

    async def test_changes_the_class_by_a_replacement(self, http: httpx.AsyncClient) -> None:
        given = await headers(await a_citizen(birth_date=date(1955, 5, 5)))
        old = (await http.post("/v1/card", headers=given)).json()
        asked = {"card_id": old["id"], "reason": "class_changed"}

        same = await http.post("/v1/card/replace", headers=given, json=asked)
        wrong = await http.post("/v1/card/replace", headers=given, json=asked | {"class": "disabled"})
        done = await http.post("/v1/card/replace", headers=given, json=asked | {"class": "elder_65"})

        assert (same.json()["code"], wrong.json()["code"]) == ("card_class_unchanged", "card_class_not_entitled")
        assert (done.status_code, done.json()["class"], done.json()["replaces"]) == (201, "elder_65", old["id"])

    async def test_serves_nobody_unknown(self, http: httpx.AsyncClient) -> None:
        assert (await http.get("/v1/card/classes")).status_code == 401


@pytest.mark.usefixtures("app")
class TestFollowing:
    async def test_offers_what_came_with_the_years_once(self) -> None:
        citizen = await a_citizen(birth_date=date(1955, 5, 5))
        await cards.open_card(citizen)

        for _ in range(2):
            await _look_again(citizen)

        assert (await told_of(citizen)).count("card.class_due") == 1
        assert (await _card(citizen))["card_class"] == "ordinary"

    async def test_goes_on_from_60_to_65(self) -> None:
        citizen = await a_citizen(birth_date=date(1955, 5, 5))
        await cards.open_card(citizen)
        await _set(citizen, "elder_60", clock.today() - BY_DAY)

        await _look_again(citizen)

        assert (await _card(citizen))["card_class"] == "elder_65"
        assert (await told_of(citizen)).count("card.class_ended") == 1

    async def test_ends_on_its_day_though_nobody_looks(self) -> None:
        citizen = await a_citizen(birth_date=ADULT)
        await cards.open_card(citizen)
        await _set(citizen, "student", clock.today() - BY_DAY)

        for _ in range(2):
            await class_changes.look_through()

        assert (await _card(citizen))["card_class"] == "ordinary"
        assert (await told_of(citizen)).count("card.class_ended") == 1

    async def test_one_that_fails_hides_no_other(self) -> None:
        failing, other = await a_citizen(birth_date=ADULT), await a_citizen(birth_date=ADULT)
        for citizen in (failing, other):
            await cards.open_card(citizen)
            await _set(citizen, "student", clock.today() - BY_DAY)

        async def judge(person_id: object, card_class: CardClass) -> Judged:
            if person_id == failing.id:
                raise LookupError
            return NOT_DUE if card_class else UNKNOWN

        use_class_judge(judge)
        try:
            await class_changes.look_through()
        finally:
            use_class_judge(judge_class)

        assert [(await _card(one))["card_class"] for one in (failing, other)] == ["student", "ordinary"]


async def _look_again(citizen: Citizen) -> None:
    await outdate([citizen.id])
    await known_facts(citizen.id)


async def _card(citizen: Citizen) -> Row:
    async with transaction(SYSTEM):
        row = await fetch_one(
            "SELECT * FROM card WHERE shard = $1 AND citizen_id = $2", shard_of(citizen.id), citizen.id
        )
    assert row is not None
    return row


async def _set(citizen: Citizen, card_class: str, until: date) -> None:
    async with transaction(SYSTEM):
        await execute(
            "UPDATE card SET card_class = $3, class_until = $4 WHERE shard = $1 AND citizen_id = $2",
            *(shard_of(citizen.id), citizen.id, card_class, until),
        )
