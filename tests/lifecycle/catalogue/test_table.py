"""docs/services.md says which kinds of which matter work today."""

from pathlib import Path
from typing import Final

from lifecycle.catalogue.published import from_files
from lifecycle.catalogue.structs import Kind
from lifecycle.catalogue.table import services

PAGE: Final = Path(__file__).parents[3] / "docs" / "services.md"


class TestServices:
    def test_are_written_down_as_they_are(self) -> None:
        assert PAGE.read_text(encoding="utf-8") == services(from_files()), "run `fuhai services`"

    def test_stand_in_a_row_each_with_what_works(self) -> None:
        rows = {
            line.split("`")[1]: line for line in services(from_files()).splitlines() if "`" in line and "| " in line
        }

        assert set(rows) == {matter.code for matter in from_files().matters}
        for matter in from_files().matters:
            assert rows[matter.code].count("●") == len(matter.live)
            assert rows[matter.code].count("○") == len(matter.kinds) - len(matter.live)

    def test_name_every_kind(self) -> None:
        head = services(from_files()).splitlines()[4]

        assert all(kind.value in head for kind in Kind)
