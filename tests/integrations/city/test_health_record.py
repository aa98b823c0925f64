"""Health records: what the register of health says, and values measured at its visits."""

import msgspec
import pytest

from integrations.city.departments import SERVICES
from integrations.city.health_record import health_record
from integrations.city.medical import medical
from integrations.city.outcomes import NOT_FOUND, QuestionRefused
from integrations.city.readings import measured, readings
from integrations.departments.health_record import Bundle, patient_of, shown
from tests.makers.city import MOTHER
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
SOME = list(CITY.population.people.values())[:400]


class TestRecord:
    def test_has_every_visit_and_condition_of_the_register_and_no_other(self) -> None:
        for person in SOME:
            told, known = health_record(CITY, person), medical(CITY.population, person)
            if told is None or known is None:
                assert told is None
                assert known is None
                continue
            bundle = msgspec.convert(msgspec.json.decode(msgspec.json.encode(told)), Bundle)
            record = shown(bundle)
            assert patient_of(bundle) == person.id_number
            assert sorted((one.on, one.code, one.institution) for one in record.visits) == sorted(
                (one.visited_on, one.diagnosis_code, one.institution) for one in known.visits
            )
            assert [one.code for one in record.conditions] == [one.code for one in known.conditions]
            assert {one.on for one in record.readings} <= {one.on for one in record.visits}

    def test_has_values_between_those_of_the_list_and_the_same_again(self) -> None:
        drawn = 0
        for person in SOME:
            known = medical(CITY.population, person)
            if known is not None:
                told = readings(CITY.population, person, known.visits)
                drawn += len(told)
                assert told == readings(CITY.population, person, known.visits)
                assert all(one.what.lowest <= one.tenths <= one.what.highest for one in told)
        assert drawn > 100
        assert all(one.lowest < one.highest for one in measured())

    def test_is_of_nobody_who_died(self) -> None:
        dead = next(person for person in CITY.population.people.values() if not person.alive)
        body = msgspec.Raw(msgspec.json.encode({"id_number": dead.id_number}))

        assert SERVICES["wjw"]["health_record"](CITY, body) == NOT_FOUND

    def test_refuses_a_question_of_another_shape(self) -> None:
        body = msgspec.Raw(msgspec.json.encode({"id_number": MOTHER, "since": "2026-01-01"}))

        with pytest.raises(QuestionRefused, match="body_malformed"):
            SERVICES["wjw"]["health_record"](CITY, body)
