"""The verifier of whole logs: each of edit, delete, reorder, truncate and fork is found, by whoever did it."""

import json
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.audit.log_checking import Kind, Report, Trust, check_log
from app.audit.log_files import LOG_FORMAT, FileWrong, HiddenLine, Line, LogLine, LogStart, SignedCheckpoint, read_line
from app.audit.log_reading import check_files
from app.audit.merkle import EMPTY_ROOT
from app.audit.person_map import person_key
from app.audit.signed_notes import Checkpoint, signed_note
from app.kernel.ids import new_person_id
from app.pki.authorities import authorities, pem
from app.pki.profiles import Kind as CertificateKind
from app.pki.seals import seal_bytes
from app.pki.verification import read_shown
from tests.makers.log_files import HEADS_AT, SEAL, MadeLog, a_log, a_trust, lines_of, numbered_anew


def kinds(report: Report) -> set[Kind]:
    return {flaw.kind for flaw in report.flaws}


def checked(entries: list[LogLine], made: MadeLog, *kept: str) -> set[Kind]:
    """What is found in other entries under the checkpoints that were made."""
    return kinds(check_log(lines_of(entries, made.checkpoints), a_trust(*kept)))


@pytest.fixture(scope="module")
def made() -> MadeLog:
    return a_log()


def hidden(made: MadeLog, about: str, places: list[int] | None = None) -> list[Line]:
    """The log with entries that begin so (those at some places, or all) as if their person were erased."""
    person = UUID(json.loads(next(one.statement for one in made.entries if one.statement[:45] == about))["about"])
    return [
        HiddenLine(line.number, made.leaves[line.number].hex(), person_key(person).hex())
        if isinstance(line, LogLine) and line.statement[:45] == about and (places is None or line.number in places)
        else line
        for line in made.lines
    ]


class TestWholeLog:
    def test_as_it_was_made_is_right(self, made: MadeLog) -> None:
        report = check_log(made.lines, a_trust(*(one.note for one in made.checkpoints.values())))

        assert report.flaws == []
        assert any("13 entries" in fact for fact in report.facts)

    def test_with_entries_of_somebody_erased_is_right(self, made: MadeLog) -> None:
        report = check_log(hidden(made, made.entries[0].statement[:45]), a_trust())

        assert report.flaws == []
        assert any("(4 of 1 erased persons)" in fact for fact in report.facts)

    def test_with_some_entries_of_a_person_hidden_is_wrong(self, made: MadeLog) -> None:
        about = made.entries[0].statement[:45]
        places = [n for n, one in enumerate(made.entries) if one.statement[:45] == about]

        for some in (places[:1], places[-1:]):
            assert Kind.EDIT in kinds(check_log(hidden(made, about, some), a_trust()))

    def test_with_false_heads_is_wrong_whoever_is_hidden(self, made: MadeLog) -> None:
        lines = hidden(made, made.entries[0].statement[:45])
        heads = made.entries[HEADS_AT]
        false = msgspec.structs.replace(heads, statement=heads.statement.replace('"persons":3', '"persons":7'))
        lines = [false if isinstance(line, LogLine) and line.number == HEADS_AT else line for line in lines]

        assert Kind.HEADS in kinds(check_log(lines, a_trust()))

    def test_that_has_grown_since_its_newest_checkpoint_is_right_so_far(self) -> None:
        made = a_log()
        made.act(new_person_id())

        report = check_log(made.lines, a_trust())

        assert report.flaws == []
        assert "the last 1 entries have no checkpoint yet" in report.facts


class TestEdit:
    @pytest.mark.parametrize("place", [0, 3, 4, 8, 12])
    @pytest.mark.parametrize(
        ("written", "instead"), [("case_looked_at", "case_lookedat_"), ("officer:x", "officer:y"), ("YT1", "YT2")]
    )
    def test_is_found_wherever_it_is(self, made: MadeLog, place: int, written: str, instead: str) -> None:
        entries = list(made.entries)
        entries[place] = msgspec.structs.replace(
            entries[place], statement=entries[place].statement.replace(written, instead)
        )

        assert Kind.EDIT in checked(entries, made)

    def test_of_the_salt_is_found(self, made: MadeLog) -> None:
        entries = list(made.entries)
        entries[2] = msgspec.structs.replace(entries[2], salt="ff" * 32)

        assert checked(entries, made) >= {Kind.EDIT, Kind.CHAIN}

    def test_of_a_days_heads_is_found(self, made: MadeLog) -> None:
        entries = list(made.entries)
        heads = entries[HEADS_AT]
        entries[HEADS_AT] = msgspec.structs.replace(
            heads, statement=heads.statement.replace('"persons":3', '"persons":2')
        )

        assert checked(entries, made) >= {Kind.EDIT, Kind.HEADS}

    def test_hidden_behind_a_pretended_erasure_is_found(self, made: MadeLog) -> None:
        lines: list[Line] = [
            HiddenLine(3, "00" * 32, "11" * 32) if isinstance(line, LogLine) and line.number == 3 else line
            for line in made.lines
        ]

        assert kinds(check_log(lines, a_trust())) >= {Kind.EDIT, Kind.CHAIN}


class TestDelete:
    @pytest.mark.parametrize("place", [0, 4, HEADS_AT, 12])
    def test_is_found_with_and_without_new_numbers(self, made: MadeLog, place: int) -> None:
        entries = made.entries[:place] + made.entries[place + 1 :]

        assert checked(entries, made)
        assert checked(numbered_anew(entries), made) >= {Kind.TRUNCATED}

    def test_of_an_entry_breaks_its_persons_chain(self, made: MadeLog) -> None:
        assert Kind.CHAIN in checked(numbered_anew(made.entries[:4] + made.entries[5:]), made)


class TestReorder:
    def test_is_found_with_and_without_new_numbers(self, made: MadeLog) -> None:
        entries = [*made.entries[:6], made.entries[7], made.entries[6], *made.entries[8:]]

        assert checked(entries, made) >= {Kind.ORDER, Kind.EDIT}
        assert Kind.EDIT in checked(numbered_anew(entries), made)


class TestTruncate:
    def test_of_the_end_is_found_by_the_checkpoints_in_the_file(self, made: MadeLog) -> None:
        assert Kind.TRUNCATED in checked(made.entries[:10], made)

    def test_of_the_end_and_its_checkpoints_is_found_by_one_that_was_kept(self, made: MadeLog) -> None:
        early = {size: one for size, one in made.checkpoints.items() if size <= 9}
        lines = lines_of(made.entries[:9], early)

        assert kinds(check_log(lines, a_trust())) == set()
        assert kinds(check_log(lines, a_trust(made.checkpoints[13].note))) == {Kind.TRUNCATED}

    def test_of_the_file_is_found_by_what_it_says_of_itself(self, made: MadeLog) -> None:
        assert Kind.TRUNCATED in kinds(check_log(made.lines[:8], a_trust()))

    def test_of_every_checkpoint_is_found(self, made: MadeLog) -> None:
        assert kinds(check_log(lines_of(made.entries, {}), a_trust())) == {Kind.TRUNCATED}


class TestFork:
    def test_by_whoever_holds_the_key_is_found_by_a_checkpoint_that_was_kept(self, made: MadeLog) -> None:
        other = a_log()

        assert kinds(check_log(other.lines, a_trust())) == set()
        for kept in made.checkpoints.values():
            assert kinds(check_log(other.lines, a_trust(kept.note))) == {Kind.FORK}

    def test_is_found_where_both_roots_are_in_the_file(self, made: MadeLog) -> None:
        lines = [*made.lines, *(msgspec.structs.replace(one, number=9) for one in [a_log().checkpoints[13]])]

        assert Kind.FORK in kinds(check_log(lines, a_trust()))

    def test_under_another_key_is_found(self, made: MadeLog) -> None:
        other_note = made.checkpoints[4].note.replace("\u2014 log.", "\u2014 lag.")

        assert kinds(check_log(made.lines, a_trust(other_note))) == {Kind.FORK}


class TestKeysAndStamps:
    def test_a_log_of_another_root_isnt_trusted(self, made: MadeLog) -> None:
        trust = Trust(authorities().issuer(CertificateKind.SEAL).certificate)

        assert Kind.TIME in kinds(check_log(made.lines, trust))

    def test_a_key_whose_certificate_isnt_there_isnt_trusted(self, made: MadeLog) -> None:
        start, *rest = made.lines
        assert isinstance(start, LogStart)
        for certificate in ("", "-----BEGIN CERTIFICATE-----\n\u00e9", start.key.chain):
            key = msgspec.structs.replace(start.key, certificate=certificate, chain="")
            lines: list[Line] = [msgspec.structs.replace(start, key=key), *rest]

            assert kinds(check_log(lines, a_trust())) & {Kind.KEY, Kind.SIGNATURE}

    def test_a_key_of_another_certificate_below_the_root_isnt_trusted(self, made: MadeLog) -> None:
        start, *_ = made.lines
        assert isinstance(start, LogStart)
        receipts = seal_bytes(b"")
        key = msgspec.structs.replace(start.key, certificate=receipts.certificate, chain=receipts.chain)
        text = Checkpoint(start.key.origin, 0, EMPTY_ROOT).text
        seal = seal_bytes(text)
        public = (
            read_shown(receipts.certificate).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        )
        note = signed_note(Checkpoint(start.key.origin, 0, EMPTY_ROOT), public, seal.signature)
        lines: list[Line] = [LogStart(LOG_FORMAT, key, 0), SignedCheckpoint(1, note, SEAL.stamp(note.encode()))]

        assert kinds(check_log(lines, a_trust())) >= {Kind.KEY}

    def test_a_stamp_over_something_else_is_found(self, made: MadeLog) -> None:
        last = made.checkpoints[13]
        for stamp in (made.checkpoints[4].timestamp, b"", b"\x30\x00", SEAL.sign(b"x")):
            swapped = msgspec.structs.replace(last, timestamp=stamp)

            assert kinds(check_log([*made.lines[:-1], swapped], a_trust())) >= {Kind.TIME}

    def test_a_note_that_was_signed_by_nobody_is_found(self, made: MadeLog) -> None:
        note = made.checkpoints[13].note.replace("\n13\n", "\n12\n")
        forged = SignedCheckpoint(3, note, SEAL.stamp(note.encode()))

        assert kinds(check_log([*made.lines[:-1], forged], a_trust())) >= {Kind.SIGNATURE}


class TestFiles:
    def test_are_checked_from_the_disk(self, made: MadeLog, tmp_path: Path) -> None:
        file, root, kept = tmp_path / "log.jsonl", tmp_path / "root.pem", tmp_path / "kept"
        file.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in made.lines))
        root.write_bytes(pem(authorities().root))
        kept.write_text(made.checkpoints[9].note, encoding="utf-8")

        assert check_files([file], root, [kept]).flaws == []

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{}",
            b"[" * 9_000,
            b"\xff\xfe",
            b'{"line":"log"',
            b'{"line":"log"}\n',
            b'{"line":"log",' + b" " * 200_000,
        ],
    )
    def test_that_arent_ours_are_refused_in_a_sentence(self, content: bytes, tmp_path: Path) -> None:
        file, root = tmp_path / "log.jsonl", tmp_path / "root.pem"
        file.write_bytes(content)
        root.write_bytes(pem(authorities().root))

        assert kinds(check_files([file], root, [])) == {Kind.FILE}

    def test_a_root_that_is_none_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "x"
        file.write_bytes(b"")

        assert kinds(check_files([file], file, [])) == {Kind.FILE}

    @pytest.mark.parametrize(
        "text", [b"", b"null", b'{"line":"other"}', b'{"line":"entry"}', b'{"line":"hidden","number":1,"leaf":"x"}']
    )
    def test_lines_that_arent_ours_are_refused(self, text: bytes) -> None:
        with pytest.raises(FileWrong):
            read_line(text)


class TestWhateverIsDone:
    @given(st.data())
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_to_the_entries_is_found(self, made: MadeLog, data: st.DataObject) -> None:
        entries = list(made.entries)
        place = data.draw(st.integers(0, len(entries) - 1))
        match data.draw(st.sampled_from(["drop", "double", "swap", "salt", "text"])):
            case "drop":
                del entries[place]
            case "double":
                entries.insert(place, entries[place])
            case "swap":
                other = data.draw(st.integers(0, len(entries) - 1).filter(lambda n: n != place))
                entries[place], entries[other] = entries[other], entries[place]
            case "salt":
                entries[place] = msgspec.structs.replace(entries[place], salt=data.draw(_SALTS))
            case _:
                changed = data.draw(st.text(max_size=300))
                entries[place] = msgspec.structs.replace(entries[place], statement=changed)
        if data.draw(st.booleans()):
            entries = numbered_anew(entries)

        assert checked(entries, made) != set() or entries == made.entries


_SALTS = st.binary(min_size=31, max_size=32).map(bytes.hex)
