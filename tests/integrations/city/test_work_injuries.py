"""Work injuries happen at work, and are recognised and graded within the law's days."""

from datetime import timedelta
from typing import Any

from integrations.city import work_injuries
from integrations.city.employment import work
from integrations.city.population import REFERENCE
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
PEOPLE = list(CITY.population.people.values())


class TestWorkInjuries:
    def test_happen_at_work_and_go_by_the_laws_days(self) -> None:
        stages = set()
        for person in PEOPLE:
            told, known = work_injuries.work_injuries(CITY, person), work(CITY.population, person)
            for one in told.injuries if told else ():
                assert known is not None
                assert known.employment is not None
                stages.add(one.stage)
                assert known.employment.since <= one.injured_on
                assert one.injured_on < one.recognised_on <= one.injured_on + timedelta(days=90)
                assert one.recognised_on <= REFERENCE
                self.goes_by_the_law(one)

        assert stages >= {"recognised", "concluded"}

    def goes_by_the_law(self, injury: Any) -> None:
        appraisal = injury.appraisal
        if appraisal is None:
            assert injury.stage == "recognised"
            return
        assert injury.recognised_on < appraisal.applied_on <= REFERENCE
        assert appraisal.due_on == appraisal.applied_on + timedelta(days=60)
        known = appraisal.concluded_on is not None
        assert injury.stage == ("concluded" if known else "appraising")
        assert known == (appraisal.grade is not None) == (appraisal.self_care is not None)
        if known:
            assert appraisal.applied_on < appraisal.concluded_on <= appraisal.due_on
            assert appraisal.again_until == appraisal.concluded_on + timedelta(days=15)
            assert 1 <= appraisal.grade <= 10
            assert appraisal.self_care == "none" or appraisal.grade <= 4

    def test_are_unknown_of_who_isnt_insured_against_them(self) -> None:
        for person in PEOPLE[:400]:
            known = work(CITY.population, person)
            insured = known is not None and any(one.insurance_code == "410" for one in known.contributions)
            assert (work_injuries.work_injuries(CITY, person) is not None) == insured
