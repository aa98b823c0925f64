"""Checkpoints and heads: published when due, over the tree as it is, each day's heads once."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest
import rfc3161_client
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from app.audit import checkpoints, sealing
from app.audit.checkpoints import log_seal, publish_checkpoint
from app.audit.heads import bucket_and_path, commit_heads
from app.audit.merkle import root_of
from app.audit.person_map import Head, HeadMap, has_head, person_key
from app.audit.proofs import read_tiles
from app.audit.signed_notes import Checkpoint, NoteWrong, read_note, verified_note
from app.audit.tiles import range_root
from app.audit.time_stamps import stamped_at
from app.kernel import clock
from app.kernel.database import Row, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import new_person_id, shard_of
from app.pki.authorities import authorities
from tests.architecture.sources import ROOT
from tests.makers.sealed_log import a_checkpoint, a_look_at, all_numbered, heads_of_the_next_day, the_entries_about
from tests.makers.transactions import SYSTEM, somebody

pytestmark = pytest.mark.usefixtures("app")


def the_public_key() -> ec.EllipticCurvePublicKey:
    key = x509.load_pem_x509_certificate(log_seal().certificate.encode()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


async def how_many() -> int:
    async with transaction(SYSTEM):
        count: int = await fetch_value("SELECT count(*) FROM log_checkpoint")
    return count


async def the_head(person: object) -> Row:
    async with transaction(SYSTEM):
        row = await fetch_one("SELECT * FROM log_head WHERE id = $1", person)
    assert row is not None
    return row


async def the_newest_heads() -> Row:
    async with transaction(SYSTEM):
        row = await fetch_one("SELECT * FROM log_heads ORDER BY day DESC LIMIT 1")
    assert row is not None
    return row


class Undone(Exception):  # noqa: N818
    """Thrown to undo a transaction."""


@asynccontextmanager
async def undone() -> AsyncIterator[None]:
    """Undo what is done inside: a checkpoint of a later time would stand in the way of those of other tests."""
    with suppress(Undone):
        async with transaction(SYSTEM):
            yield
            raise Undone


class TestPublishing:
    async def test_signs_and_stamps_the_tree_as_it_is(self) -> None:
        await a_look_at(new_person_id())

        made = await a_checkpoint()

        said = verified_note(made["note"], the_public_key())
        assert said == Checkpoint("log.seal.fuhai.example", made["size"], made["root"])
        at = stamped_at(made["timestamp"], made["note"].encode(), authorities().root)
        assert abs(at - made["at"]) < timedelta(seconds=2)

    async def test_its_root_is_that_of_all_leaves(self) -> None:
        await a_look_at(new_person_id())
        made = await a_checkpoint()

        async with transaction(SYSTEM):
            places = [(number, number + 1) for number in range(made["size"])]
            stored = await read_tiles(places)

        assert root_of([range_root(place, stored) for place in places]) == made["root"]

    async def test_waits_a_minute_and_for_something_new(self) -> None:
        await a_look_at(new_person_id())
        newest = await a_checkpoint()
        before = await how_many()

        assert not await publish_checkpoint()
        with patch.object(clock, "now", return_value=newest["at"] + timedelta(minutes=2)):
            assert not await publish_checkpoint()
            async with undone():
                await a_look_at(new_person_id())
                await all_numbered()
                assert await publish_checkpoint()
        assert await how_many() == before

    async def test_says_once_an_hour_that_nothing_is_new(self) -> None:
        newest = await a_checkpoint()

        with patch.object(clock, "now", return_value=newest["at"] + timedelta(minutes=61)):
            async with undone():
                assert await publish_checkpoint()

    async def test_two_at_once_publish_one(self) -> None:
        await a_look_at(new_person_id())
        await all_numbered()
        before = await how_many()

        with patch.object(
            checkpoints, "_is_due", side_effect=lambda newest, size: newest is None or newest["size"] < size
        ):
            done = await asyncio.gather(*(asyncio.create_task(publish_checkpoint()) for _ in range(2)))

        assert sum(done) == await how_many() - before == 1

    async def test_a_days_heads_are_published_at_once(self) -> None:
        await a_look_at(new_person_id())
        await a_checkpoint()
        before = await how_many()

        with patch.object(sealing, "commit_heads", return_value=True):
            await sealing.seal_waiting()

        assert await how_many() == before + 1

    async def test_a_round_of_the_worker_does_all_of_it(self) -> None:
        person = new_person_id()
        await a_look_at(person)

        assert not await sealing.seal_waiting()

        assert len(await the_entries_about(person)) == 1


class TestNotes:
    @pytest.mark.interop
    async def test_are_verified_by_standard_tools_as_the_specification_says(
        self, http: httpx.AsyncClient, tmp_path: Path
    ) -> None:
        await a_checkpoint()
        (tmp_path / "checkpoint.json").write_bytes((await http.get("/v1/log/checkpoint")).content)
        (tmp_path / "certificate.pem").write_text(
            (await http.get("/v1/log/key")).json()["certificate"], encoding="utf-8"
        )
        (tmp_path / "root.pem").write_bytes((await http.get("/pki/ca.pem")).content)

        told = [await shell(command, tmp_path) for command in commands_of_the_specification()]

        assert told[-2:] == ["Verified OK", "Verification: OK"]

    async def test_stamps_are_taken_by_another_library(self) -> None:
        made = await a_checkpoint()

        response = rfc3161_client.decode_timestamp_response(_granted(made["timestamp"]))

        assert response.tst_info.message_imprint.message == hashlib.sha256(made["note"].encode()).digest()

    @pytest.mark.parametrize(
        "changed",
        [
            *("", "x", "log.x\n1\n"),
            "log.fuhai.example\n01\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n\n\u2014 log.fuhai.example AAAAAAAA\n",
            "log.fuhai.example\n1\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n\n\u2014 another AAAAAAAA\n",
            "log.fuhai.example\n1\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n\n\u2014 log.fuhai.example AAAAAAAA",
            "log.fuhai.example\n1\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\nmore\n\n\u2014 log.fuhai.example AAAAAAAA\n",
        ],
    )
    def test_of_another_form_are_refused(self, changed: str) -> None:
        with pytest.raises(NoteWrong):
            read_note(changed)

    async def test_of_another_key_or_text_are_refused(self) -> None:
        note = (await a_checkpoint())["note"]
        stranger = ec.generate_private_key(ec.SECP256R1()).public_key()
        size = read_note(note).size

        for key, changed in (
            (stranger, note),
            (the_public_key(), note.replace(f"\n{size}\n", f"\n{size + 1}\n")),
            (the_public_key(), note[:-8] + "AAAA===\n"),
        ):
            with pytest.raises(NoteWrong):
                verified_note(changed, key)


class TestHeads:
    async def test_are_committed_once_a_day(self) -> None:
        person = new_person_id()
        await a_look_at(person)
        await all_numbered()
        await heads_of_the_next_day()

        with patch.object(clock, "today", return_value=(await the_newest_heads())["day"]):
            assert not await commit_heads()

        assert (await the_head(person))["committed_entries"] == 1

    async def test_prove_a_persons_newest_entry(self) -> None:
        person = new_person_id()
        for _ in range(2):
            await a_look_at(person)
            await all_numbered()
        await heads_of_the_next_day()
        await a_look_at(person)
        await all_numbered()

        async with transaction(SYSTEM):
            bucket, path = await bucket_and_path(person)
        head, committed = await the_head(person), await the_newest_heads()

        assert (head["entries"], head["committed_entries"]) == (3, 2)
        assert has_head(committed["root"], Head(person, 2, head["committed_head"]), bucket, path)
        assert not has_head(committed["root"], Head(person, 3, head["head"]), bucket, path)

    async def test_are_those_of_every_person(self) -> None:
        for _ in range(3):
            await a_look_at(new_person_id())
        await all_numbered()
        await heads_of_the_next_day()
        committed = await the_newest_heads()

        async with transaction(SYSTEM):
            rows = await fetch_all(
                "SELECT id, committed_entries, committed_head FROM log_head WHERE committed_entries > 0"
            )
        whole = HeadMap()
        for row in rows:
            whole.put(person_key(row["id"]), row["committed_entries"], row["committed_head"])

        assert (committed["root"], committed["persons"]) == (whole.root(), len(rows))

    async def test_take_a_day_on_which_nothing_happened(self) -> None:
        await all_numbered()
        await heads_of_the_next_day()
        before = await the_newest_heads()

        await heads_of_the_next_day()

        after = await the_newest_heads()
        assert (after["root"], after["persons"]) == (before["root"], before["persons"])
        assert after["number"] == before["number"] + 1

    async def test_only_the_system_sees_other_persons_heads(self) -> None:
        person = new_person_id()
        await a_look_at(person)
        await all_numbered()
        async with transaction(somebody(person)):
            seen = await fetch_all("SELECT id FROM log_head")

        assert [row["id"] for row in seen] == [person]
        assert shard_of(person) == seen[0]["id"].int & 0xFFF


def commands_of_the_specification() -> list[str]:
    """What docs/sealed-log.md tells to run once the three files are there."""
    page = (ROOT / "docs" / "sealed-log.md").read_text(encoding="utf-8")
    block = page.partition("## Checkpoints")[2].partition("    jq -j")[2].partition("\n\n")[0]
    return [line.strip() for line in ("jq -j" + block).splitlines()]


async def shell(command: str, folder: Path) -> str:
    """What a command prints."""
    process = await asyncio.create_subprocess_shell(
        command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    return (await process.communicate())[0].decode().strip()


def _granted(token: bytes) -> bytes:
    """A token as the answer of a time-stamp authority."""
    from asn1crypto import cms, tsp

    made: bytes = tsp.TimeStampResp(
        {"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)}
    ).dump()
    return made
