"""What of a question is known: values that fit, parts, what is missing, the child that is meant, and divisions of the city."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest
from msgspec import Meta

from app.kernel.structs import Body
from app.kernel.words import Words
from lifecycle.catalogue.known import Known, KnownPerson, Told, as_question, fitting, missing
from lifecycle.marriage.marriage_calculator import MARRIAGE
from lifecycle.social_security.pension_calculator import PENSION

ME, CHILD, OLDER = (UUID(int=number) for number in (1, 2, 3))
SOURCE = Words(zh="登记", en="register")


def told(value: Any, of: UUID = ME) -> Told:
    return Told(value=value, person_id=of, source=SOURCE, as_of=datetime(2026, 11, 29, tzinfo=UTC))


def person(one: UUID = ME, **facts: Any) -> KnownPerson:
    said = {name: told(value, one) for name, value in facts.items()}
    return KnownPerson(
        id=one, birth_date=said.get("birth_date"), sex=said.get("sex"), division_code=said.get("division_code")
    )


def known(one: KnownPerson, *children: KnownPerson, is_ward: bool = False) -> Known:
    return Known(person=one, is_ward=is_ward, children=children, answers={})


class Part(Body, frozen=True, kw_only=True):
    number: int
    extra: int = 0


class Question(Body, frozen=True, kw_only=True):
    born: date
    months: Annotated[int, Meta(le=10)] = 0
    part: Part


class TestQuestion:
    def test_is_filled_in_by_field_and_by_part(self) -> None:
        said = fitting(Question, {"born": told(date(2000, 2, 29)), "part.extra": told(3)})

        assert as_question(said) == {"born": "2000-02-29", "part": {"extra": 3}}
        assert list(missing(Question, said)) == ["part.number"]

    def test_leaves_out_what_it_would_not_take_and_what_is_unknown(self) -> None:
        said = fitting(Question, {"born": None, "months": told(11), "part.number": told("x")})

        assert as_question(said) == {}
        assert list(missing(Question, said)) == ["born", "part.number"]

    def test_once_whole_is_a_question(self) -> None:
        said = fitting(Question, {"born": told(date(2000, 1, 1)), "part.number": told(1)})

        assert list(missing(Question, said)) == []
        assert msgspec.convert(as_question(said), Question) == Question(born=date(2000, 1, 1), part=Part(number=1))


class TestChild:
    def test_meant_is_the_youngest_or_the_ward_asked_about(self) -> None:
        youngest, older = person(CHILD), person(OLDER)

        assert known(person(), youngest, older).child == youngest
        assert known(older, is_ward=True).child == older
        assert known(person()).child is None


class TestDivision:
    @pytest.mark.parametrize(
        ("code", "division"), [("370602", "370602"), ("370602001003", "370602"), ("110101", None), ("3706", "3706")]
    )
    def test_is_a_division_of_the_city(self, code: str, division: str | None) -> None:
        found = known(person(division_code=code)).division

        assert (found.value if found else None) == division

    def test_that_is_unknown_is_none(self) -> None:
        assert known(person()).division is None


class TestMappings:
    def test_of_who_has_no_sex_recorded_leaves_it_to_be_answered(self) -> None:
        one = known(person(birth_date=date(1970, 6, 1)))

        of_marriage = fitting(MARRIAGE.question, MARRIAGE.prefill(one))
        assert as_question(of_marriage) == {"one": {"birth_date": "1970-06-01"}}
        assert list(missing(MARRIAGE.question, of_marriage)) == ["one.sex", "other.sex", "other.birth_date"]
        of_pension = fitting(PENSION.question, PENSION.prefill(one))
        assert list(missing(PENSION.question, of_pension)) == ["works_as", "contributed_months", "account_fen"]

    def test_of_a_man_say_how_his_age_goes_and_of_a_woman_dont(self) -> None:
        man, woman = (fitting(PENSION.question, PENSION.prefill(known(person(sex=sex)))) for sex in ("male", "female"))

        assert as_question(man) == {"works_as": "man"}
        assert as_question(woman) == {}
