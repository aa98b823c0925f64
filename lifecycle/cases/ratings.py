"""Ratings of how a case was handled (好差评; 国办发〔2019〕51号): one for each case, five grades, and an answer to every bad one.

Whoever handled the case doesn't answer what was said of it.
"""

from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen, Officer, granted
from app.kernel.calendar import CalendarUnknown, add_working_days
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.events import Event, tell
from app.kernel.ids import new_id, shard_of
from app.kernel.paging import Page, decode_cursor, page
from app.kernel.two_officers import require_not_ones_own, require_other_person
from app.keys.persons import open_for_person, seal_for_person
from lifecycle.cases import casebook, decisions, timing
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.errors import NotTheApplicant, NotToRateYet, RatingAnswered, RatingUnknown
from lifecycle.cases.events import CaseRated, RatingWasAnswered
from lifecycle.cases.limits import limit_on
from lifecycle.cases.rating_structs import (
    MatterRatings,
    NewRating,
    RatingAnswer,
    RatingItem,
    RatingPlace,
    RatingSummary,
    RatingView,
    Wanted,
)
from lifecycle.cases.states import ENDED, State
from lifecycle.catalogue import published

BAD_UP_TO: Final = 2
"""Dissatisfied and very dissatisfied (不满意、非常不满意): the office must answer."""
_TABLE: Final = "case_rating"
_FIND: Final = "SELECT * FROM case_rating WHERE shard = $1 AND case_id = $2"
_INSERT: Final = """
INSERT INTO case_rating (id, shard, citizen_id, case_id, at, stars, text, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
"""
_CHANGE: Final = """
UPDATE case_rating SET at = $3, stars = $4, text = $5, version = version + 1 WHERE shard = $1 AND id = $2 AND answered_at IS NULL
"""
_PROJECT: Final = """
INSERT INTO rating_entry (case_id, department, matter_code, division, number, stars, rated_at, answer_by, answered_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (department, case_id) DO UPDATE SET stars = excluded.stars,
rated_at = excluded.rated_at, answer_by = excluded.answer_by, answered_at = excluded.answered_at, version = excluded.version
WHERE rating_entry.version < excluded.version
"""
_GRANTED: Final = """
EXISTS (SELECT 1 FROM unnest($2::text[], $3::text[]) AS granted (matter, division)
    WHERE granted.matter IN ('*', e.matter_code) AND (granted.division = '*' OR starts_with(e.division, granted.division)))
"""
_LIST: Final = f"""
SELECT * FROM rating_entry e WHERE e.department = $1 AND {_GRANTED}
AND ($4 = 'all' OR e.stars <= {BAD_UP_TO}) AND ($4 <> 'unanswered' OR e.answered_at IS NULL)
AND ($5::timestamptz IS NULL OR (e.rated_at, e.case_id) < ($5, $6::uuid)) ORDER BY e.rated_at DESC, e.case_id DESC LIMIT $7
"""
_SUMMARY: Final = f"""
SELECT e.matter_code, array_agg(e.stars) AS stars, count(*) FILTER (WHERE e.stars <= {BAD_UP_TO} AND e.answered_at IS NULL) AS bad
FROM rating_entry e WHERE e.department = $1 AND {_GRANTED} GROUP BY e.matter_code ORDER BY e.matter_code
"""


async def rate(citizen: Citizen, case_id: UUID, given: NewRating) -> RatingView:
    """Rate a case that has come to its end; rating it again replaces what was said, until the office has answered.

    Refuses `CaseNotFound`, `NotTheApplicant`, `NotToRateYet`, and `RatingAnswered`.
    """
    async with transaction(citizen):
        case = await casebook.find_for(citizen, case_id, lock=True)
        if citizen.id not in {case.applicant_id, case.citizen_id}:
            raise NotTheApplicant
        if case.number is None or case.state not in ENDED | {State.ISSUED}:
            raise NotToRateYet(state=case.state.value)
        known = await _find(case)
        row_id = known["id"] if known else new_id(case.citizen_id)
        text = None if given.text is None else await _seal(case, "text", row_id, given.text)
        if known is None:
            await execute(
                _INSERT,
                *(row_id, shard_of(row_id), case.citizen_id, case.id, clock.now(), given.stars, text),
            )
        elif not await execute(_CHANGE, case.shard, row_id, clock.now(), given.stars, text):
            raise RatingAnswered
        await tell(CaseRated(citizen_id=case.citizen_id, subject_id=case.id))
        await seal_act(Act.CASE_RATED, citizen, about=case.citizen_id, subject=case.id)
        return await _view(case, await _there(case))


async def own(citizen: Citizen, case_id: UUID) -> RatingView:
    """The rating of a case with the office's answer. Refuses `CaseNotFound` and `RatingUnknown`."""
    async with transaction(citizen):
        case = await casebook.find_for(citizen, case_id)
        await note_ward_look(citizen, case.citizen_id)
        return await _view(case, await _there(case))


async def read(officer: Officer, case_id: UUID) -> RatingView:
    """Read what was said of a case; that somebody did is sealed. Refuses as `decisions.find_for` does, and `RatingUnknown`."""
    async with transaction(officer):
        case = await decisions.find_for(officer, case_id)
        view = await _view(case, await _there(case))
        await _seal_act(Act.RATING_READ, officer, case)
        return view


async def answer(officer: Officer, case_id: UUID, said: RatingAnswer) -> RatingView:
    """Answer a rating, once; the citizen is told.

    Refuses as `read` does, `SameOfficer` whoever handled the case or is concerned, and `RatingAnswered`.
    """
    async with transaction(officer):
        case = await decisions.find_for(officer, case_id, lock=True)
        require_not_ones_own(officer, case.citizen_id, case.applicant_id)
        require_other_person(case.officer_id, officer)
        row = await _there(case)
        written = await execute(
            "UPDATE case_rating SET answer = $3, answered_at = $4, answered_by = $5, version = version + 1 "
            "WHERE shard = $1 AND id = $2 AND answered_at IS NULL",
            *(
                case.shard,
                row["id"],
                await _seal(case, "answer", row["id"], said.answer),
                clock.now(),
                officer.principal,
            ),
        )
        if not written:
            raise RatingAnswered
        await tell(RatingWasAnswered(citizen_id=case.citizen_id, subject_id=case.id))
        await _seal_act(Act.RATING_ANSWERED, officer, case)
        return await _view(case, await _there(case))


async def listed(officer: Officer, wanted: Wanted, cursor: str | None, limit: int) -> Page[RatingItem]:
    """The ratings of cases that the officer may handle, newest first, without personal data."""
    after = decode_cursor(cursor, RatingPlace) if cursor else None
    async with transaction(officer):
        rows = await fetch_all(
            _LIST,
            *(officer.department, *granted(officer, decisions.RIGHT, clock.today()), wanted),
            *((after.rated_at, after.case_id) if after else (None, None)),
            limit + 1,
        )
    last = rows[limit - 1] if len(rows) > limit else None
    return page([_item(row) for row in rows], limit, RatingPlace(last["rated_at"], last["case_id"]) if last else None)


async def summary(officer: Officer) -> RatingSummary:
    """How the matters that the officer may handle were rated."""
    async with transaction(officer):
        rows = await fetch_all(_SUMMARY, officer.department, *granted(officer, decisions.RIGHT, clock.today()))
    return RatingSummary([_matter(row) for row in rows])


async def project(event: Event) -> None:
    """Bring the department's list up to date with a rating or its answer; a subscriber. An older state never overwrites a newer."""
    case = await casebook.find(event.subject_id)
    row = await _find(case)
    if row is None or case.number is None:
        return
    await execute(
        _PROJECT,
        *(case.id, case.department, case.matter_code, case.division, case.number, row["stars"], row["at"]),
        *(_answer_by(row), row["answered_at"], row["version"]),
    )


def _answer_by(row: Row) -> object:
    """By when the office must answer a bad rating."""
    if row["stars"] > BAD_UP_TO:
        return None
    rated_on = clock.local(row["at"]).date()
    try:
        return add_working_days(rated_on, limit_on(rated_on, "bad_rating_working_days"))
    except CalendarUnknown:
        return None


async def _find(case: CaseFile) -> Row | None:
    return await fetch_one(_FIND, case.shard, case.id)


async def _there(case: CaseFile) -> Row:
    row = await _find(case)
    if row is None:
        raise RatingUnknown
    return row


async def _seal(case: CaseFile, column: str, row_id: UUID, text: str) -> bytes:
    return await seal_for_person(case.citizen_id, _TABLE, column, row_id, msgspec.json.encode(text))


async def _view(case: CaseFile, row: Row) -> RatingView:
    async def opened(column: str) -> str | None:
        if row[column] is None:
            return None
        return msgspec.json.decode(
            await open_for_person(case.citizen_id, _TABLE, column, row["id"], row[column]), type=str
        )

    return RatingView(
        case_id=case.id,
        stars=row["stars"],
        text=await opened("text"),
        rated_at=row["at"],
        answer=await opened("answer"),
        answered_at=row["answered_at"],
        changeable=row["answered_at"] is None,
    )


async def _seal_act(act: Act, officer: Officer, case: CaseFile) -> None:
    await seal_act(act, officer, about=case.citizen_id, subject=case.id, basis=Basis("case", case.named))


def _item(row: Row) -> RatingItem:
    return RatingItem(
        case_id=row["case_id"],
        number=row["number"],
        matter_code=row["matter_code"],
        matter_name=published.matter(row["matter_code"]).name,
        division=row["division"],
        stars=row["stars"],
        rated_at=row["rated_at"],
        answer_by=row["answer_by"],
        answered=row["answered_at"] is not None,
        overdue=row["answered_at"] is None and timing.is_overdue(row["answer_by"]),
    )


def _matter(row: Row) -> MatterRatings:
    stars = row["stars"]
    one, two, three, four, five = (stars.count(number) for number in range(1, 6))
    name = published.matter(row["matter_code"]).name
    return MatterRatings(row["matter_code"], name, (one, two, three, four, five), row["bad"])
