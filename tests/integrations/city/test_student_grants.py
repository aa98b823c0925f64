"""Aid that the education party grants: for a term that runs, once, to who learns at the stage, and never too much."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from app.kernel import clock
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.school_roll import enrolled_of
from integrations.city.student_grants import SERVICES, ToGrant, aid_record, grant, most_fen, term_of
from integrations.city.world import City, CityOptions
from tests.makers.city_questions import asked
from tests.makers.days import let_it_be


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("grants")
    return City(CityOptions(Path(folder), "http://127.0.0.1:9", "http://127.0.0.1:9", 370600, 400))


def a_pupil(city: City, stage: str) -> Person:
    found = ((one, enrolled_of(city, one)) for one in city.population.people.values())
    return next(one for one, known in found if known is not None and known.stage == stage)


def wanted(person: Person, **changes: object) -> ToGrant:
    parts = {
        "case_number": f"C{person.id_number}",
        "id_number": person.id_number,
        "stage": "primary",
        "term": term_of(clock.today()),
        "situations": ["low_income"],
        "amount_fen": 62_500,
        "bank": "烟台福海银行",
        "account": "6217000012345678901",
    }
    return msgspec.convert(parts | changes, ToGrant)


def refusal(city: City, person: Person, **changes: object) -> str:
    with pytest.raises(QuestionRefused) as refused:
        grant(city, person, wanted(person, **changes))
    return refused.value.reason


class TestGrant:
    def test_is_told_afterwards_and_given_once_a_term(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        let_it_be(monkeypatch, date(2026, 11, 29))
        pupil = a_pupil(city, "primary")
        before = aid_record(city, pupil)
        assert before is not None
        assert (before.term, before.given) == ("2026-1", ())

        assert SERVICES["grant_student_aid"](city, asked(**msgspec.to_builtins(wanted(pupil)))).status == "ok"

        after = aid_record(city, pupil)
        assert after is not None
        assert [(one.term, one.amount_fen) for one in after.given] == [("2026-1", 62_500)]
        assert refusal(city, pupil, case_number="another") == "aided_already"
        let_it_be(monkeypatch, date(2027, 3, 1))
        assert grant(city, pupil, wanted(pupil, case_number="another")).term == "2026-2"

    def test_refuses_what_the_roll_and_the_list_contradict(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        let_it_be(monkeypatch, date(2026, 11, 29))
        pupil = a_pupil(city, "junior")
        grown = next(one for one in city.population.people.values() if enrolled_of(city, one) is None and one.alive)

        assert refusal(city, grown) == "not_enrolled"
        assert refusal(city, pupil) == "stage_differs"
        assert refusal(city, pupil, stage="junior", term="2026-2") == "term_to_come"
        assert refusal(city, pupil, stage="junior", situations=[]) == "no_situation"
        assert refusal(city, pupil, stage="junior", amount_fen=most_fen("junior") + 1) == "amount_too_high"
        assert refusal(city, pupil, stage="junior", amount_fen=0) == "amount_too_high"
