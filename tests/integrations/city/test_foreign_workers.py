"""Who needs a permit to work, and who doesn't."""

from typing import Any

from integrations.city.foreign_workers import SERVICES as PERMITS
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import asked

CITY = a_town_of_registers()


class TestPermits:
    def test_name_each_class_and_who_needs_none(self) -> None:
        body: Any = PERMITS["work_permit_rules"](CITY, asked()).body

        assert {one.permit_class for one in body.items} == {"A", "B", "C", "exempt"}
        assert all(one.least_points is None for one in body.items if one.permit_class in {"C", "exempt"})
