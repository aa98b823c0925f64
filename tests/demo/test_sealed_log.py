"""A citizen's own entries, checked without any of our code: genuine ones hold, whatever was changed, left out or signed by others doesn't."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import pytest

from app.audit.merkle import inclusion_ranges, root_of
from app.kernel.ids import new_person_id
from app.pki.authorities import authorities
from demo.certificates import Trust
from demo.report import NotSo
from demo.sealed_log import Checkpoint, check_entries, read_note
from tests.makers.log_files import MadeLog, a_log, the_key


@dataclass
class Shown:
    """What a citizen is shown: the checkpoint's note, and her entries in its tree."""

    person: UUID
    log: MadeLog
    note: str
    items: list[dict[str, Any]]

    @property
    def tree(self) -> Checkpoint:
        return read_note(self.note, the_key().certificate, an_outsider())

    def checked(self) -> list[dict[str, Any]]:
        return check_entries(self.items, str(self.person), self.tree)


def an_outsider() -> Trust:
    return Trust(authorities().bundle())


def shown() -> Shown:
    """Every entry about the second of three persons, in a tree of 13."""
    person = new_person_id()
    log = a_log(12, [new_person_id(), person, new_person_id()])
    hers = [entry for entry in log.entries if str(person) in entry.statement]
    items = [{**msgspec.to_builtins(entry), "path": path_of(log, entry.number)} for entry in hers]
    return Shown(person, log, log.checkpoints[len(log.leaves)].note, items)


def path_of(log: MadeLog, number: int) -> list[str]:
    ranges = inclusion_ranges(number, len(log.leaves))
    return [root_of(log.leaves[start:end]).hex() for start, end in ranges]


class TestCheckEntries:
    def test_tells_what_genuine_ones_say(self) -> None:
        proof = shown()

        said = proof.checked()

        assert [one["person_number"] for one in said] == [1, 2, 3, 4]
        assert {one["about"] for one in said} == {str(proof.person)}

    def test_finds_an_entry_that_says_something_else(self) -> None:
        proof = shown()
        proof.items[1]["statement"] = proof.items[1]["statement"].replace("case_looked_at", "signed_in")

        with pytest.raises(NotSo, match="entry 2 isn't in the log"):
            proof.checked()

    def test_finds_an_entry_left_out_or_moved(self) -> None:
        for order in ([0, 2, 3], [1, 0, 2, 3], [1, 2, 3]):
            proof = shown()
            proof.items = [proof.items[number] for number in order]

            with pytest.raises(NotSo, match="doesn't follow"):
                proof.checked()

    def test_finds_somebody_elses_entries(self) -> None:
        proof = shown()
        proof.person = new_person_id()

        with pytest.raises(NotSo, match="entry 1 doesn't follow"):
            proof.checked()

    @pytest.mark.parametrize("change", [lambda path: path[:-1], lambda path: [*path, path[0]], lambda path: path[::-1]])
    def test_finds_a_path_that_leads_elsewhere(self, change: Any) -> None:
        proof = shown()
        proof.items[2]["path"] = change(proof.items[2]["path"])

        with pytest.raises(NotSo):
            proof.checked()

    def test_finds_a_number_beyond_the_tree(self) -> None:
        proof = shown()
        proof.items[0]["number"] += len(proof.log.leaves)

        with pytest.raises(NotSo):
            proof.checked()


class TestReadNote:
    def test_gives_size_and_root(self) -> None:
        assert shown().tree.size == 13

    @pytest.mark.parametrize(("old", "new"), [("\n13\n", "\n14\n"), ("log.seal.fuhai", "log.seal.other")])
    def test_refuses_one_that_was_changed(self, old: str, new: str) -> None:
        proof = shown()
        assert old in proof.note
        proof.note = proof.note.replace(old, new)

        with pytest.raises(NotSo):
            _ = proof.tree

    def test_refuses_another_size_under_the_same_signature(self) -> None:
        proof = shown()
        earlier = proof.log.checkpoints[4].note
        proof.note = proof.note.partition("\n\n")[0] + "\n\n" + earlier.partition("\n\n")[2]

        with pytest.raises(NotSo, match="signature"):
            _ = proof.tree
