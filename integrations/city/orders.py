"""How the city's departments carry out what was decided on a case: once for a case, remembered, and seen by their registers."""

from collections.abc import Callable
from datetime import date
from sqlite3 import Row
from typing import Any, TypeVar

import msgspec

from app.kernel import clock
from app.kernel.structs import Code, IdNumber
from integrations.city.outcomes import Outcome, QuestionRefused, question
from integrations.city.people import Person
from integrations.city.registers import Service, Told
from integrations.city.world import City


class Ordered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For which case and whom. A subclass says what exactly."""

    case_number: Code
    id_number: IdNumber


O = TypeVar("O", bound=Ordered)  # noqa: E741 - an order


class Done(msgspec.Struct, frozen=True):
    """An order that was carried out: when, what was ordered, and what was said of it."""

    case_number: str
    day: date
    ordered: dict[str, Any]
    told: dict[str, Any]
    service: str
    id_number: str


def of_order(service: str, kind: type[O], do: Callable[[City, Person, O], Told], *, amended: bool = False) -> Service:
    """A service that carries out an order once for its case; `do` says what came of it, and refuses by `QuestionRefused`.

    The same order for the same case is answered as before; another one for it is refused (`case_number_reused`), or takes the place of
    the former where it is only what another department's order rests on (`amended`).
    """

    def serve(city: City, body: msgspec.Raw) -> Outcome:
        asked = question(body, kind)
        request = msgspec.json.encode(asked)
        known = city.store.one(
            "SELECT request, told FROM carried_out WHERE service = ? AND case_number = ?", service, asked.case_number
        )
        if known is None or (amended and bytes(known["request"]) != request):
            person = city.person(asked.id_number)
            if not person.alive:
                raise QuestionRefused("not_alive")
            told = msgspec.json.encode(do(city, person, asked))
            city.store.write(
                "INSERT OR REPLACE INTO carried_out VALUES (?, ?, ?, ?, ?, ?)",
                *(service, asked.case_number, person.id_number, clock.today().isoformat(), request, told),
            )
        elif bytes(known["request"]) != request:
            raise QuestionRefused("case_number_reused")
        else:
            told = bytes(known["told"])
        return Outcome("ok", {"id_number": asked.id_number, "told": msgspec.Raw(told)})

    return serve


def done(city: City, service: str, id_number: str) -> list[Done]:
    """What was carried out for a person by a service, oldest first; registers tell it beside what was drawn."""
    rows = city.store.all(
        "SELECT * FROM carried_out WHERE service = ? AND id_number = ? ORDER BY rowid", service, id_number
    )
    return [_done(row) for row in rows]


def done_for_case(city: City, service: str, case_number: str) -> Done | None:
    """What a service carried out for a case; another department's order may rest on it."""
    row = city.store.one("SELECT * FROM carried_out WHERE service = ? AND case_number = ?", service, case_number)
    return None if row is None else _done(row)


def done_between(city: City, services: tuple[str, ...], id_number: str) -> list[Done]:
    """What some services carried out between a person and a partner, whichever of the two applied, oldest first.

    Such an order names the other in `partner_id_number`.
    """
    rows = city.store.all(
        "SELECT * FROM carried_out WHERE service IN (SELECT value FROM json_each(?)) "
        "AND (id_number = ? OR json_extract(CAST(request AS TEXT), '$.partner_id_number') = ?) ORDER BY rowid",
        *(msgspec.json.encode(services).decode(), id_number, id_number),
    )
    return [_done(row) for row in rows]


def done_for_all(city: City, service: str) -> list[Done]:
    """What was carried out by a service for anybody, oldest first: places and sums that many people share are counted by it."""
    return [_done(row) for row in city.store.all("SELECT * FROM carried_out WHERE service = ? ORDER BY rowid", service)]


def _done(row: Row) -> Done:
    return Done(
        row["case_number"],
        date.fromisoformat(row["day"]),
        msgspec.json.decode(row["request"]),
        msgspec.json.decode(row["told"]),
        row["service"],
        row["id_number"],
    )
