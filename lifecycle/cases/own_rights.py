"""What this room exports of a person, and what it may erase."""

from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words
from app.keys.persons import open_for_person
from lifecycle.cases import casebook
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.states import OPEN

TABLES: Final = ("matter_case", "case_event", "case_signature")
_PLAIN: Final = (
    "id",
    "number",
    "matter_code",
    "matter_version",
    "department",
    "division",
    "state",
    "applicant_as",
    "opened_at",
    "submitted_at",
)


class CaseExporter:
    """Exports every case about a person: what was filled in, what departments said, what happened, what was signed."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Everything of the person in these tables, with sealed values opened."""
        async with transaction(OFFICE):
            rows = await fetch_all(
                "SELECT * FROM matter_case WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                shard_of(citizen_id),
                citizen_id,
            )
            cases = [casebook.read_row(row) for row in rows]
            return {
                "matter_case": [await _case(case) for case in cases],
                "case_event": [row for case in cases for row in await _events(case)],
                "case_signature": [row for case in cases for row in await _signatures(case)],
            }


class CaseEraser:
    """Keeps what was submitted, which is an administrative file (档案法), and blanks drafts that never were."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Blank the person's drafts and thrown-away drafts, and say how many those were."""
        async with transaction(OFFICE):
            return await execute(
                "UPDATE matter_case SET answers = NULL, known = NULL, known_at = NULL, state = 'withdrawn', version = version + 1 "
                "WHERE shard = $1 AND citizen_id = $2 AND number IS NULL AND (answers IS NOT NULL OR known IS NOT NULL)",
                *(shard_of(citizen_id), citizen_id),
            )


class OpenCases:
    """Nobody is erased while an office decides on a case of theirs."""

    code = "open_cases"
    title = Words(
        zh="有正在办理的事项，请等待办结或先撤回。", en="A case is under way; please wait for its end or withdraw it."
    )

    async def count(self, citizen_id: UUID) -> int:
        """Submitted cases that haven't ended, locked."""
        rows = await fetch_all(
            "SELECT id FROM matter_case WHERE shard = $1 AND citizen_id = $2 AND number IS NOT NULL AND state = ANY ($3) FOR UPDATE",
            *(shard_of(citizen_id), citizen_id, [state.value for state in OPEN]),
        )
        return len(rows)


async def _case(case: CaseFile) -> dict[str, object]:
    answers, prefill = await casebook.opened(case)
    plain: dict[str, object] = {name: getattr(case, name) for name in _PLAIN}
    proposed = await casebook.proposed_reason(case) or None
    return plain | {"answers": answers, "known": msgspec.to_builtins(prefill.known), "proposed_reason": proposed}


async def _events(case: CaseFile) -> list[dict[str, object]]:
    return [
        {
            "case_id": case.id,
            "at": one.at,
            "what": one.what,
            "state": one.state.value,
            "reason": one.detail.reason,
            "told": one.detail.part and one.detail.part.told,
        }
        for one in await casebook.history(case)
    ]


async def _signatures(case: CaseFile) -> list[dict[str, object]]:
    rows = await fetch_all(
        "SELECT * FROM case_signature WHERE shard = $1 AND case_id = $2 ORDER BY id", case.shard, case.id
    )

    async def opened(row: Any, column: str) -> str | None:
        if row[column] is None:
            return None
        return (await open_for_person(case.citizen_id, "case_signature", column, row["id"], row[column])).decode()

    return [
        {
            "case_id": case.id,
            "at": row["at"],
            "kind": row["kind"],
            "payload": await opened(row, "payload"),
            "proof": await opened(row, "proof"),
            "evidence": await opened(row, "evidence"),
        }
        for row in rows
    ]
