"""Logs: one JSON object a line, allow-listed fields only, and no person's numbers."""

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
from app.kernel.logs import masked
from app.kernel.settings import Settings

ID_NUMBER = "370602199001010013"
PHONE = "13905351234"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What this process writes to its log."""
    output = io.StringIO()
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    root.handlers.clear()
    monkeypatch.setattr(sys, "stdout", output)
    logs.configure(Settings())
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(output))
    yield output
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


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

    def test_mask_what_an_exception_says(self, written: io.StringIO) -> None:
        try:
            int(f"{ID_NUMBER} {PHONE}")
        except ValueError:
            structlog.get_logger().exception("failed", error=f"phone {PHONE}")

        text = written.getvalue()
        assert "ValueError" in text
        assert ID_NUMBER not in text
        assert PHONE not in text


class TestLibrariesLines:
    def test_are_json_too_and_masked(self, written: io.StringIO) -> None:
        logging.getLogger("asyncpg").warning("slow statement for %s", ID_NUMBER)
        logging.getLogger("httpx").info("not important")

        (line,) = lines(written)
        assert line["level"] == "warning"
        assert "370602********0013" in line["event"]

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
