"""A citizen's own proof: nothing but published checkpoints speaks for it, and nobody can leave anything out."""

import asyncio
import json
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from app.audit import own_proof, proof_checking
from app.audit.errors import CheckpointUnknown
from app.audit.log_checking import Kind, check_log
from app.audit.log_export import export_log
from app.audit.log_files import AccessProof, FileWrong, HiddenLine, LogLine, read_line, read_proof
from app.audit.log_reading import check_files, write_log
from app.audit.own_proof import Wanted
from app.audit.proof_checking import check_proof
from app.kernel.actors import Citizen, PersonNotYours
from app.kernel.database import DB, transaction
from app.kernel.ids import new_person_id
from app.kernel.settings import Settings
from app.keys.persons import destroy_person_key
from app.pki.authorities import authorities, pem
from tests.makers.log_files import a_log, a_trust
from tests.makers.people import a_citizen, a_guardian_of, a_newborn
from tests.makers.sealed_log import a_checkpoint, a_look_at, all_numbered, heads_of_the_next_day
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")


async def a_looked_at_citizen(looks: int = 3) -> Citizen:
    """A citizen about whom the log has entries, the last one younger than the last committed heads."""
    citizen = await a_citizen()
    for number in range(looks):
        if number == looks - 1:
            await all_numbered()
            await heads_of_the_next_day()
        await a_look_at(citizen.id, case=f"YT{number}")
    await a_checkpoint()
    return citizen


async def pages_of(citizen: Citizen, limit: int = 100) -> list[AccessProof]:
    pages = [await own_proof.own_proof(citizen, Wanted(), limit)]
    while pages[-1].next is not None:
        wanted = Wanted(start=pages[-1].next, checkpoint=pages[0].checkpoint.number)
        pages.append(await own_proof.own_proof(citizen, wanted, limit))
    return pages


def kinds(*pages: AccessProof, kept: tuple[str, ...] = ()) -> set[Kind]:
    return {flaw.kind for flaw in check_proof(pages, a_trust(*kept)).flaws}


class TestProof:
    async def test_proves_every_entry_and_that_none_is_missing(self) -> None:
        citizen = await a_looked_at_citizen()

        (page,) = await pages_of(citizen)
        report = check_proof([page], a_trust(page.checkpoint.note))

        assert report.flaws == []
        assert page.count == len(page.items) == 3
        assert any("complete up to entry 2 of 3" in fact for fact in report.facts)

    async def test_is_read_back_from_its_file(self) -> None:
        (page,) = await pages_of(await a_looked_at_citizen())

        assert read_proof(msgspec.json.encode(page)) == page

    async def test_comes_in_pages_that_hold_together(self) -> None:
        citizen = await a_looked_at_citizen(5)
        await a_look_at(citizen.id)
        pages = await pages_of(citizen, limit=2)
        await a_checkpoint()

        assert [len(page.items) for page in pages] == [2, 2, 1]
        assert kinds(*pages) == set()
        assert kinds(*pages[:2]) == {Kind.TRUNCATED}
        assert Kind.CHAIN in kinds(pages[0], pages[2])
        assert Kind.CHAIN in kinds(pages[1], pages[0], pages[2])

    async def test_of_a_ward_is_the_guardians_to_have(self) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)
        await a_look_at(child)
        await a_checkpoint()

        page = await own_proof.own_proof(guardian, Wanted(child), 100)

        assert (page.person, page.count) == (child, 1)
        assert kinds(page) == set()

    async def test_without_entries_says_so(self) -> None:
        await a_looked_at_citizen()
        stranger = await a_citizen()

        (page,) = await pages_of(stranger)

        assert (page.count, page.items) == (0, [])
        assert page.head is not None
        assert (page.head.count, page.head.leaf) == (0, "")
        assert kinds(page) == set()

    async def test_of_a_stranger_is_refused(self) -> None:
        citizen, stranger = await a_looked_at_citizen(), await a_citizen()

        with pytest.raises(PersonNotYours):
            await own_proof.own_proof(stranger, Wanted(citizen.id), 100)

    async def test_by_a_checkpoint_that_isnt_there_is_refused(self) -> None:
        citizen = await a_looked_at_citizen()

        with pytest.raises(CheckpointUnknown):
            await own_proof.own_proof(citizen, Wanted(checkpoint=2**60), 100)


class TestCensored:
    async def test_an_entry_left_out_in_the_middle_is_missed(self) -> None:
        (page,) = await pages_of(await a_looked_at_citizen())
        without = msgspec.structs.replace(page, items=[page.items[0], page.items[2]], count=2)

        assert kinds(without) >= {Kind.CHAIN}

    async def test_entries_left_out_at_the_end_are_missed_by_the_days_heads(self) -> None:
        (page,) = await pages_of(await a_looked_at_citizen())
        short = msgspec.structs.replace(page, items=page.items[:1], count=1)

        assert kinds(short) == {Kind.TRUNCATED}

    async def test_without_heads_proves_nothing(self) -> None:
        (page,) = await pages_of(await a_looked_at_citizen())

        assert kinds(msgspec.structs.replace(page, head=None)) == {Kind.HEADS}
        assert kinds(msgspec.structs.replace(page, head=None, items=[], count=0)) == {Kind.HEADS}

    async def test_nobody_who_stands_in_the_map_can_be_said_not_to(self) -> None:
        (page,) = await pages_of(await a_looked_at_citizen())
        assert page.head is not None
        absent = msgspec.structs.replace(page.head, count=0, leaf="")

        assert kinds(msgspec.structs.replace(page, head=absent, items=[], count=0)) == {Kind.HEADS}

    async def test_heads_of_an_earlier_day_are_too_old(self, monkeypatch: pytest.MonkeyPatch) -> None:
        (page,) = await pages_of(await a_looked_at_citizen())
        assert page.head is not None
        day = json.loads(page.head.entry.statement)["day"]
        later = datetime.fromisoformat(f"{day}T12:00:00+08:00") + timedelta(days=1)

        assert proof_checking._newest_heads_by(later) == later.date()
        assert proof_checking._newest_heads_by(later.replace(hour=0, minute=14)) == date.fromisoformat(day)
        monkeypatch.setattr(proof_checking, "_newest_heads_by", lambda _at: later.date())
        assert kinds(page) == {Kind.HEADS}

    async def test_another_persons_head_is_no_substitute(self) -> None:
        (page,), (other,) = await pages_of(await a_looked_at_citizen()), await pages_of(await a_looked_at_citizen())
        swapped = msgspec.structs.replace(other, head=page.head)

        assert kinds(swapped) & {Kind.HEADS, Kind.EDIT}

    @pytest.mark.parametrize("field", ["salt", "statement", "number", "path"])
    async def test_an_edit_of_anything_is_found(self, field: str) -> None:
        (page,) = await pages_of(await a_looked_at_citizen())
        entry = page.items[1]
        changed = {
            "salt": msgspec.structs.replace(entry, salt="00" * 32),
            "statement": msgspec.structs.replace(entry, statement=entry.statement.replace("YT1", "YT2")),
            "number": msgspec.structs.replace(entry, number=entry.number - 1),
            "path": msgspec.structs.replace(entry, path=entry.path[:-1]),
        }[field]

        assert kinds(msgspec.structs.replace(page, items=[page.items[0], changed, page.items[2]])) >= {Kind.EDIT}

    async def test_entries_of_somebody_else_are_found(self) -> None:
        (page,), (other,) = await pages_of(await a_looked_at_citizen()), await pages_of(await a_looked_at_citizen())
        mixed = msgspec.structs.replace(other, items=[*other.items[:2], page.items[2]])

        assert kinds(mixed) >= {Kind.EDIT}

    async def test_a_changed_head_is_found(self) -> None:
        (page,) = await pages_of(await a_looked_at_citizen())
        assert page.head is not None
        for head in (
            msgspec.structs.replace(page.head, count=1),
            msgspec.structs.replace(page.head, leaf="00" * 32),
            msgspec.structs.replace(page.head, bucket="zz"),
            msgspec.structs.replace(page.head, bucket_path=[]),
            msgspec.structs.replace(page.head, entry=page.items[0]),
        ):
            assert kinds(msgspec.structs.replace(page, head=head)) >= {Kind.HEADS}

    async def test_a_fork_is_found_by_a_note_that_was_kept(self) -> None:
        (page,) = await pages_of(await a_looked_at_citizen())
        other = a_log(acts=page.items[-1].number + 40)
        forked = other.checkpoints[len(other.leaves)]

        assert kinds(page, kept=(page.checkpoint.note,)) == set()
        assert kinds(msgspec.structs.replace(page, checkpoint=forked)) >= {Kind.EDIT}

    async def test_a_file_of_another_kind_is_refused(self) -> None:
        (page,) = await pages_of(await a_looked_at_citizen())

        for text in (b"", b"[]", msgspec.json.encode(msgspec.structs.replace(page, format="other/1"))):
            with pytest.raises(FileWrong):
                read_proof(text)


class TestWholeLog:
    async def test_of_the_product_is_right(self, tmp_path: Path) -> None:
        await a_looked_at_citizen()
        erased = new_person_id()
        await a_look_at(erased)
        await a_checkpoint()
        async with transaction(SYSTEM):
            await destroy_person_key(erased)

        lines = [read_line(line) async for line in export_log(tmp_path)]

        assert check_log(lines, a_trust()).flaws == []
        assert any(isinstance(line, HiddenLine) for line in lines)
        assert not any(isinstance(line, LogLine) and str(erased) in line.statement for line in lines)

    async def test_in_which_a_row_was_changed_behind_its_back_isnt(self, tmp_path: Path) -> None:
        citizen = await a_looked_at_citizen()
        lines = [read_line(line) async for line in export_log(tmp_path)]
        changed = [
            msgspec.structs.replace(line, statement=line.statement.replace("officer:", "citizen:"))
            if isinstance(line, LogLine) and str(citizen.id) in line.statement
            else line
            for line in lines
        ]

        assert Kind.EDIT in {flaw.kind for flaw in check_log(changed, a_trust()).flaws}

    async def test_is_written_to_a_file_of_its_owner_only(
        self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await a_looked_at_citizen()
        monkeypatch.setattr(DB, "pool", None)
        file, root = tmp_path / "log.jsonl", tmp_path / "root.pem"
        root.write_bytes(pem(authorities().root))

        size = await write_log(settings, file)

        assert check_files([file], root, []).flaws == []
        assert (file.stat().st_size, file.stat().st_mode & 0o777) == (size, 0o600)


def checked(file: Path, root: Path) -> subprocess.CompletedProcess[str]:
    """What the command says of a file, where nothing else was imported before."""
    command = [sys.executable, "-m", "app.cli", "check", "log", str(file), "--ca", str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class TestCommand:
    async def test_verifies_a_proof_from_its_file_in_a_process_of_its_own(self, tmp_path: Path) -> None:
        (page,) = await pages_of(await a_looked_at_citizen())
        proof, root, bad = tmp_path / "proof.json", tmp_path / "root.pem", tmp_path / "bad.json"
        proof.write_bytes(msgspec.json.encode(page))
        bad.write_bytes(msgspec.json.encode(msgspec.structs.replace(page, items=page.items[:1], count=1)))
        root.write_bytes(pem(authorities().root))

        good, wrong = [await asyncio.to_thread(checked, file, root) for file in (proof, bad)]

        assert (good.returncode, wrong.returncode) == (0, 1), good.stderr
        assert "ok   3 entries" in good.stdout
        assert "BAD  truncated" in wrong.stdout
