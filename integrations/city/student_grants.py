"""The education party (JYJ) on aid that was granted: whom, for which term, how much. Nobody has any when the city is drawn."""

from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel import clock
from integrations.city.orders import Ordered, done, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.registers import Service, listed, of_person
from integrations.city.school_roll import enrolled_of
from integrations.city.world import City
from integrations.departments.schooling import Fen, Stage
from integrations.departments.student_support import AidGiven, AidKind, AidRecord, Aids, Situation, Term

GRANT: Final = "grant_student_aid"
_GIVEN_BY_TERM: Final[frozenset[AidKind]] = frozenset({"grant", "meals"})
_AUTUMN_FROM, _SPRING_FROM = 9, 3
_TERMS: Final = 2


class ToGrant(Ordered, frozen=True):
    """Somebody to aid: at which stage, for which term, in which situation, with how much, and on which account."""

    stage: Stage
    term: Term
    situations: tuple[Situation, ...]
    amount_fen: Fen
    bank: Annotated[str, Meta(min_length=1, max_length=60)]
    account: Annotated[str, Meta(pattern=r"\A[0-9]{12,22}\Z")]


def aid_record(city: City, person: Person) -> AidRecord | None:
    """Tell the aid of somebody with a household here."""
    if city.population.household_of(person) is None:
        return None
    return AidRecord(term_of(clock.today()), tuple(reversed(granted(city, person))))


def granted(city: City, person: Person) -> list[AidGiven]:
    """Every grant, the oldest first."""
    return [msgspec.convert(one.told, AidGiven) for one in done(city, GRANT, person.id_number)]


def term_of(day: date) -> str:
    """The term that runs on a day: the autumn's from September, the spring's from March."""
    autumn = not _SPRING_FROM <= day.month < _AUTUMN_FROM
    year = day.year if day.month >= _AUTUMN_FROM else day.year - 1
    return f"{year}-{1 if autumn else 2}"


def most_fen(stage: Stage) -> int:
    """The most that the list of aid has for a stage, a term."""
    sums = (
        one.amount_fen
        for one in listed("student_aid", Aids).items
        if stage in one.stages and one.kind in _GIVEN_BY_TERM and one.amount_fen is not None
    )
    return max(sums, default=0) // _TERMS


def grant(city: City, person: Person, ordered: ToGrant) -> AidGiven:
    """Grant a term's aid. Refuses who doesn't learn at the stage, a term that is to come or was aided, no situation, and too much."""
    enrolled = enrolled_of(city, person)
    if enrolled is None:
        raise QuestionRefused("not_enrolled")
    if enrolled.stage != ordered.stage:
        raise QuestionRefused("stage_differs")
    if ordered.term > term_of(clock.today()):
        raise QuestionRefused("term_to_come")
    if any(one.term == ordered.term for one in granted(city, person)):
        raise QuestionRefused("aided_already")
    if not ordered.situations:
        raise QuestionRefused("no_situation")
    if not 0 < ordered.amount_fen <= most_fen(ordered.stage):
        raise QuestionRefused("amount_too_high")
    reference = f"ZZ{ordered.term.replace('-', '')}{person.id_number[6:17]}"
    return AidGiven(reference, ordered.term, ordered.stage, ordered.amount_fen, clock.today())


SERVICES: Final[dict[str, Service]] = {
    "aid_record": of_person(aid_record),
    GRANT: of_order(GRANT, ToGrant, grant),
}
