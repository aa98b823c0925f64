"""Logs: one JSON object a line, allow-listed fields only, and no person's numbers."""

import asyncio
import gc
import io
import json
import logging
import os
import sys
from collections.abc import Iterator

import msgspec
import pytest
import structlog

from app.kernel import logs
from app.kernel.errors import Conflict
from app.kernel.logs import masked
from app.kernel.settings import Settings

ID_NUMBER = "370602199001010013"
PHONE = "13905351234"
NAME = "王小红"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What this process writes to its log."""
    output = io.StringIO()
    root = logging.getLogger()
    before, level, configured = list(root.handlers), root.level, structlog.get_config()
    root.handlers.clear()
    monkeypatch.setattr(sys, "stdout", output)
    logs.configure(Settings())
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(output))
    yield output
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**configured)


def lines(written: io.StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


class TestOurLines:
    def test_are_json_with_allowed_fields_only(self, written: io.StringIO) -> None:
        structlog.get_logger().info("paid", job="chore", name_of_payer="王小红", body={"phone": PHONE})

        (line,) = lines(written)
        assert (line["event"], line["level"], line["job"]) == ("paid", "info", "chore")
        assert "timestamp" in line
        assert not {"name_of_payer", "body"} & set(line)

    def test_below_the_level_arent_written(self, written: io.StringIO) -> None:
        structlog.get_logger().debug("quiet")

        assert lines(written) == []

    def test_tell_class_and_place_of_an_exception_and_not_its_text(self, written: io.StringIO) -> None:
        try:
            int(f"{NAME} {ID_NUMBER} {PHONE}")
        except ValueError:
            structlog.get_logger().exception("failed", error=f"phone {PHONE}")

        (line,) = lines(written)
        place, named = line["exception"].split("\n")
        assert place.startswith("  tests/app/kernel/test_logs.py:")
        assert named == "ValueError"
        for personal in (NAME, ID_NUMBER, ID_NUMBER[:6] + ID_NUMBER[-4:], PHONE):
            assert personal not in written.getvalue()

    def test_tell_causes_groups_and_codes_of_refusals(self, written: io.StringIO) -> None:
        def refuse() -> None:
            try:
                os.environ[NAME]
            except KeyError as error:
                raise Conflict(name=NAME) from error

        try:
            refuse()
        except Conflict as error:
            group = ExceptionGroup(NAME, [error, OSError(PHONE)])
            structlog.get_logger().error("failed", exc_info=group)

        told = lines(written)[0]["exception"].split("\n")
        named = [line for line in told if not line.startswith(" ")]
        assert named == ["ExceptionGroup", "KeyError", "app.kernel.errors.Conflict (conflict)", "OSError"]
        assert NAME not in written.getvalue()

    def test_keep_a_chain_without_end_short(self, written: io.StringIO) -> None:
        error: Exception = ValueError()
        for _ in range(100):
            error, before = ValueError(), error
            error.__cause__ = before
        before.__context__ = error

        structlog.get_logger().error("failed", exc_info=error)

        assert lines(written)[0]["exception"].startswith("… 61 lines left out …\n")

    def test_go_without_an_exception_where_there_is_none(self, written: io.StringIO) -> None:
        structlog.get_logger().warning("failed", exc_info=True)

        assert "exception" not in lines(written)[0]


class TestLibrariesLines:
    def test_are_json_too_and_masked(self, written: io.StringIO) -> None:
        logging.getLogger("asyncpg").warning("slow statement for %s", ID_NUMBER)
        logging.getLogger("httpx").info("not important")

        (line,) = lines(written)
        assert (line["level"], line["name"], line["event"]) == ("warning", "asyncpg", "slow statement for %s")
        assert line["place"].startswith("test_logs.py:")
        assert ID_NUMBER not in written.getvalue()

    def test_that_were_put_together_before_say_only_where_they_stand(self, written: io.StringIO) -> None:
        text = f"{NAME} isn't a table"

        logging.getLogger("asyncpg").warning(text)

        (line,) = lines(written)
        assert line["event"] == ""
        assert line["place"].startswith("test_logs.py:")
        assert NAME not in written.getvalue()

    def test_of_a_task_that_nobody_waited_for_name_nobody(self, written: io.StringIO) -> None:
        async def fails() -> None:
            raise LookupError(NAME)

        async def forgets() -> None:
            task = asyncio.get_running_loop().create_task(fails())
            await asyncio.sleep(0)
            del task
            gc.collect()

        asyncio.run(forgets())

        (line,) = lines(written)
        assert line["name"] == "asyncio"
        assert "LookupError" in line["exception"]
        assert NAME not in written.getvalue()

    def test_with_an_exception_stay_one_line(self, written: io.StringIO) -> None:
        try:
            os.environ[PHONE + "x"]
        except KeyError:
            logging.getLogger("granian").exception("crashed")

        (line,) = lines(written)
        assert "KeyError" in line["exception"]
        assert PHONE not in line["exception"]


class TestMasked:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            (f"number {ID_NUMBER}.", "number 370602********0013."),
            ("37060219900101001X", "370602********001X"),
            (f"to {PHONE}", "to 139****1234"),
            ("Bearer eyJhbGciOi.eyJzdWIi.c2ln-_", "Bearer [token]"),
            ("2026-11-22 370602 12345", "2026-11-22 370602 12345"),
            ("id 01900000-0000-7000-8000-00000000003c", "id 01900000-0000-7000-8000-00000000003c"),
        ],
    )
    def test_shows_only_the_ends(self, text: str, shown: str) -> None:
        assert masked(text) == shown


def test_every_level_of_the_settings_is_known() -> None:
    for level in ("DEBUG", "info", "Warning", "ERROR"):
        chosen = msgspec.structs.replace(Settings(), log_level=level)
        assert chosen.log_level.upper() in logging.getLevelNamesMapping()
