"""Family doctors and referrals agree with the register of health, and run for their time."""

from datetime import date, timedelta

import pytest

from app.kernel import clock
from integrations.city.days import months_after
from integrations.city.family_doctors import REFERRED_TIERS, state_of, tiered_care
from integrations.city.medical import medical
from integrations.departments.family_doctors import TieredCare
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
TODAY = clock.today()
EVERYBODY = list(CITY.population.people.values())
TOLD = [(person, told) for person in EVERYBODY if (told := tiered_care(CITY, person)) is not None]


class TestAgreement:
    def test_is_with_the_team_of_the_register_and_runs_for_a_year(self) -> None:
        for person, told in TOLD:
            known = medical(CITY.population, person)
            assert known is not None
            assert (told.agreement.team if told.agreement else None) == known.family_doctor
            if told.agreement is not None:
                assert max(person.birth_date, TODAY - timedelta(days=366)) <= told.agreement.signed_on <= TODAY
                assert told.agreement.valid_until >= TODAY

    def test_has_a_number_of_its_own(self) -> None:
        numbers = [told.agreement.agreement_no for _, told in TOLD if told.agreement is not None]

        assert len(numbers) == len(set(numbers)) > 500

    def test_of_who_never_signed_is_none_and_of_the_dead_unknown(self) -> None:
        assert TieredCare(None, ()) in [told for _, told in TOLD]
        assert all(tiered_care(CITY, person) is None for person in EVERYBODY if not person.alive)


class TestReferrals:
    def test_lead_to_a_visit_at_a_hospital_for_what_somebody_has_for_long(self) -> None:
        shown = 0
        for person, told in TOLD:
            known = medical(CITY.population, person)
            assert known is not None
            visits = {
                (one.visited_on, one.diagnosis_code, one.institution)
                for one in known.visits
                if one.tier in REFERRED_TIERS
            }
            for slip in told.referrals:
                shown += 1
                assert (slip.used_on, slip.code, slip.to_institution) in visits
                assert slip.code in {one.code for one in known.conditions}
                assert slip.used_on is not None
                assert slip.issued_on <= slip.used_on <= slip.valid_until == months_after(slip.issued_on, 6)
        assert shown > 50

    def test_have_numbers_of_their_own(self) -> None:
        numbers = [slip.slip_no for _, told in TOLD for slip in told.referrals]

        assert len(numbers) == len(set(numbers))

    @pytest.mark.parametrize(
        ("used_on", "day", "state"),
        [
            (None, date(2026, 6, 30), "valid"),
            (None, date(2026, 7, 1), "expired"),
            (date(2026, 6, 1), date(2026, 5, 31), "valid"),
            (date(2026, 6, 1), date(2026, 6, 1), "used"),
        ],
    )
    def test_are_valid_through_their_last_day_or_until_used(self, used_on: date | None, day: date, state: str) -> None:
        assert state_of(used_on, date(2026, 6, 30), day) == state
