"""What the education party tells of diplomas: those of the levels that somebody completed."""

from datetime import date

import pytest

from integrations.city.diplomas import channel, diplomas, highest_level
from integrations.city.elsewhere import PEOPLE as ELSEWHERE
from integrations.city.population import REFERENCE
from integrations.city.schools import schooling
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import answer

CITY = a_town_of_registers()
PEOPLE = [person for person in CITY.population.people.values() if person.alive]


class TestDiplomas:
    def test_end_with_the_level_that_somebody_completed(self) -> None:
        for person in PEOPLE:
            known, found = schooling(CITY.population, person), diplomas(CITY, person)
            level = highest_level(CITY.population, person)
            unfinished = known.enrolment is not None and known.enrolment.stage == "university"
            assert (found is None) == (level in {None, "70", "80"})
            assert found is None or found.diplomas[0].level == level
            assert level == ("60" if unfinished else known.level_code)

    def test_follow_each_other_and_lie_in_the_past(self) -> None:
        for person in PEOPLE:
            found = diplomas(CITY, person)
            if found is None:
                continue
            for one in found.diplomas:
                assert person.birth_date < one.entered_on < one.graduated_on <= REFERENCE
            for later, earlier in zip(found.diplomas, found.diplomas[1:], strict=False):
                assert later.entered_on.year == earlier.graduated_on.year

    def test_of_who_still_studies_are_those_before(self) -> None:
        student = next(
            person
            for person in PEOPLE
            if (enrolled := schooling(CITY.population, person).enrolment) and enrolled.stage == "university"
        )
        found = diplomas(CITY, student)

        assert found is not None
        assert [one.level for one in found.diplomas] == ["60"]

    def test_have_numbers_of_their_own_in_which_no_identity_number_stands(self) -> None:
        numbers = [
            (one.number, person.id_number)
            for person in PEOPLE
            if (found := diplomas(CITY, person))
            for one in found.diplomas
        ]

        assert len({number for number, _ in numbers}) == len(numbers)
        assert not any(identity[6:14] in number for number, identity in numbers)

    def test_of_people_of_elsewhere_are_not_known(self) -> None:
        assert answer("jyj", "diplomas", id_number=next(iter(ELSEWHERE))).status == "not_found"


class TestChannel:
    @pytest.mark.parametrize(
        ("level", "graduated", "found"),
        [
            ("20", date(2001, 7, 1), "chsi"),
            ("20", date(2000, 7, 1), "by_hand"),
            ("30", date(2001, 1, 1), "chsi"),
            ("10", date(2000, 12, 31), "by_hand"),
            ("60", date(2024, 7, 1), "bureau"),
            ("40", date(1990, 7, 1), "bureau"),
        ],
    )
    def test_is_chsi_for_higher_education_since_2001(self, level: str, graduated: date, found: str) -> None:
        assert channel(level, graduated) == found
