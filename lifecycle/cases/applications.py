"""Applications as their stages declare them: a form, the registers that fill it in, and the order that carries a decision out.

A stage subclasses `Application` for each matter; what it doesn't say is as for most matters. Rules stay pure functions of the form.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import reduce
from typing import Any, ClassVar, Final, Generic, Literal, TypeVar
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass, System
from app.kernel.database import transaction
from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from app.residents.people import resident
from app.residents.structs import Resident
from integrations.departments.directory import POLICE
from integrations.departments.orders import Order, Orders
from integrations.departments.registers import Register, Registers
from integrations.exchange.errors import (
    DepartmentAnsweredWrongly,
    DepartmentRefused,
    DepartmentUnavailable,
    NotKnownToDepartment,
)
from lifecycle.cases.errors import NumberNeeded
from lifecycle.cases.fields import Known, Prefill
from lifecycle.cases.forms import Applying, Approved, OrdinaryMatter, Settle, register_form
from lifecycle.cases.parts_done import Done, PartDone
from lifecycle.licences.structs import Grant

F = TypeVar("F", bound=msgspec.Struct)
T = TypeVar("T", bound=msgspec.Struct)
R = TypeVar("R", bound=msgspec.Struct)
Whose = Literal["subject", "applicant"]
_DESK: Final = System("cases")


class Source(msgspec.Struct, Generic[R], frozen=True):
    """A register that fills fields in: by a pure function, whose None leaves a field empty.

    It is asked of whom the case concerns, or of who applies for them.
    """

    register: Register[R]
    fill: Callable[[R], Mapping[str, Any]]
    whose: Whose = "subject"
    asked: Mapping[str, Any] = {}


class First(msgspec.Struct, Generic[F], frozen=True):
    """What another department has to do before the matter's own: its order, and what it is told of the form."""

    order: Order[Any]
    parts: Callable[[F], Mapping[str, Any]]


class Application(OrdinaryMatter, ABC, Generic[F, T]):
    """One matter that can be applied for. `own` are the fields that the portal fills in itself, from who the person proved to be.

    `own_of_applicant` are those that it fills in from who applies for them (whose phone is called, where it is a child's affair).
    `first` are other departments' orders, carried out one after another before the matter's own `order`.
    """

    matter_code: ClassVar[str]
    form: type[msgspec.Struct]
    data_classes: ClassVar[frozenset[DataClass]]
    own: ClassVar[Mapping[str, Callable[[Resident], Any]]] = {}
    own_of_applicant: ClassVar[Mapping[str, Callable[[Resident], Any]]] = {}
    sources: ClassVar[tuple[Source[Any], ...]] = ()
    first: tuple[First[Any], ...] = ()
    order: Order[T]

    def __init__(self, registers: Registers, orders: Orders) -> None:
        """Ask and tell departments through these ports."""
        self._registers = registers
        self._orders = orders

    async def admit(self, citizen: Citizen, subject_id: UUID) -> None:
        """Admit whom departments can find; refuses `NumberNeeded`, and what `fit` refuses."""
        person = await resident(subject_id)
        if person.id_number is None:
            raise NumberNeeded
        self.fit(person, citizen, clock.today())

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse, by name, somebody for whom this can't be applied for on a day."""

    async def prefill(self, applying: Applying) -> Prefill:
        """Ask every register at once; one that doesn't answer is named, one that knows nothing fills nothing in."""
        async with transaction(_DESK):
            people = {
                "subject": await resident(applying.subject_id),
                "applicant": await resident(applying.applicant_id),
            }
        said = await asyncio.gather(*(self._said(applying, one, people[one.whose]) for one in self.sources))
        own = _own(people["subject"], self.own).joined(_own(people["applicant"], self.own_of_applicant))
        return reduce(Prefill.joined, said, own)

    async def _said(self, applying: Applying, source: Source[R], person: Resident) -> Prefill:
        if person.id_number is None:
            return Prefill()
        try:
            answered = await self._registers.about(applying.asking, source.register, person.id_number, source.asked)
        except (DepartmentUnavailable, DepartmentAnsweredWrongly):
            return Prefill({}, (source.register.department,))
        except (NotKnownToDepartment, DepartmentRefused):
            return Prefill()
        filled = _as_kept(source.fill(answered.body))
        return Prefill(
            {
                name: Known(value, answered.department, answered.as_of)
                for name, value in filled.items()
                if value is not None
            }
        )

    def division(self, given: Mapping[str, Any]) -> str | None:
        """The office of the division that the form names, if it has such a field."""
        division = given.get("division_code")
        return None if division is None else str(division)

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:  # noqa: ARG002 - as the protocol says
        """What applicant and officer should know of the form as it stands."""
        return ()

    def problems(self, form: F) -> Iterable[FieldProblem]:  # noqa: ARG002 - as the protocol says
        """What contradicts itself in a complete form."""
        return ()

    @abstractmethod
    def parts(self, form: F) -> Mapping[str, Any]:
        """What the department is told of the form to carry it out, and nothing else."""

    def parts_after(self, form: F, done: Done) -> Mapping[str, Any]:  # noqa: ARG002 - most matters have one department
        """What the department is told once other departments have done their parts, by what they said."""
        return self.parts(form)

    async def carry_out_first(self, approved: Approved) -> PartDone | None:
        """Place the next order of another department."""
        one = self._next(approved.done)
        if one is None:
            return None
        _, told = await self._place(approved, one.order, one.parts(msgspec.convert(approved.values, self.form)))
        return PartDone(one.order.department, one.order.service, msgspec.to_builtins(told))

    def turn_of(self, done: Done) -> str | None:
        """The department of the next order."""
        one = self._next(done)
        return self.order.department if one is None else one.order.department

    def _next(self, done: Done) -> First[Any] | None:
        return next((one for one in self.first if one.order.service not in done), None)

    async def _place(self, approved: Approved, order: Order[R], parts: Mapping[str, Any]) -> tuple[Resident, R]:
        async with transaction(_DESK):
            person = await resident(approved.applying.subject_id)
        if person.id_number is None:
            raise NumberNeeded
        told = msgspec.to_builtins(dict(parts))
        said = await self._orders.place(approved.applying.asking, order, approved.number, person.id_number, told)
        return person, said.body

    async def carry_out(self, approved: Approved) -> Settle:
        """Place the order, and give what is written once it is done."""
        form = msgspec.convert(approved.values, self.form)
        person, told = await self._place(approved, self.order, self.parts_after(form, approved.done))  # type: ignore[arg-type]

        async def settle() -> tuple[Grant, ...]:
            return await self.settle(approved, person, told)

        return settle

    async def settle(self, approved: Approved, person: Resident, told: T) -> tuple[Grant, ...]:
        """Write what follows here, in the transaction that issues the case, and give its licences; most matters only have these."""
        return tuple(self.grants(approved, person, told))

    def grants(self, approved: Approved, person: Resident, told: T) -> Iterable[Grant]:  # noqa: ARG002 - as the protocol says
        """The licences that the decision gives; none, if the matter gives none."""
        return ()


def _own(person: Resident, readers: Mapping[str, Callable[[Resident], Any]]) -> Prefill:
    proved = person.real_name_at or person.known_since
    values = _as_kept({name: read(person) for name, read in readers.items()})
    return Prefill({name: Known(value, POLICE, proved) for name, value in values.items() if value is not None})


def _as_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a case keeps them (dates as text, tuples as lists), so that what is said later compares with what was kept."""
    kept: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(dict(values)))
    return kept


def register_applications(registers: Registers, orders: Orders, *kinds: type[Application[Any, Any]]) -> None:
    """Offer a stage's applications; called from wiring."""
    for kind in kinds:
        register_form(kind(registers, orders))
