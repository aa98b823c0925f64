"""Every key of the product may lie somewhere else than in files: here another process keeps them all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.identity import tokens
from app.kernel.ids import new_person_id
from app.kernel.settings import Settings
from app.keys.provider import KeyExists, KeyMissing, keys_in
from app.pki.profiles import Kind
from tests.makers.chain import live_through
from tests.makers.custody import kept_elsewhere
from tests.makers.pki import MASTER


@pytest.fixture
def _elsewhere() -> Iterator[None]:
    with kept_elsewhere():
        yield


@pytest.mark.usefixtures("_elsewhere")
class TestAnotherCustody:
    def test_signs_everything_that_the_product_signs(self, tmp_path: Path) -> None:
        trusted = live_through(tmp_path)

        assert trusted.by_name("device-g2") is trusted.issuer(Kind.DEVICE)

    def test_leaves_no_key_on_the_disk(self, tmp_path: Path) -> None:
        live_through(tmp_path)

        folders = {path.name for path in tmp_path.iterdir() if path.is_dir()}
        assert folders == set()
        assert all(b"PRIVATE" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    def test_signs_tokens_without_any_file(self, settings: Settings) -> None:
        before = set((settings.secrets / "signing").glob("*"))

        claims = tokens.claims_of("officer", new_person_id(), "tests")

        assert tokens.read(tokens.sign(claims), "officer") == claims
        assert set((settings.secrets / "signing").glob("*")) == before

    def test_refuses_a_taken_name_and_an_unknown_one(self, tmp_path: Path) -> None:
        keys = keys_in(tmp_path, MASTER)
        keys.make_key("one")

        with pytest.raises(KeyExists):
            keys.make_key("one")
        with pytest.raises(KeyMissing):
            keys.sign("two", b"data")


def test_files_are_chosen_again_afterwards(tmp_path: Path) -> None:
    with kept_elsewhere():
        keys_in(tmp_path, MASTER).make_key("one")

    keys_in(tmp_path, MASTER).make_key("two")

    assert [path.name for path in tmp_path.iterdir()] == ["two.pem"]
