"""The whole log as a file, while the people in it change."""

from pathlib import Path

import pytest

from app.audit import log_export
from app.audit.log_checking import check_log
from app.audit.log_export import export_log
from app.audit.log_files import HiddenLine, Line, LogLine, read_line
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.keys.persons import destroy_person_key
from tests.makers.log_files import a_trust
from tests.makers.people import a_citizen
from tests.makers.sealed_log import a_checkpoint, a_look_at, the_entries_about
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")


async def somebody_looked_at(looks: int) -> Citizen:
    citizen = await a_citizen()
    for _ in range(looks):
        await a_look_at(citizen.id)
    return citizen


async def exported(folder: Path) -> list[Line]:
    return [read_line(line) async for line in export_log(folder)]


def erased_when_read(citizen: Citizen, entry: int, patch: pytest.MonkeyPatch) -> None:
    """Have a citizen erased once the part with an entry was read; an entry is a part of its own."""
    read = log_export._part

    async def part(start: int, end: int) -> list[Line]:
        lines = await read(start, end)
        if start <= entry < end:
            async with transaction(SYSTEM):
                await destroy_person_key(citizen.id)
        return lines

    patch.setattr(log_export, "PART", 1)
    patch.setattr(log_export, "_part", part)


class TestErasedMeanwhile:
    @pytest.mark.parametrize("seen", [0, 1])
    async def test_somebody_is_hidden_from_their_first_entry_on(
        self, seen: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen, other = await somebody_looked_at(3), await somebody_looked_at(2)
        await a_checkpoint()
        numbers = [row["number"] for row in await the_entries_about(citizen.id)]
        erased_when_read(citizen, numbers[seen], monkeypatch)

        lines = await exported(tmp_path)

        assert check_log(lines, a_trust()).flaws == []
        assert {line.number for line in lines if isinstance(line, HiddenLine)} >= set(numbers)
        shown = [line.statement for line in lines if isinstance(line, LogLine)]
        assert not any(str(citizen.id) in statement for statement in shown)
        assert sum(str(other.id) in statement for statement in shown) == 2

    async def test_somebody_of_whom_everything_was_read_is_shown(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await somebody_looked_at(2)
        await a_checkpoint()
        *_, last = [row["number"] for row in await the_entries_about(citizen.id)]
        erased_when_read(citizen, last, monkeypatch)

        lines = await exported(tmp_path)

        assert check_log(lines, a_trust()).flaws == []
        assert sum(isinstance(line, LogLine) and str(citizen.id) in line.statement for line in lines) == 2
