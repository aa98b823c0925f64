"""The calculators of marriage and divorce: the worked examples, each bar, the periods, and what they refuse."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock
from lifecycle.catalogue.errors import BirthDateImpossible, DaysOutOfOrder, DayTooFar
from lifecycle.marriage.divorce_calculator import DivorceQuestion, DivorceView, of_a_divorce
from lifecycle.marriage.marriage_calculator import Kin, MarriageQuestion, MarriageView, PartyAsked, of_a_couple
from lifecycle.rules.parameters import ParameterUnknown

TODAY = date(2026, 11, 22)
MAN = PartyAsked(sex="male", birth_date=date(2004, 11, 22))
WOMAN = PartyAsked(sex="female", birth_date=date(2006, 11, 22))


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def couple(one: PartyAsked = MAN, other: PartyAsked = WOMAN, **asked: Any) -> MarriageView:
    answered = of_a_couple(MarriageQuestion(one=one, other=other, **asked))
    return msgspec.convert(answered.result, MarriageView, from_attributes=True)


def bars(one: PartyAsked = MAN, other: PartyAsked = WOMAN, **asked: Any) -> list[str]:
    return [bar.code for bar in couple(one, other, **asked).bars]


def born(party: PartyAsked, day: date) -> PartyAsked:
    return msgspec.structs.replace(party, birth_date=day)


class TestMarriage:
    def test_is_possible_on_the_birthdays_of_the_example(self) -> None:
        view = couple()

        assert (view.may_register, view.age_of_one, view.age_of_other) == (True, 22, 20)
        assert view.both_old_enough_on == TODAY

    def test_is_barred_a_day_before_either_birthday(self) -> None:
        assert bars(born(MAN, date(2004, 11, 23))) == ["MAN_TOO_YOUNG"]
        assert bars(other=born(WOMAN, date(2006, 11, 23))) == ["WOMAN_TOO_YOUNG"]
        assert couple(other=born(WOMAN, date(2006, 11, 23))).both_old_enough_on == date(2026, 11, 23)

    def test_of_a_leap_day_waits_for_the_first_of_march(self) -> None:
        leap = born(MAN, date(2004, 2, 29))

        assert bars(leap, on=date(2026, 2, 28), other=born(WOMAN, date(2000, 1, 1))) == ["MAN_TOO_YOUNG"]
        assert bars(leap, on=date(2026, 3, 1), other=born(WOMAN, date(2000, 1, 1))) == []

    @pytest.mark.parametrize(
        ("one", "other", "barred"),
        [(2, 2, True), (2, 3, True), (3, 3, True), (3, 4, False), (4, 4, False), (1, 2, True), (5, 1, True)],
    )
    def test_is_barred_between_kin_to_the_third_generation_and_in_the_direct_line(
        self,
        one: int,
        other: int,
        barred: bool,  # noqa: FBT001 - a table
    ) -> None:
        found = bars(kin=Kin(generation_of_one=one, generation_of_other=other))

        assert found == (["KINSHIP"] if barred else [])

    @pytest.mark.parametrize(("status", "barred"), [("married", True), ("divorced", False), ("widowed", False)])
    def test_is_barred_by_a_spouse(self, status: str, barred: bool) -> None:  # noqa: FBT001 - a table
        assert bars(msgspec.structs.replace(MAN, status=status)) == (["HAS_SPOUSE"] if barred else [])

    def test_tells_all_that_bars_it_at_once(self) -> None:
        young = PartyAsked(sex="male", birth_date=date(2010, 1, 1), status="married")

        assert bars(young, young, both_willing=False) == [
            "NOT_MAN_AND_WOMAN",
            "MAN_TOO_YOUNG",
            "MAN_TOO_YOUNG",
            "HAS_SPOUSE",
            "NOT_WILLING",
        ]

    def test_tells_that_illness_is_to_be_disclosed_and_doesnt_bar(self) -> None:
        assert "重大疾病" in of_a_couple(MarriageQuestion(one=MAN, other=WOMAN)).steps[-1].zh

    @pytest.mark.parametrize(
        ("asked", "refusal"),
        [
            ({"one": born(MAN, date(1896, 1, 1))}, BirthDateImpossible),
            ({"one": born(MAN, date(2026, 11, 23))}, BirthDateImpossible),
            ({"on": date(2004, 11, 21)}, BirthDateImpossible),
            ({"on": date(2057, 1, 1)}, DayTooFar),
        ],
    )
    def test_refuses_days_that_cannot_be(self, asked: dict[str, Any], refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            couple(**asked)


def divorce(**asked: Any) -> DivorceView:
    return msgspec.convert(of_a_divorce(DivorceQuestion(**asked)).result, DivorceView, from_attributes=True)


class TestDivorce:
    @pytest.mark.parametrize(
        ("accepted", "withdraw", "claim_from", "claim_until"),
        [
            (date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 2), date(2026, 11, 2)),
            (date(2026, 1, 15), date(2026, 2, 14), date(2026, 2, 15), date(2026, 3, 16)),
        ],
    )
    def test_has_the_periods_of_the_examples(
        self, accepted: date, withdraw: date, claim_from: date, claim_until: date
    ) -> None:
        view = divorce(accepted_on=accepted)

        assert (view.withdraw_until, view.claim_from, view.claim_until) == (withdraw, claim_from, claim_until)
        assert view.standing == "lapsed"

    @pytest.mark.parametrize(
        ("accepted", "standing"),
        [
            (date(2026, 10, 23), "cooling"),
            (date(2026, 10, 22), "claimable"),
            (date(2026, 9, 23), "claimable"),
        ],
    )
    def test_stands_where_today_lies(self, accepted: date, standing: str) -> None:
        assert divorce(accepted_on=accepted).standing == standing

    def test_says_that_its_end_may_move_while_holidays_are_not_announced(self) -> None:
        assert divorce(accepted_on=date(2027, 11, 15)).is_final is False

    @pytest.mark.parametrize(
        ("asked", "day"),
        [
            ({}, TODAY),
            ({"pregnant": True}, None),
            ({"born_on": date(2026, 1, 10)}, date(2027, 1, 11)),
            ({"born_on": date(2025, 11, 21)}, TODAY),
            ({"born_on": date(2025, 11, 22)}, date(2026, 11, 23)),
            ({"pregnancy_ended_on": date(2026, 8, 31)}, date(2027, 3, 1)),
            ({"born_on": date(2024, 2, 29)}, TODAY),
        ],
    )
    def test_may_be_sued_for_by_a_husband_after_the_law_spares_his_wife(
        self, asked: dict[str, Any], day: date | None
    ) -> None:
        assert divorce(**asked).husband_may_sue_from == day

    @pytest.mark.parametrize(
        ("asked", "refusal"),
        [
            ({"accepted_on": date(2029, 1, 1)}, DayTooFar),
            ({"accepted_on": date(2020, 12, 31)}, ParameterUnknown),
            ({"born_on": date(2026, 11, 23)}, DaysOutOfOrder),
        ],
    )
    def test_refuses_days_that_cannot_be(self, asked: dict[str, Any], refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            divorce(**asked)


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        asked = {
            "one": {"sex": "male", "birth_date": "2004-11-22"},
            "other": {"sex": "female", "birth_date": "2006-11-22"},
            "kin": {"generation_of_one": 3, "generation_of_other": 3},
        }

        said = (await http.post("/v1/matters/marriage_registration/calculate", json=asked)).json()
        told = (
            await http.post("/v1/matters/divorce_registration/calculate", json={"accepted_on": "2026-09-01"})
        ).json()

        assert [bar["code"] for bar in said["result"]["bars"]] == ["KINSHIP"]
        assert told["result"]["withdraw_until"] == "2026-10-01"

    @pytest.mark.parametrize(
        "wrong",
        [{"one": {"birth_date": "2004-11-22"}}, {"one": {"sex": None, "birth_date": "2004-11-22"}}, {}],
        ids=str,
    )
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        answer = await http.post("/v1/matters/marriage_registration/calculate", json=wrong)

        assert answer.status_code in {400, 422}, answer.text
