"""What is published: fines within the law's bounds, licences as of today, notices that say what to do."""

from datetime import date, timedelta

import msgspec
import pytest

from integrations.city.departments import SERVICES
from integrations.city.divisions import BY_CODE
from integrations.city.outcomes import QuestionRefused
from integrations.city.published_lists import as_of, inspected_places
from integrations.city.registers import listed
from integrations.departments.food_and_drugs import Notices
from integrations.departments.health_inspection import HealthAlerts, InspectedPlaces
from integrations.departments.prevention import CheckupInstitutions
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
PLACES = inspected_places(CITY).items
NOTICES = listed("food_drug_notices", Notices).items
ALERTS = listed("health_alerts", HealthAlerts).items
CHECKUPS = listed("checkup_institutions", CheckupInstitutions).items


class TestInspections:
    def test_have_fines_within_the_bounds_of_the_rules_or_a_warning(self) -> None:
        fines = [penalty.fine_fen for place in PLACES for penalty in place.penalties]

        assert all(fine == 0 or 50_000 <= fine <= 3_000_000 for fine in fines)
        assert {fine == 0 for fine in fines} == {True, False}

    def test_penalise_who_has_no_licence(self) -> None:
        without = [place for place in PLACES if place.licence_state in {"none", "revoked"}]

        assert without
        assert all(place.penalties for place in without)
        assert all((place.licence_no is None) == (place.licence_state == "none") for place in PLACES)

    def test_let_licences_expire_on_the_day_after_their_last(self) -> None:
        place = next(one for one in listed("inspected_places", InspectedPlaces).items if one.licence_state == "valid")
        until = place.licence_until

        assert until is not None
        assert as_of(place, until).licence_state == "valid"
        assert as_of(place, until + timedelta(days=1)).licence_state == "expired"


class TestNotices:
    def test_stand_the_newest_first_in_every_list(self) -> None:
        for days in ([one.published_on for one in NOTICES], [one.published_on for one in ALERTS]):
            assert days == sorted(days, reverse=True)
            assert max(days) <= date(2026, 11, 29)

    def test_say_what_was_found_and_what_to_do(self) -> None:
        for one in NOTICES:
            harmful = one.kind in {"recall", "sampling_failed"}
            assert not harmful or (one.finding and one.advice)
            assert (one.kind == "licence") == (one.licence_no is not None) == (one.licence_until is not None)

    def test_name_no_company_that_could_be_somebodys(self) -> None:
        assert all("福海" in one.company for one in NOTICES)
        assert all("福海" in one.name for one in PLACES)


class TestCheckups:
    def test_are_free_for_the_old_at_health_centres_alone(self) -> None:
        free = [
            (one.name, package) for one in CHECKUPS for package in one.packages if package.free_from_age is not None
        ]

        assert free
        assert all(package.price_fen == 0 and package.free_from_age == 65 for _, package in free)
        assert all("社区卫生服务中心" in name or "卫生院" in name for name, _ in free)
        assert all(
            package.price_fen > 0 for one in CHECKUPS for package in one.packages if package.free_from_age is None
        )


class TestLists:
    def test_have_codes_of_their_own_in_divisions_that_exist(self) -> None:
        for numbers in (
            [one.code for one in PLACES],
            [one.notice_no for one in NOTICES],
            [one.code for one in ALERTS],
            [package.code for one in CHECKUPS for package in one.packages],
        ):
            assert len(numbers) == len(set(numbers))
        assert {one.division_code for one in PLACES} == set(BY_CODE)
        assert {one.division_code for one in (*NOTICES, *CHECKUPS)} <= set(BY_CODE)

    @pytest.mark.parametrize(
        ("department", "service"),
        [
            ("wjw", "inspected_places"),
            ("wjw", "health_alerts"),
            ("wjw", "checkup_institutions"),
            ("scjg", "food_drug_notices"),
        ],
    )
    def test_are_told_whole_and_refuse_what_they_do_not_ask(self, department: str, service: str) -> None:
        serve = SERVICES[department][service]

        assert serve(CITY, msgspec.Raw(b"{}")).status == "ok"
        with pytest.raises(QuestionRefused, match="body_malformed"):
            serve(CITY, msgspec.Raw(b'{"id_number": "370602199708230021"}'))
