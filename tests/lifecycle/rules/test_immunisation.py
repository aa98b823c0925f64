"""Vaccination schedules: the worked examples, the edges of the law, and what holds for every child."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.identity_numbers import Sex
from lifecycle.rules.ages import Span, add_months
from lifecycle.rules.immunisation import Dose, DoseImpossible, DoseStatus, Given, Schedule, schedule
from lifecycle.rules.immunisation_programme import read_programme
from lifecycle.rules.parameters import ParameterUnknown, shipped

TODAY = date(2026, 11, 22)
LIVE = {"BCG", "MMR", "JE-L", "HepA-L"}
VACCINES = [
    "HepB",
    "BCG",
    "IPV",
    "bOPV",
    "DTaP",
    "DT",
    "MMR",
    "JE-L",
    "JE-I",
    "MPSV-A",
    "MPSV-AC",
    "HepA-L",
    "HepA-I",
    "HPV2",
]


def a_schedule(born: date, *doses: tuple[str, date], as_of: date = TODAY, sex: Sex = Sex.FEMALE) -> Schedule:
    return schedule(born, sex, [Given(on=on, vaccine=vaccine) for vaccine, on in doses], as_of, shipped())


def the_dose(result: Schedule, vaccine: str, number: int) -> Dose:
    return next(dose for dose in result.doses if (dose.vaccine, dose.number) == (vaccine, number))


def days_of(result: Schedule, *vaccines: str) -> dict[str, str]:
    return {f"{d.vaccine}{d.number}": str(d.earliest) for d in result.doses if not vaccines or d.vaccine in vaccines}


class TestWorkedExamples:
    def test_e1_a_child_from_birth(self) -> None:
        result = a_schedule(date(2026, 3, 15), as_of=date(2026, 3, 15))

        assert days_of(result) | {"HPV21": "", "HPV22": ""} == {
            "HepB1": "2026-03-15", "BCG1": "2026-03-15", "HepB2": "2026-04-15", "IPV1": "2026-05-15", "DTaP1": "2026-05-15",
            "IPV2": "2026-06-15", "bOPV3": "2026-07-15", "DTaP2": "2026-07-15", "HepB3": "2026-09-15", "DTaP3": "2026-09-15",
            "MPSV-A1": "2026-09-15", "MMR1": "2026-11-15", "JE-L1": "2026-11-15", "MPSV-A2": "2026-12-15",
            "DTaP4": "2027-09-15", "MMR2": "2027-09-15", "HepA-L1": "2027-09-15", "JE-L2": "2028-03-15",
            "MPSV-AC1": "2029-03-15", "bOPV4": "2030-03-15", "DTaP5": "2032-03-15", "MPSV-AC2": "2032-03-15",
            "HPV21": "", "HPV22": "",
        }  # fmt: skip
        assert the_dose(result, "DTaP", 3).complete_before == date(2027, 3, 15)

    def test_e3_a_series_that_was_never_begun(self) -> None:
        result = a_schedule(date(2026, 1, 10))

        assert list(days_of(result, "DTaP").values()) == [
            "2026-11-22",
            "2026-12-20",
            "2027-01-17",
            "2027-07-17",
            "2032-01-10",
        ]
        assert the_dose(result, "DTaP", 1).status is DoseStatus.OVERDUE
        assert the_dose(result, "DTaP", 2).status is DoseStatus.FUTURE

    def test_e5_a_live_vaccine_waits_for_the_other(self) -> None:
        result = a_schedule(date(2026, 3, 15), ("MMR", date(2026, 11, 16)))

        dose = the_dose(result, "JE-L", 1)
        assert (dose.status, dose.earliest) == (DoseStatus.FUTURE, date(2026, 12, 14))
        assert "28天" in dose.why.zh


class TestStatus:
    def test_turns_from_future_to_due_to_overdue(self) -> None:
        born = date(2026, 3, 15)
        told = {as_of: the_dose(a_schedule(born, as_of=as_of), "IPV", 1).status for as_of in
                (date(2026, 5, 14), date(2026, 5, 15), date(2026, 6, 14), date(2026, 6, 15))}  # fmt: skip

        assert list(told.values()) == [DoseStatus.FUTURE, DoseStatus.DUE, DoseStatus.DUE, DoseStatus.OVERDUE]

    def test_is_overdue_at_the_complete_before_date_even_within_thirty_days(self) -> None:
        given = [("HepB", date(2025, 12, 1)), ("HepB", date(2026, 9, 20))]

        before = the_dose(a_schedule(date(2025, 12, 1), *given, as_of=date(2026, 11, 30)), "HepB", 3)
        at = the_dose(a_schedule(date(2025, 12, 1), *given, as_of=date(2026, 12, 1)), "HepB", 3)

        assert (before.status, before.earliest) == (DoseStatus.DUE, date(2026, 11, 19))
        assert (at.status, at.earliest) == (DoseStatus.OVERDUE, date(2026, 12, 1))

    def test_asks_for_the_birth_dose_within_a_day(self) -> None:
        born = date(2026, 11, 21)

        assert the_dose(a_schedule(born, as_of=born), "HepB", 1).status is DoseStatus.DUE
        assert the_dose(a_schedule(born), "HepB", 1).status is DoseStatus.OVERDUE

    def test_done_tells_when(self) -> None:
        dose = the_dose(a_schedule(date(2026, 9, 1), ("HepB", date(2026, 9, 1))), "HepB", 1)

        assert (dose.status, dose.done_on, dose.earliest) == (DoseStatus.DONE, date(2026, 9, 1), None)


class TestAgeLimits:
    @pytest.mark.parametrize(
        ("born", "status", "needs_test"),
        [
            (date(2026, 8, 23), DoseStatus.OVERDUE, False),
            (date(2026, 8, 22), DoseStatus.OVERDUE, True),
            (date(2022, 11, 23), DoseStatus.OVERDUE, True),
            (date(2022, 11, 22), DoseStatus.NOT_APPLICABLE, False),
        ],
    )
    def test_bcg_asks_for_a_test_from_three_months_and_ends_at_four_years(
        self, born: date, status: DoseStatus, *, needs_test: bool
    ) -> None:
        dose = the_dose(a_schedule(born), "BCG", 1)

        assert dose.status is status
        assert ("PPD" in dose.why.en) is needs_test

    @pytest.mark.parametrize(("born", "given"), [(date(2024, 11, 23), True), (date(2024, 11, 22), False)])
    def test_meningococcal_a_ends_at_24_months(self, born: date, *, given: bool) -> None:
        assert (the_dose(a_schedule(born), "MPSV-A", 1).status is not DoseStatus.NOT_APPLICABLE) is given

    def test_a_second_dose_that_would_come_too_late_is_not_applicable(self) -> None:
        result = a_schedule(date(2024, 12, 1))

        assert the_dose(result, "MPSV-A", 1).status is DoseStatus.OVERDUE
        assert the_dose(result, "MPSV-A", 2).status is DoseStatus.NOT_APPLICABLE

    def test_dt_takes_over_from_seven_years_and_ends_at_twelve(self) -> None:
        assert the_dose(a_schedule(date(2019, 11, 23)), "DTaP", 1).earliest == TODAY
        assert the_dose(a_schedule(date(2019, 11, 22)), "DT", 1).earliest == TODAY
        assert the_dose(a_schedule(date(2014, 11, 22)), "DTaP", 1).status is DoseStatus.NOT_APPLICABLE

    def test_nothing_is_caught_up_from_eighteen_years(self) -> None:
        statuses = {dose.status for dose in a_schedule(date(2008, 11, 22)).doses}

        assert statuses == {DoseStatus.NOT_APPLICABLE}


class TestHpv:
    @pytest.mark.parametrize(
        ("born", "sex", "status"),
        [
            (date(2013, 11, 22), Sex.FEMALE, DoseStatus.DUE),
            (date(2013, 11, 22), Sex.MALE, DoseStatus.NOT_APPLICABLE),
            (date(2013, 11, 23), Sex.FEMALE, DoseStatus.FUTURE),
            (date(2012, 11, 23), Sex.FEMALE, DoseStatus.OVERDUE),
            (date(2012, 11, 22), Sex.FEMALE, DoseStatus.NOT_APPLICABLE),
        ],
    )
    def test_is_for_girls_of_thirteen(self, born: date, sex: Sex, status: DoseStatus) -> None:
        assert the_dose(a_schedule(born, sex=sex), "HPV2", 1).status is status

    def test_is_for_those_born_after_the_tenth_of_november_2011(self) -> None:
        as_of = date(2025, 11, 10)

        assert the_dose(a_schedule(date(2011, 11, 11), as_of=as_of), "HPV2", 1).status is DoseStatus.OVERDUE
        assert the_dose(a_schedule(date(2011, 11, 10), as_of=as_of), "HPV2", 1).status is DoseStatus.NOT_APPLICABLE

    def test_gives_the_second_dose_past_fourteen(self) -> None:
        dose = the_dose(a_schedule(date(2012, 8, 1), ("HPV2", date(2026, 7, 1))), "HPV2", 2)

        assert (dose.status, dose.earliest, dose.complete_before) == (DoseStatus.FUTURE, date(2027, 1, 1), None)


class TestAlternatives:
    def test_inactivated_encephalitis_vaccine_takes_four_doses(self) -> None:
        result = a_schedule(date(2026, 3, 15), ("JE-I", date(2026, 11, 16)))

        assert days_of(result, "JE-I", "JE-L") == {
            "JE-I1": "None", "JE-I2": "2026-11-23", "JE-I3": "2028-03-15", "JE-I4": "2032-03-15",
        }  # fmt: skip

    def test_inactivated_hepatitis_a_vaccine_takes_two(self) -> None:
        result = a_schedule(date(2025, 3, 15), ("HepA-I", date(2026, 10, 1)))

        assert days_of(result, "HepA-I", "HepA-L") == {"HepA-I1": "None", "HepA-I2": "2027-04-01"}

    def test_a_five_in_one_dose_counts_for_both(self) -> None:
        result = a_schedule(date(2026, 8, 1), ("DTaP-IPV-Hib", date(2026, 10, 1)))

        done = {dose.series for dose in result.doses if dose.status is DoseStatus.DONE}
        assert done == {"polio", "dtp"}

    def test_a_combined_record_told_twice_counts_once(self) -> None:
        result = a_schedule(date(2026, 9, 1), ("HepB", date(2026, 9, 1)), ("HepB", date(2026, 9, 1)))

        assert the_dose(result, "HepB", 2).status is not DoseStatus.DONE

    def test_old_doses_stay_valid(self) -> None:
        old = [("DTaP", date(2020, 6, 1)), ("DTaP", date(2020, 7, 1)), ("DTaP", date(2020, 8, 1)),
               ("DTaP", date(2021, 9, 1)), ("DT", date(2026, 3, 2))]  # fmt: skip
        result = a_schedule(date(2020, 3, 1), *old)

        assert {dose.status for dose in result.doses if dose.series == "dtp"} == {DoseStatus.DONE}

    def test_lists_what_it_does_not_count(self) -> None:
        result = a_schedule(date(2025, 3, 15), ("VarV", date(2026, 4, 1)))

        assert result.not_counted == (Given(on=date(2026, 4, 1), vaccine="VarV"),)


class TestEditions:
    @pytest.mark.parametrize(
        ("as_of", "edition", "limit"),
        [(date(2026, 6, 16), "2021年版", date(2027, 7, 1)), (date(2026, 6, 17), "2026年版", date(2028, 1, 1))],
    )
    def test_follows_the_edition_of_the_day(self, as_of: date, edition: str, limit: date) -> None:
        result = a_schedule(date(2026, 1, 1), as_of=as_of)

        assert result.edition.zh == edition
        assert the_dose(result, "MPSV-A", 2).complete_before == limit

    def test_changes_the_whooping_cough_ages_in_2025(self) -> None:
        before = a_schedule(date(2024, 12, 1), as_of=date(2024, 12, 31))
        after = a_schedule(date(2024, 12, 1), as_of=date(2025, 1, 1))

        assert [d.vaccine for d in before.doses if d.series == "dtp"] == ["DTaP"] * 4 + ["DT"]
        assert the_dose(before, "DTaP", 1).earliest == date(2025, 3, 1)
        assert the_dose(after, "DTaP", 1).earliest == date(2025, 2, 1)

    def test_names_the_parameters_that_it_used(self) -> None:
        used = {one.key: one for one in a_schedule(date(2026, 1, 1)).used}

        assert "2026" in used["immunisation.series.mpsv_a"].source
        assert used["immunisation.live_spacing_days"].verified_on == date(2026, 11, 22)

    def test_refuses_a_day_before_the_first_edition(self) -> None:
        with pytest.raises(ParameterUnknown):
            a_schedule(date(2019, 1, 1), as_of=date(2020, 1, 1))


class TestRefusals:
    @pytest.mark.parametrize("on", [date(2026, 2, 28), date(2026, 11, 23)])
    def test_refuses_a_dose_before_birth_or_in_the_future(self, on: date) -> None:
        with pytest.raises(DoseImpossible):
            a_schedule(date(2026, 3, 1), ("HepB", on))

    def test_refuses_a_child_not_yet_born(self) -> None:
        with pytest.raises(DoseImpossible):
            a_schedule(date(2026, 11, 23))


@st.composite
def children(draw: st.DrawFn) -> tuple[date, Sex, list[Given], date]:
    born = draw(st.dates(date(2008, 1, 1), date(2026, 11, 1)))
    as_of = draw(st.dates(max(born, date(2021, 3, 1)), date(2027, 6, 1)))
    given_days = st.dates(born, as_of)
    doses = draw(st.lists(st.builds(Given, on=given_days, vaccine=st.sampled_from(VACCINES)), max_size=12))
    return born, draw(st.sampled_from(Sex)), doses, as_of


def planned(result: Schedule) -> list[tuple[Dose, date]]:
    """The missing doses with the day on which each can be given, which is never in the past."""
    return [(dose, max(dose.earliest, result.as_of)) for dose in result.doses if dose.earliest is not None]


class TestEveryChild:
    @given(children())
    @settings(max_examples=60, deadline=None)
    def test_is_never_told_to_come_too_young_or_too_soon(self, child: tuple[date, Sex, list[Given], date]) -> None:
        born, sex, doses, as_of = child
        result = schedule(born, sex, doses, as_of, shipped())
        series = read_programme(shipped().reading(as_of)).series
        day_of = {
            (dose.series, dose.number): dose.done_on or max(dose.earliest or as_of, as_of) for dose in result.doses
        }

        for dose, _ in planned(result):
            rule = series[dose.series].doses[dose.number - 1]
            assert dose.earliest is not None
            assert dose.earliest >= Span.read(rule.min_age).after(born)
            for wait in rule.after:
                assert dose.earliest >= Span.read(wait.interval).after(day_of[dose.series, wait.dose])

    @given(children())
    @settings(max_examples=60, deadline=None)
    def test_gets_live_vaccines_on_one_day_or_four_weeks_apart(
        self, child: tuple[date, Sex, list[Given], date]
    ) -> None:
        result = schedule(*child[:3], child[3], shipped())
        missing = [day for dose, day in planned(result) if dose.vaccine in LIVE]
        given_days = [dose.on for dose in child[2] if dose.vaccine in LIVE]

        for day in missing:
            for other in missing + given_days:
                assert day == other or abs(day - other) >= timedelta(days=28)

    @given(children())
    @settings(max_examples=60, deadline=None)
    def test_loses_no_dose_overnight(self, child: tuple[date, Sex, list[Given], date]) -> None:
        born, sex, doses, as_of = child
        today = schedule(born, sex, doses, as_of, shipped())
        tomorrow = schedule(born, sex, doses, as_of + timedelta(days=1), shipped())
        told_today, told_tomorrow = ({(d.series, d.number) for d in result.doses} for result in (today, tomorrow))

        assert told_today <= told_tomorrow
        given_today = any(dose.on == as_of for dose in doses)
        for dose in today.doses:
            if dose.status in {DoseStatus.DUE, DoseStatus.OVERDUE} and not given_today:
                later = next(d for d in tomorrow.doses if (d.series, d.number) == (dose.series, dose.number))
                assert later.status in {DoseStatus.DUE, DoseStatus.OVERDUE, DoseStatus.NOT_APPLICABLE}

    @given(children())
    @settings(max_examples=60, deadline=None)
    def test_gets_each_counted_dose_once(self, child: tuple[date, Sex, list[Given], date]) -> None:
        result = schedule(*child[:3], child[3], shipped())
        keys = [(dose.series, dose.number) for dose in result.doses]

        assert len(keys) == len(set(keys))
        for name in {dose.series for dose in result.doses}:
            assert sorted(dose.number for dose in result.doses if dose.series == name) == list(
                range(1, sum(dose.series == name for dose in result.doses) + 1)
            )

    @given(st.dates(date(2025, 1, 1), date(2026, 6, 1)), st.integers(0, 200))
    @settings(max_examples=40, deadline=None)
    def test_who_comes_on_the_first_day_is_never_overdue(self, born: date, days: int) -> None:
        as_of, given = born, list[Given]()
        for _ in range(days):
            today = schedule(born, Sex.MALE, given, as_of, shipped())
            given += [Given(on=as_of, vaccine=dose.vaccine) for dose in today.doses if dose.status is DoseStatus.DUE]
            assert DoseStatus.OVERDUE not in {dose.status for dose in today.doses}
            as_of = min(
                (d.earliest for d in today.doses if d.status is DoseStatus.FUTURE and d.earliest), default=as_of
            )
            if as_of > add_months(born, 24):
                break
