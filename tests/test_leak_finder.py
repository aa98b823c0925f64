"""The finder of leaks finds a number however it is written, and nothing else."""

import base64
from typing import Any, Final

import asyncpg
import pytest

from app.kernel.settings import Settings
from tests.architecture.leaks import dump, leaked


class TestLeaked:
    PHONE: Final = "13905351234"
    NUMBER: Final = "37060219900101001X"

    @pytest.mark.parametrize("lead", ["", "a", "ab", "abc"])
    def test_finds_a_number_however_it_is_written(self, lead: str) -> None:
        for number in (self.PHONE, self.NUMBER):
            raw = f"{lead}{number} and more".encode()
            for text in (
                raw.decode(),
                raw.hex(),
                base64.b64encode(raw).decode(),
                base64.urlsafe_b64encode(raw).decode(),
            ):
                assert leaked(f"x {text} y", [self.PHONE, self.NUMBER]) == {number}

    def test_finds_nothing_in_what_is_masked_or_hashed(self) -> None:
        for text in ("139****1234", "370602********001X", "9f" * 32, "13905351235", "0" * 40):
            assert leaked(text, [self.PHONE, self.NUMBER]) == set()

    async def test_finds_what_was_planted(self, settings: Settings) -> None:
        owner: Any = await asyncpg.connect(settings.database_owner_url)
        try:
            await owner.execute("CREATE TABLE planted (note text, body bytea)")
            await owner.execute("INSERT INTO planted VALUES ($1, $2)", f"call {self.PHONE}", self.NUMBER.encode())
            tables = await dump(owner)
        finally:
            await owner.execute("DROP TABLE IF EXISTS planted")
            await owner.close()

        assert len(tables) > 30
        assert leaked(tables["planted"], [self.PHONE, self.NUMBER]) == {self.PHONE, self.NUMBER}
