"""What a stage registers so that a matter can be applied for: its form, what is known already, its rules, and its end."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Literal, Protocol
from uuid import UUID

import msgspec

from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from integrations.exchange.structs import Asking, Basis, EndUser
from lifecycle.cases.errors import MatterHasNoForm
from lifecycle.cases.fields import Prefill
from lifecycle.cases.parts_done import Done, PartDone
from lifecycle.cases.states import Step
from lifecycle.licences.structs import Grant


class Applying(msgspec.Struct, frozen=True):
    """Who applies for what and for whom; `end_user` is who stands behind a question to a department."""

    case_id: UUID
    matter_code: str
    subject_id: UUID
    applicant_id: UUID
    end_user: EndUser
    within: Literal["case", "bundle"] = "case"

    @property
    def asking(self) -> Asking:
        """Why a department is asked: for this case (or for the bundle of which it will be a step), in this person's affairs."""
        return Asking(self.subject_id, self.matter_code, Basis(self.within, str(self.case_id)), self.end_user)


class Approved(msgspec.Struct, frozen=True):
    """A case that an officer approved, as its department is told of it; `done` is what other departments have said since."""

    applying: Applying
    number: str
    values: dict[str, Any]
    approved_at: datetime
    done: Done = {}


class Standing(msgspec.Struct, frozen=True):
    """A case before an officer's step, with what its citizen signed; `accepted_on` is the day of acceptance, once there was one."""

    citizen_id: UUID
    values: dict[str, Any]
    accepted_on: date | None


WhenLate = Literal["overdue", "granted", "lapsed"]
"""What law makes of a case that isn't decided in time: the office is late, the application counts as granted, or as withdrawn."""
Settle = Callable[[], Awaitable[tuple[Grant, ...]]]
"""Writes what the decision changes, in the transaction that issues the case; gives the licences to issue."""


class MatterForm(Protocol):
    """One matter that can be applied for. Its methods that ask departments run outside every transaction."""

    @property
    def matter_code(self) -> str:
        """The matter's code in the catalogue."""

    @property
    def form(self) -> type[msgspec.Struct]:
        """The form, a struct of fields described by `fields.field`."""

    @property
    def data_classes(self) -> frozenset[DataClass]:
        """The kinds of a person's data that the form shows; an officer needs each of them granted to see it."""

    async def admit(self, citizen: Citizen, subject_id: UUID) -> None:
        """Refuse, by name, a person for whom this can't be applied for."""

    async def prefill(self, applying: Applying) -> Prefill:
        """Ask departments for what they know; one that doesn't answer is named, not raised."""

    def division(self, given: Mapping[str, Any]) -> str | None:
        """The division whose office decides, once the form says it."""

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """What the citizen should know about the form as it stands (late, but still allowed …)."""

    def problems(self, form: Any) -> Iterable[FieldProblem]:
        """What contradicts itself in a complete form."""

    def problems_on(self, form: Any, as_of: date) -> Iterable[FieldProblem]:
        """What can't be asked for on the day on which the form was first handed in."""

    async def carry_out_first(self, approved: Approved) -> PartDone | None:
        """Have the next of other departments do its part, whose result the matter's own needs; nothing, once none is left."""

    def turn_of(self, done: Done) -> str | None:
        """The department whose turn it is in an approved case; none where it is the matter's own and no other has a part in it."""

    async def carry_out(self, approved: Approved) -> Settle:
        """Have the department do what was decided; harmless when repeated. Gives what to write then."""

    @property
    def in_person(self) -> frozenset[Step]:
        """The officer's steps for which somebody must have been checked in at the counter today."""

    @property
    def when_late(self) -> WhenLate:
        """What becomes of a case that isn't decided in time."""

    @property
    def another_withdraws(self) -> bool:
        """Whether somebody else whose will the application needs may withdraw it, too; they do so at the counter."""

    def allow(self, step: Step, standing: Standing) -> None:
        """Refuse, by name, an officer's step that law doesn't allow now (too early, a bar)."""

    async def look_into(self, applying: Applying, given: Mapping[str, Any]) -> None:
        """Refuse, by name, an approval against which something is known that the applicant isn't entitled to be shown."""

    def days_from_acceptance(self, accepted_on: date) -> int | None:
        """The calendar days after acceptance within which law itself ends the case; none where the catalogue's limit holds."""

    def notes_accepted(self, accepted_on: date) -> Iterable[Words]:
        """What both sides should know once the case was accepted on a day."""

    def decides_itself(self, form: Any) -> bool:
        """Whether a complete form is granted by rule at once (秒批), departments saying the same then; nothing is refused by rule."""


class OrdinaryMatter:
    """How most matters are handled: at the desk, by an officer, who may be late."""

    in_person: ClassVar[frozenset[Step]] = frozenset()
    when_late: ClassVar[WhenLate] = "overdue"
    another_withdraws: ClassVar[bool] = False

    def problems_on(self, form: Any, as_of: date) -> Iterable[FieldProblem]:  # noqa: ARG002 - as the protocol says
        """Take a form on every day."""
        return ()

    def allow(self, step: Step, standing: Standing) -> None:
        """Allow every step that the case's state allows."""

    async def look_into(self, applying: Applying, given: Mapping[str, Any]) -> None:
        """Know of nothing against it."""

    async def carry_out_first(self, approved: Approved) -> PartDone | None:  # noqa: ARG002 - as the protocol says
        """No other department has a part in it."""
        return None

    def turn_of(self, done: Done) -> str | None:  # noqa: ARG002 - as the protocol says
        """Its own department's."""
        return None

    def days_from_acceptance(self, accepted_on: date) -> int | None:  # noqa: ARG002 - as the protocol says
        """Leave it to the catalogue."""
        return None

    def notes_accepted(self, accepted_on: date) -> Iterable[Words]:  # noqa: ARG002 - as the protocol says
        """Nothing changes with the acceptance."""
        return ()

    def decides_itself(self, form: Any) -> bool:  # noqa: ARG002 - as the protocol says
        """Leave every decision to an officer."""
        return False


_forms: dict[str, MatterForm] = {}


def register_form(form: MatterForm) -> None:
    """Make a matter one that can be applied for; called from wiring."""
    _forms[form.matter_code] = form


def find_form(matter_code: str) -> MatterForm | None:
    """The form of a matter, if it can be applied for (still)."""
    return _forms.get(matter_code)


def form_of(matter_code: str) -> MatterForm:
    """The form of a matter; refuses `MatterHasNoForm`."""
    form = find_form(matter_code)
    if form is None:
        raise MatterHasNoForm(matter=matter_code)
    return form


def citizen_user(citizen_id: UUID) -> EndUser:
    """A citizen as who stands behind a question."""
    return EndUser("citizen", str(citizen_id))
