"""What comes next towards a pension."""

from datetime import date

import pytest

from lifecycle.rules.ages import add_months
from lifecycle.rules.fact_kinds import BIRTH_DATE, INSURED, PENSION_SINCE, WORKER_KIND, Insured, Job
from lifecycle.rules.facts import Said
from lifecycle.rules.retirement_age import RetirementKind
from lifecycle.social_security.retirement_agenda import RULES
from tests.makers.agendas import TOLD, known, seen, standings, unseen

CLAIM, EARLY = "retirement.claim", "retirement.early"


class TestRetirement:
    @pytest.mark.parametrize(
        ("born", "sex", "kind", "statutory"),
        [
            (date(1970, 6, 15), "male", None, date(2031, 11, 15)),
            (date(1976, 8, 31), "male", None, date(2039, 7, 31)),
            (date(1976, 9, 1), "male", None, date(2039, 9, 1)),
            (date(1981, 9, 1), "female", "woman_cadre", date(2039, 9, 1)),
            (date(1984, 11, 30), "female", "woman_worker", date(2039, 11, 30)),
        ],
    )
    def test_is_claimed_three_months_before_the_statutory_day(
        self, born: date, sex: str, kind: RetirementKind | None, statutory: date
    ) -> None:
        facts = known(birth_date=born, sex=sex, **({"worker_kind": kind} if kind else {}))

        item = seen(RULES, facts, statutory)[CLAIM]

        assert item.due == statutory
        assert item.opens == add_months(statutory, -3)
        assert str(born) in item.why.zh

    def test_stands_until_the_latest_day_that_may_be_agreed(self) -> None:
        facts = known(birth_date=date(1970, 6, 15), sex="male")
        days = [
            date(2031, 8, 14),
            date(2031, 8, 15),
            date(2031, 11, 15),
            date(2031, 11, 16),
            date(2034, 11, 15),
            date(2034, 11, 16),
        ]

        found = standings(RULES, facts, CLAIM, *days)

        assert found == ["upcoming", "due", "due", "overdue", "overdue", "lapsed"]

    def test_is_not_late_while_one_works_on_by_agreement(self) -> None:
        facts = known(birth_date=date(1970, 6, 15), sex="male", job=Job(date(2000, 1, 1)))
        days = [date(2031, 11, 15), date(2031, 11, 16), date(2034, 11, 15), date(2034, 11, 16)]

        assert standings(RULES, facts, CLAIM, *days) == ["due", "due", "due", "lapsed"]

    def test_may_come_earlier_by_choice_never_before_the_age_of_before(self) -> None:
        facts = known(birth_date=date(1970, 6, 15), sex="male")
        days = [date(2030, 3, 14), date(2030, 3, 15), date(2031, 8, 14), date(2031, 8, 15)]

        assert standings(RULES, facts, EARLY, *days) == ["upcoming", "due", "due", "lapsed"]

    def test_is_done_once_a_pension_is_drawn(self) -> None:
        facts = known(birth_date=date(1966, 6, 15), sex="male", pension_since=date(2026, 11, 1))

        items = seen(RULES, facts)

        assert items[CLAIM].done_on == date(2026, 11, 1)
        assert EARLY not in items

    def test_of_a_woman_lacks_the_kind_of_worker_once_it_is_near(self) -> None:
        woman = known(birth_date=date(1980, 1, 1), sex="female")
        missing = [one.lacks for one in unseen(RULES, woman, date(2029, 1, 1))]

        assert missing == [WORKER_KIND.name]
        assert unseen(RULES, woman, date(2026, 1, 1)) == ()
        assert unseen(RULES, woman, date(2050, 1, 1)) == ()

    def test_of_a_woman_goes_by_the_day_that_the_bureau_says(self) -> None:
        woman = known(birth_date=date(1981, 9, 1), sex="female", retires_on=date(2039, 9, 1))

        assert seen(RULES, woman, date(2039, 1, 1))[CLAIM].due == date(2039, 9, 1)

    def test_is_not_for_who_is_insured_as_a_resident(self) -> None:
        facts = known(birth_date=date(1966, 6, 15), sex="male", pension_scheme="resident")

        assert CLAIM not in seen(RULES, facts)
        assert CLAIM in seen(RULES, known(birth_date=date(1966, 6, 15), sex="male"))


class TestShortfall:
    def test_is_told_years_ahead(self) -> None:
        man = known(birth_date=date(1970, 6, 15), sex="male", insured=Insured(100, date(2026, 10, 1)))

        item = seen(RULES, man)["pension_shortfall"]

        assert item.due == date(2031, 11, 15)
        assert "192" in item.why.zh
        assert item.title.zh == "养老保险年限预计少31个月"

    def test_is_nothing_where_the_months_will_do(self) -> None:
        for months, found in ((130, True), (131, False)):
            man = known(birth_date=date(1970, 6, 15), sex="male", insured=Insured(months, date(2026, 10, 1)))
            assert ("pension_shortfall" in seen(RULES, man)) is found

    def test_is_nothing_for_who_draws_a_pension(self) -> None:
        man = known(birth_date=date(1960, 6, 15), sex="male", insured=Insured(1, date(2026, 10, 1)))

        assert "pension_shortfall" not in seen(RULES, man.also(Said(PENSION_SINCE.name, TOLD, "tests", TOLD)))


class TestResidents:
    def test_claim_their_pension_at_sixty(self) -> None:
        facts = known(birth_date=date(1968, 2, 29), sex="male", pension_scheme="resident")
        days = [date(2028, 1, 28), date(2028, 1, 29), date(2029, 2, 27), date(2029, 2, 28)]

        assert standings(RULES, facts, "residents_pension", *days) == ["upcoming", "due", "due", "lapsed"]

    def test_are_not_employees(self) -> None:
        born = date(1967, 1, 1)
        for fact in (
            {"job": Job(born)},
            {"insured": Insured(1, born)},
            {"pension_scheme": "employee"},
            {"insurances": ("110",)},
        ):
            assert "residents_pension" not in seen(RULES, known(birth_date=born, sex="male", **fact))
        assert seen(RULES, known(birth_date=born, sex="male"))["residents_pension"].quiet


class TestBenefits:
    @pytest.mark.parametrize(
        ("born", "code", "day"),
        [
            (date(1966, 12, 31), "elderly_benefits.60", date(2026, 12, 31)),
            (date(1961, 12, 31), "elderly_benefits.65", date(2026, 12, 31)),
            (date(1964, 2, 29), "elderly_benefits.65", date(2029, 3, 1)),
        ],
    )
    def test_come_on_the_birthday_and_stand_for_a_year(self, born: date, code: str, day: date) -> None:
        facts = known(birth_date=born, sex="female", pension_since=date(2016, 1, 1), worker_kind="woman_worker")
        days = [date.fromordinal(day.toordinal() - 1), day, day.replace(year=day.year + 1)]

        assert standings(RULES, facts, code, *days) == ["upcoming", "due", "lapsed"]


class TestWhatIsKnown:
    def test_lacks_or_is_disputed(self) -> None:
        man = known(birth_date=date(1970, 6, 15), sex="male", insured=Insured(1, TOLD))

        assert {one.lacks for one in unseen(RULES, known())} == {"birth_date"}
        for kind, value in ((BIRTH_DATE.name, date(1970, 6, 16)), (INSURED.name, Insured(2, TOLD))):
            found = {one.disputed for one in unseen(RULES, man.also(Said(kind, value, "another", TOLD)))}
            assert found == {kind}
