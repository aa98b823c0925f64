"""Submitting a case, confirmed by a code, beside the same writes done by hand: the same statements, as many bytes, one transaction.

Run `python -m bench.submit [--quick]`. An embedded PostgreSQL of its own, fsync on. What one submission writes is recorded and done by hand for
other cases through the same pool, without reading, checking or sealing anything; both take turns. The share of the evidence (the city's
seal, OCSP answer, time-stamp, and checking them), which anybody can verify by openssl later, is measured by itself. The target is 1.5 times.
"""

import asyncio
import json
import re
import sys
import time
from functools import partial
from typing import Any, Final
from uuid import UUID

import msgspec

from app import wiring
from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import DB, _context, close_pool, open_pool, transaction
from app.kernel.ids import new_id, shard_of
from app.kernel.migrating import migrate
from app.kernel.settings import load
from app.pki.setup import prepare
from bench.ledger import a_server
from bench.turns import median, worst
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import archiving, casebook, drafts, signing_input, submission
from lifecycle.cases.fields import Known, Prefill
from lifecycle.cases.structs import CaseRef, FormChange, NewCase, Submission
from lifecycle.catalogue.published import open_catalogue
from tests.makers.callers import the_recorded_authorities
from tests.makers.cases import a_code
from tests.makers.outside import Phones
from tests.makers.people import a_guardian_of, a_newborn

TARGET_RATIO: Final = 1.5
WARMING: Final = 20
_WRITES: Final = re.compile(r"\s*(WITH sealed AS \(\s*)?(INSERT|UPDATE)\b")
Statement = tuple[str, tuple[Any, ...]]


class Draft(msgspec.Struct, frozen=True):
    """A complete draft whose code has been sent, and its applicant."""

    citizen: Citizen
    child: UUID
    case: CaseRef
    code: str
    payload: bytes


async def a_draft() -> Draft:
    """A mother's draft for her child, as departments and she filled it in."""
    child = await a_newborn()
    mother = await a_guardian_of(child, name="于晓彤")
    opened = await drafts.open_case(mother, NewCase(MATTER, child))
    async with transaction(mother):
        case = await casebook.find(opened.id)
        await casebook.write(case, known=await casebook.sealed_column(case, "known", told()), known_at=clock.now())
    form = {"child_name": "于安然", "follow": "mother", "ethnicity_code": "01"}
    case_ref = await drafts.change(mother, opened.id, opened.version + 1, FormChange(form))
    code = await a_code(Phones(), mother, opened.id)
    return Draft(mother, child, case_ref, code, await signing_input.payload_of(mother, opened.id))


def told() -> Prefill:
    """What hospital and police say."""
    household = {"household_no": "370602123", "address": "山东省烟台市芝罘区福海路1号", "division_code": "370602"}
    said = {
        "certificate_no": "T370000001",
        "sex": "female",
        "born_at": clock.now().isoformat(),
        "birth_place": "烟台市妇幼保健院",
        "mother_name": "于晓彤",
        "father_name": "王建国",
        "mother_household": household,
        "father_household": household,
    }
    return Prefill({name: Known(value, "GAJ", clock.now()) for name, value in said.items()})


async def submitted(draft: Draft) -> None:
    """Submit by the use case."""
    await submission.submit(draft.citizen, draft.case.id, Submission(confirmation_code=draft.code))


async def recorded(draft: Draft) -> tuple[list[Statement], int]:
    """What a submission writes, and how many statements it sends in all."""
    sent: list[Statement] = []

    def note(query: Any) -> None:
        sent.append((query.query, tuple(query.args or ())))

    async with _pool().acquire() as connection:
        connection.add_query_logger(note)
    await submitted(draft)
    async with _pool().acquire() as connection:
        connection.remove_query_logger(note)
    in_transaction = [one for one in sent if "pg_advisory_unlock_all" not in one[0]]
    return [one for one in in_transaction if _WRITES.match(one[0])], len(in_transaction)


def by_hand(written: list[Statement], model: Draft, draft: Draft, number: str) -> list[Statement]:
    """The same statements for another case: its ids and number in the place of the model's, new ids in the place of other rows'."""
    same = {
        model.case.id: draft.case.id,
        model.child: draft.child,
        model.citizen.id: draft.citizen.id,
        shard_of(model.case.id): shard_of(draft.case.id),
    }
    new: dict[object, object] = {}
    told = {str(old): str(other) for old, other in same.items() if isinstance(old, UUID)}

    def another(value: object) -> object:
        if isinstance(value, UUID):
            return same.get(value) or new.setdefault(value, new_id(draft.child))
        if isinstance(value, str):
            for old, other in told.items():
                value = value.replace(old, other)
            return number if re.fullmatch(r"YT[0-9]{16}", value) else value
        return same.get(value, value) if type(value) is int else value

    return [(sql, tuple(another(value) for value in arguments)) for sql, arguments in written]


async def wrote(citizen: Citizen, statements: list[Statement]) -> None:
    """Send statements in one transaction, and nothing else; some of them only the system may."""
    async with _pool().acquire() as connection:
        await connection.execute(f"BEGIN; {_context(System(str(citizen.id)))}")
        for sql, arguments in statements:
            await connection.execute(sql, *arguments)
        await connection.execute("COMMIT")


async def archived(draft: Draft) -> None:
    """Gather and check the evidence that a submission keeps, and keep none."""
    async with transaction(draft.citizen):
        case = await casebook.find(draft.case.id)
        await archiving.archive_confirmation(draft.citizen.hand, {"case_id": case.id}, draft.payload)


async def emptily(draft: Draft) -> None:
    """What `archived` does besides."""
    async with transaction(draft.citizen):
        await casebook.find(draft.case.id)


async def measure(rounds: int) -> dict[str, object]:
    """Prepare drafts, and submit, write by hand and gather evidence in turns."""
    await migrate(load())
    await asyncio.to_thread(prepare, load())
    wiring.connect(load())
    await open_pool(load())
    await open_catalogue()
    await the_recorded_authorities()
    took: dict[str, list[float]] = {"submitted": [], "by hand": [], "archived": [], "emptily": []}
    try:
        model = await a_draft()
        written, statements = await recorded(model)
        for number in range(WARMING + rounds):
            ours, theirs = await a_draft(), await a_draft()
            hand = by_hand(written, model, theirs, f"YT{20990101_00_000000 + number}")
            for name, act in (
                ("archived", partial(archived, ours)),
                ("emptily", partial(emptily, ours)),
                ("submitted", partial(submitted, ours)),
                ("by hand", partial(wrote, theirs.citizen, hand)),
            ):
                start = time.perf_counter()
                await act()
                if number >= WARMING:
                    took[name].append((time.perf_counter() - start) * 1_000)
    finally:
        await close_pool()
    print(f"{len(written)} statements by hand (and BEGIN, COMMIT), {statements} sent by a submission")
    return report({name: sorted(each) for name, each in took.items()})


def report(took: dict[str, list[float]]) -> dict[str, object]:
    """What is printed last."""
    for name, each in took.items():
        print(f"{name:10} p50 {median(each):6.2f} ms, p99 {worst(each):6.2f} ms")
    ours, yardstick = median(took["submitted"]), median(took["by hand"])
    evidence = median(took["archived"]) - median(took["emptily"])
    met, without = ours / yardstick <= TARGET_RATIO, (ours - evidence) / yardstick
    print(
        f"evidence (seal, OCSP answer, time-stamp, and checking them) takes {evidence:.2f} ms of it, {evidence / ours:.0%}"
    )
    print(
        f"{ours / yardstick:.2f} times the bare writes, {without:.2f} times without the evidence; the target is {TARGET_RATIO}"
    )
    return {
        "bench": "submit",
        "ours": round(ours, 3),
        "yardstick": round(yardstick, 3),
        "yardstick_name": "the same INSERTs and UPDATEs by hand, one transaction",
        "ratio": round(ours / yardstick, 2),
        "target_ratio": TARGET_RATIO,
        "evidence_ms": round(evidence, 3),
        "ratio_without_evidence": round(without, 2),
        "p50_ms": round(ours, 3),
        "p99_ms": round(worst(took["submitted"]), 3),
        "met": met,
    }


def main() -> None:
    """Measure and print; the exit code says whether the target is met."""
    rounds = 100 if "--quick" in sys.argv else 1_000
    with a_server():
        found = asyncio.run(measure(rounds))
    print(json.dumps(found))
    raise SystemExit(not found["met"])


def _pool() -> Any:
    assert DB.pool is not None
    return DB.pool


if __name__ == "__main__":
    main()
