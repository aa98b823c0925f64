"""Asking another department's opinion of a case (征求意见, 联合审查): the case stays on its desk, and its clock runs on.

The asked department sees what was passed on, and nothing else of the case or the person. An opinion binds nobody, but an approval
waits for it; whoever holds the case may take the question back.
"""

from datetime import date
from typing import Any, Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.identity.officers import holding
from app.kernel import clock
from app.kernel.actors import NoRight, Officer, classes_shown, granted, may, require_right
from app.kernel.calendar import CalendarUnknown, add_working_days
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.errors import FieldProblem
from app.kernel.events import tell
from app.kernel.paging import Page, decode_cursor, page
from app.kernel.two_officers import require_not_ones_own, require_other_person
from app.kernel.words import Words
from lifecycle.cases import casebook, decisions, fields, opinion_rows, timing
from lifecycle.cases.casebook import CaseFile, Detail
from lifecycle.cases.desk_errors import NobodyToAdvise, OpinionAskedAlready, OpinionClosed, OpinionUnknown
from lifecycle.cases.desk_structs import (
    OpinionAnswer,
    OpinionAsked,
    OpinionAsking,
    OpinionItem,
    OpinionPlace,
    OpinionRef,
    PassedField,
)
from lifecycle.cases.errors import FieldsWrong, StepNotAllowed
from lifecycle.cases.events import OpinionMoved
from lifecycle.cases.forms import form_of
from lifecycle.cases.limits import limit_on
from lifecycle.cases.opinion_rows import Content, Opinion
from lifecycle.cases.states import ON_DESK
from lifecycle.catalogue import published

RIGHT: Final = "advise"
ACTIONS: Final = {RIGHT: Words(zh="答复其他部门征求意见", en="Give opinions that other departments ask for")}
_LIST: Final = """
SELECT * FROM opinion_entry e WHERE e.department = $1 AND (e.asked_at, e.opinion_id) > ($2, $3::uuid)
AND ($4::date IS NULL OR e.due_on < $4)
AND EXISTS (SELECT 1 FROM unnest($5::text[], $6::text[]) AS granted (matter, division)
            WHERE granted.matter IN ('*', e.matter_code) AND (granted.division = '*' OR starts_with(e.division, granted.division)))
ORDER BY e.asked_at, e.opinion_id LIMIT $7
"""
_FIRST: Final = OpinionPlace(clock.from_epoch(0), UUID(int=0))


async def ask(officer: Officer, case_id: UUID, asking: OpinionAsking) -> OpinionRef:
    """Ask another department about a claimed case, passing on some fields of its form as they stand now.

    Refuses as `decisions.find_claimed` does, `StepNotAllowed`, `FieldsWrong`, `NobodyToAdvise` and `OpinionAskedAlready`.
    """
    async with transaction(officer):
        case = await decisions.find_claimed(officer, case_id)
        if case.state not in ON_DESK:
            raise StepNotAllowed(state=case.state.value, step="ask_opinion")
        passed = await _passed(case, asking.fields)
        await _refuse_nobody(case, asking.department)
        content = Content(asking.question, passed)
        opinion_id = await opinion_rows.insert(officer, case, asking.department, _due_on(asking.working_days), content)
        if opinion_id is None:
            raise OpinionAskedAlready
        await _tell(officer, case, opinion_id, "ask_opinion", _name(asking.department))
        await _seal(Act.OPINION_ASKED, officer, case)
        return OpinionRef(opinion_id, "open")


async def withdraw(officer: Officer, opinion_id: UUID) -> OpinionRef:
    """Take a question back, as whoever holds the case; a repeat changes nothing.

    Refuses as `decisions.find_claimed` does, `OpinionUnknown`, and `OpinionClosed` what was answered.
    """
    async with transaction(officer):
        opinion = await opinion_rows.find(opinion_id)
        if (await casebook.find(opinion.case_id)).department != officer.department:
            raise OpinionUnknown
        case = await decisions.find_claimed(officer, opinion.case_id)
        opinion = await opinion_rows.find(opinion_id)
        if opinion.state == "withdrawn":
            return OpinionRef(opinion.id, opinion.state)
        opinion = await opinion_rows.close(officer, opinion, "withdrawn")
        await _tell(officer, case, opinion.id, "opinion_withdrawn", _name(opinion.department))
        await _seal(Act.OPINION_WITHDRAWN, officer, case)
        return OpinionRef(opinion.id, opinion.state)


async def look_at(officer: Officer, opinion_id: UUID) -> OpinionAsked:
    """Show what one's department is asked and what was passed on; that somebody looked is sealed, and the citizen sees it.

    Refuses `OpinionUnknown`, `NoRight`, `SameOfficer` one's own affair, and `OpinionClosed`.
    """
    async with transaction(officer):
        opinion, case = await _asked_of(officer, opinion_id)
        content = await opinion_rows.content_of(opinion)
        await _seal(Act.OPINION_READ, officer, case)
    return OpinionAsked(
        id=opinion.id,
        number=case.named,
        matter_code=opinion.matter_code,
        matter_name=published.matter(opinion.matter_code).name,
        division=opinion.division,
        asked_by=case.department,
        asked_by_name=published.catalogue().department(case.department).name,
        question=content.question,
        fields=content.fields,
        asked_at=opinion.asked_at,
        until=opinion.due_on,
        overdue=opinion.is_overdue,
    )


async def answer(officer: Officer, opinion_id: UUID, said: OpinionAnswer) -> OpinionRef:
    """Give one's department's opinion, once.

    Refuses as `look_at` does, and `SameOfficer` whoever asked (in another account of theirs).
    """
    async with transaction(officer):
        opinion, case = await _asked_of(officer, opinion_id, lock=True)
        require_other_person(opinion.asked_by, officer)
        opinion = await opinion_rows.close(officer, opinion, "agreed" if said.agrees else "disagreed", said.text)
        await _tell(officer, case, opinion.id, "opinion_given", _name(opinion.department))
        await _seal(Act.OPINION_GIVEN, officer, case)
        return OpinionRef(opinion.id, opinion.state)


async def listed(officer: Officer, *, overdue: bool, cursor: str | None, limit: int) -> Page[OpinionItem]:
    """What one's department is asked and the officer may answer, the one that has waited longest first; without personal data."""
    after = decode_cursor(cursor, OpinionPlace) if cursor else _FIRST
    async with transaction(officer):
        rows = await fetch_all(
            _LIST,
            *(officer.department, after.asked_at, after.opinion_id, clock.today() if overdue else None),
            *(*granted(officer, RIGHT, clock.today()), limit + 1),
        )
    last = rows[limit - 1] if len(rows) > limit else None
    return page(
        [_item(row) for row in rows], limit, OpinionPlace(last["asked_at"], last["opinion_id"]) if last else None
    )


async def _asked_of(officer: Officer, opinion_id: UUID, *, lock: bool = False) -> tuple[Opinion, CaseFile]:
    """An opinion that the officer's department is asked for, with its case; locked, it is the case that is."""
    opinion = await opinion_rows.find(opinion_id)
    if opinion.department != officer.department:
        raise OpinionUnknown
    require_right(officer, RIGHT, opinion.matter_code, opinion.division, clock.today())
    case = await casebook.find(opinion.case_id, lock=lock)
    require_not_ones_own(officer, case.citizen_id, case.applicant_id)
    opinion = await opinion_rows.find(opinion_id)
    if opinion.state != "open" or case.state not in ON_DESK:
        raise OpinionClosed(state=opinion.state)
    await _refuse_unless_shown(officer, opinion)
    return opinion, case


async def _refuse_unless_shown(officer: Officer, opinion: Opinion) -> None:
    """Refuse (`NoRight`) an officer whose right doesn't show the kinds of data that were passed on."""
    if not (await opinion_rows.content_of(opinion)).fields:
        return
    shown = classes_shown(officer, RIGHT, opinion.matter_code, opinion.division, clock.today())
    missing = form_of(opinion.matter_code).data_classes - shown
    if missing:
        raise NoRight(action=RIGHT, matter=opinion.matter_code, data_classes=sorted(missing))


async def _passed(case: CaseFile, names: tuple[str, ...]) -> list[PassedField]:
    """The fields named, as the form has them now."""
    known = fields.fields_of(form_of(case.matter_code).form)
    wrong = [
        FieldProblem(pointer=f"/fields/{place}", code="unknown", message="no such field")
        for place, name in enumerate(names)
        if name not in known
    ]
    if wrong:
        raise FieldsWrong(errors=tuple(wrong))
    answers, prefill = await casebook.opened(case)
    given: dict[str, Any] = fields.values(form_of(case.matter_code).form, answers, prefill.known)
    return [PassedField(name, known[name].label, given.get(name)) for name in dict.fromkeys(names)]


async def _refuse_nobody(case: CaseFile, department: str) -> None:
    """Refuse (`NobodyToAdvise`) a department from which no answer could come."""
    if department == case.department or department not in published.catalogue().departments:
        raise NobodyToAdvise
    able = await holding(department, RIGHT)
    if not any(may(one, RIGHT, case.matter_code, case.division, clock.today()) for one in able):
        raise NobodyToAdvise


def _due_on(working_days: int | None) -> date | None:
    today = clock.today()
    try:
        return add_working_days(today, working_days or limit_on(today, "opinion_working_days"))
    except CalendarUnknown:
        return None


def _name(department: str) -> str:
    return published.catalogue().department(department).name.zh


async def _tell(officer: Officer, case: CaseFile, opinion_id: UUID, what: str, department: str) -> None:
    await casebook.add_event(case, what, officer, Detail(department))
    await tell(OpinionMoved(citizen_id=case.citizen_id, subject_id=opinion_id))


async def _seal(act: Act, officer: Officer, case: CaseFile) -> None:
    await seal_act(act, officer, about=case.citizen_id, subject=case.id, basis=Basis("case", case.named))


def _item(row: Row) -> OpinionItem:
    return OpinionItem(
        id=row["opinion_id"],
        number=row["number"],
        matter_code=row["matter_code"],
        matter_name=published.matter(row["matter_code"]).name,
        division=row["division"],
        asked_by=row["asked_by"],
        asked_by_name=published.catalogue().department(row["asked_by"]).name,
        asked_at=row["asked_at"],
        until=row["due_on"],
        overdue=timing.is_overdue(row["due_on"]),
    )
