"""What comes next for a young child: insurance, subsidy, certificate."""

from datetime import date

import pytest

from app.kernel.ids import new_person_id
from integrations.departments.childcare import ChildcareSubsidy, SubsidyPaid
from lifecycle.birth.child_agenda import RULES
from lifecycle.birth.meanings import childcare_subsidy
from lifecycle.rules.fact_kinds import BIRTH_DATE, CHILDCARE_PAID_YEARS, CaseStanding
from lifecycle.rules.facts import Said
from lifecycle.rules.told_kinds import CHILDCARE_GRANTED_ON
from tests.makers.agendas import known, seen, standings, unseen

BORN = date(2026, 11, 1)
CHILD = known(birth_date=BORN)


class TestInsurance:
    def test_is_due_within_half_a_year_and_possible_for_a_year(self) -> None:
        days = [BORN, date(2027, 5, 1), date(2027, 5, 2), date(2027, 10, 31), date(2027, 11, 1)]

        found = standings(RULES, CHILD, "newborn_medical_insurance", *days)

        assert found == ["due", "due", "overdue", "overdue", "lapsed"]

    def test_is_closed_once_the_child_is_insured(self) -> None:
        assert "newborn_medical_insurance" not in seen(RULES, known(birth_date=BORN, medical_insured=True))

    def test_of_a_child_of_29_february_ends_on_a_day_that_exists(self) -> None:
        item = seen(RULES, known(birth_date=date(2028, 2, 29)), date(2028, 3, 1))["newborn_medical_insurance"]

        assert (item.due, item.lapses) == (date(2028, 8, 29), date(2029, 2, 28))


class TestSubsidy:
    def test_comes_each_year_until_the_third_birthday(self) -> None:
        items = [seen(RULES, CHILD, day) for day in (BORN, date(2028, 1, 1))]

        found = {code: item.opens for one in items for code, item in one.items() if code.startswith("childcare")}
        assert found == {
            "childcare_subsidy.1": date(2026, 11, 1),
            "childcare_subsidy.2": date(2027, 11, 1),
            "childcare_subsidy.3": date(2028, 11, 1),
        }
        assert "3600.00" in items[0]["childcare_subsidy.1"].title.zh

    @pytest.mark.parametrize(
        ("born", "due"), [(date(2024, 12, 31), None), (date(2025, 1, 1), date(2026, 12, 31)), (BORN, None)]
    )
    def test_has_its_last_day_of_claiming_where_one_was_set(self, born: date, due: date | None) -> None:
        items = seen(RULES, known(birth_date=born), date(2026, 11, 29))

        firsts = [item for code, item in items.items() if code == "childcare_subsidy.2"]
        assert [item.due for item in firsts] == [due]

    def test_is_done_for_the_years_that_were_paid(self) -> None:
        facts = known(birth_date=date(2025, 6, 1), childcare_paid_years=(2025,))

        items = seen(RULES, facts, date(2026, 11, 29))

        assert items["childcare_subsidy.1"].done_on == date(2025, 6, 1)
        assert items["childcare_subsidy.2"].done_on is None

    def test_is_claimed_once_so_that_later_years_ask_for_nothing(self) -> None:
        granted = known(birth_date=BORN, childcare_granted_on=date(2026, 11, 20))
        case = CaseStanding(new_person_id(), "childcare_subsidy", False, date(2026, 11, 20), True)

        for facts in (granted, known(birth_date=BORN, cases=(case,))):
            items = seen(RULES, facts)
            assert items["childcare_subsidy.1"].done_on == date(2026, 11, 20)
            assert "childcare_subsidy.2" not in items

    def test_is_not_under_way_for_years_to_come_while_a_case_is_open(self) -> None:
        case = CaseStanding(new_person_id(), "childcare_subsidy", True, date(2026, 11, 20), False)

        items = seen(RULES, known(birth_date=BORN, cases=(case,)))

        assert [items[f"childcare_subsidy.{number}"].under_way for number in (1, 2)] == [True, False]

    @pytest.mark.parametrize("born", [date(2021, 12, 31), date(1990, 1, 1)])
    def test_is_nothing_for_who_was_three_before_it_began(self, born: date) -> None:
        assert not [code for code in seen(RULES, known(birth_date=born)) if code.startswith("childcare")]


class TestCertificate:
    @pytest.mark.parametrize(("born", "year"), [(date(2023, 8, 31), 2026), (date(2023, 9, 1), 2027)])
    def test_is_looked_at_on_entry_to_kindergarten(self, born: date, year: int) -> None:
        items = seen(RULES, known(birth_date=born), date(year, 3, 1))

        assert items["vaccination_certificate.kindergarten"].due == date(year, 8, 31)
        assert f"{year}年秋季" in items["vaccination_certificate.kindergarten"].why.zh

    def test_lapses_when_school_begins(self) -> None:
        days = [date(2029, 8, 31), date(2029, 9, 1)]

        found = standings(RULES, known(birth_date=date(2026, 8, 31)), "vaccination_certificate.kindergarten", *days)

        assert found == ["due", "lapsed"]


class TestWhatIsKnown:
    def test_lacks_the_day_of_birth(self) -> None:
        assert {one.lacks for one in unseen(RULES, known())} == {"birth_date"}

    def test_is_disputed(self) -> None:
        facts = CHILD.also(Said(BIRTH_DATE.name, date(2026, 11, 2), "another", BORN))

        assert {one.disputed for one in unseen(RULES, facts)} == {"birth_date"}
        assert seen(RULES, facts) == {}

    def test_is_told_by_the_commission(self) -> None:
        told = ChildcareSubsidy(BORN, (SubsidyPaid(date(2027, 1, 5), 360_000), SubsidyPaid(date(2027, 12, 5), 360_000)))

        assert dict(childcare_subsidy(told, BORN)) == {CHILDCARE_PAID_YEARS: (2027, 2027), CHILDCARE_GRANTED_ON: BORN}
        assert dict(childcare_subsidy(ChildcareSubsidy(None, ()), BORN)) == {CHILDCARE_PAID_YEARS: ()}
