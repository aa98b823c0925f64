"""What comes next in pregnancy and after the birth."""

from datetime import date, timedelta

import pytest

from app.kernel.ids import new_person_id
from app.kernel.words import Words
from integrations.departments.maternity import AntenatalCare, AntenatalCheck, Handbook, PostnatalVisit
from lifecycle.birth.maternity_agenda import RULES
from lifecycle.birth.meanings import antenatal_care, handbook
from lifecycle.rules.fact_kinds import JOB, PREGNANCY, Expected, Job, Pregnancy
from lifecycle.rules.told_kinds import ANTENATAL_DONE, MATERNAL_CARE
from tests.makers.agendas import known, seen, standings, unseen

LAST_PERIOD = date(2026, 8, 1)
EXPECTED = date(2027, 5, 8)
PREGNANT = known(pregnancy=Pregnancy(LAST_PERIOD))


class TestAntenatal:
    def test_falls_on_the_days_of_the_guideline(self) -> None:
        items = seen(RULES, PREGNANT, date(2026, 9, 1))

        found = {code.split(".")[1]: (item.opens, item.due) for code, item in items.items() if "antenatal" in code}
        assert found["handbook"] == (date(2026, 9, 12), date(2026, 10, 30))
        assert found["visit_1"] == (date(2026, 9, 12), date(2026, 11, 6))
        assert found["nt_scan"] == (date(2026, 10, 17), date(2026, 11, 6))
        assert found["visit_2"] == (date(2026, 11, 7), date(2026, 12, 18))
        assert found["visit_3"] == (date(2026, 12, 19), date(2027, 1, 22))
        assert found["ogtt"] == (date(2027, 1, 16), date(2027, 2, 19))
        assert len([code for code in found if code.startswith("visit_")]) == 11

    def test_opens_and_lapses_on_the_day(self) -> None:
        days = [date(2026, 9, 11), date(2026, 9, 12), date(2026, 11, 6), date(2026, 11, 7)]

        assert standings(RULES, PREGNANT, "antenatal.visit_1.2027-05", *days) == ["upcoming", "due", "due", "lapsed"]

    def test_handbook_is_late_after_week_thirteen_and_still_possible(self) -> None:
        days = [date(2026, 10, 30), date(2026, 10, 31), date(2027, 5, 21), date(2027, 5, 22)]

        found = standings(RULES, PREGNANT, "antenatal.handbook.2027-05", *days)

        assert found == ["due", "overdue", "overdue", "lapsed"]

    def test_names_the_persons_own_dates_and_the_rule(self) -> None:
        why = seen(RULES, PREGNANT)["antenatal.handbook.2027-05"].why

        assert "2026-08-01" in why.zh
        assert "2027-05-08" in why.en
        assert "国家基本公共卫生服务规范" in why.zh

    def test_names_the_days_of_tests_that_a_visit_has(self) -> None:
        items = seen(RULES, PREGNANT)

        assert "血清学筛查2026-11-14至2026-12-25" in items["antenatal.visit_2.2027-05"].why.zh
        assert "antenatal.serum_screening.2027-05" not in items

    def test_is_done_where_the_hospital_says_so(self) -> None:
        facts = known(
            pregnancy=Pregnancy(LAST_PERIOD),
            antenatal_done=(("serum_screening", date(2026, 11, 20)),),
            maternal_care=(("handbook", date(2026, 9, 20)),),
        )

        items = seen(RULES, facts)

        assert items["antenatal.visit_2.2027-05"].done_on == date(2026, 11, 20)
        assert items["antenatal.handbook.2027-05"].done_on == date(2026, 9, 20)

    def test_is_under_way_once_a_visit_is_booked_in_its_days(self) -> None:
        visit = Expected(new_person_id(), "antenatal_exam", Words("产检", "Visit"), Words("医院", "Hospital"), date(2026, 12, 10), LAST_PERIOD)  # fmt: skip

        items = seen(RULES, known(pregnancy=Pregnancy(LAST_PERIOD), appointments=(visit,)))

        assert items["antenatal.visit_2.2027-05"].appointment_id == visit.id
        assert not items["antenatal.visit_3.2027-05"].under_way

    def test_is_not_for_who_is_not_known_to_be_pregnant(self) -> None:
        assert seen(RULES, known()) == {}
        assert unseen(RULES, known()) == ()

    def test_is_over_once_nobody_can_be_pregnant_any_more(self) -> None:
        assert seen(RULES, PREGNANT, EXPECTED + timedelta(days=14)) == {}

    def test_goes_back_to_a_last_period_in_february_of_a_leap_year(self) -> None:
        items = seen(RULES, known(pregnancy=Pregnancy(date(2028, 2, 29))), date(2028, 4, 1))

        assert items["antenatal.handbook.2028-12"].opens == date(2028, 4, 11)


class TestAfterBirth:
    BORN = known(pregnancy=Pregnancy(LAST_PERIOD, date(2027, 5, 1)), job=Job(date(2020, 1, 1)))

    def test_has_the_check_from_the_forty_second_day(self) -> None:
        days = [date(2027, 6, 11), date(2027, 6, 12), date(2027, 6, 26), date(2027, 6, 27)]

        assert standings(RULES, self.BORN, "postnatal_check.2027-05", *days) == ["upcoming", "due", "due", "lapsed"]

    def test_has_the_allowance_of_who_is_insured_only(self) -> None:
        assert "maternity_allowance.2027-05" in seen(RULES, self.BORN, date(2027, 5, 2))
        assert "maternity_allowance.2027-05" not in seen(RULES, self.BORN.without(JOB), date(2027, 5, 2))

    def test_leaves_alone_who_lost_a_pregnancy_early(self) -> None:
        lost = known(pregnancy=Pregnancy(LAST_PERIOD, LAST_PERIOD + timedelta(days=195)))
        born = known(pregnancy=Pregnancy(LAST_PERIOD, LAST_PERIOD + timedelta(days=196)))

        assert seen(RULES, lost, date(2027, 3, 1)) == {}
        assert len(seen(RULES, born, date(2027, 3, 1))) == 1


class TestMeanings:
    def test_of_antenatal_care(self) -> None:
        check = AntenatalCheck("nt_scan", "done", date(2026, 10, 17), date(2026, 11, 6), date(2026, 10, 20), None, None)
        open_ = AntenatalCheck("ogtt", "coming", date(2027, 1, 16), date(2027, 2, 19), None, None, None)

        meant = dict(antenatal_care(AntenatalCare(16, EXPECTED, None, (check, open_)), date(2026, 11, 22)))

        assert meant == {
            PREGNANCY: Pregnancy(LAST_PERIOD, None),
            ANTENATAL_DONE: (("nt_scan", date(2026, 10, 20)),),
        }

    @pytest.mark.parametrize("born", [None, date(2027, 5, 1)])
    def test_of_the_handbook(self, born: date | None) -> None:
        visit = PostnatalVisit("day_42", "done", date(2027, 6, 12), date(2027, 6, 13))
        told = Handbook("S1", "中心", date(2026, 9, 20), LAST_PERIOD, EXPECTED, "green", born, (visit,))

        assert dict(handbook(told, date(2026, 11, 22))) == {
            PREGNANCY: Pregnancy(LAST_PERIOD, born),
            MATERNAL_CARE: (("handbook", date(2026, 9, 20)), ("day_42", date(2027, 6, 13))),
        }
