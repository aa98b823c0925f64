"""Settings, from variables only."""

from pathlib import Path

import msgspec
import pytest

from app.kernel.settings import Settings, SettingUnknown, load, parse, use


class TestParse:
    def test_without_variables_runs_everything_here(self) -> None:
        assert parse({"PATH": "/bin", "HOME": "/root"}) == Settings()

    def test_reads_each_in_its_own_type(self) -> None:
        read = parse({"FUHAI_VAR": "/srv/fuhai", "FUHAI_HTTP_PORT": "8001", "FUHAI_CLOCK_OFFSET_SECONDS": "-5"})

        assert (read.var, read.http_port, read.clock_offset_seconds) == (Path("/srv/fuhai"), 8001, -5)

    def test_refuses_what_is_misspelt_by_name(self) -> None:
        with pytest.raises(SettingUnknown, match="FUHAI_DATABSE_URL"):
            parse({"FUHAI_DATABSE_URL": "x"})

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            *(("http_port", "80"), ("http_port", "65536"), ("http_port", "abc"), ("http_port", "")),
            *(("workers", "0"), ("workers", "1.5"), ("database_pool", "1"), ("city_people", "3")),
            *(("public_origin", "127.0.0.1:8000"), ("public_origin", "http://fuhai.example/")),
            *(("log_level", "chatty"), ("issuer_domain", "Fuhai Example")),
        ],
    )
    def test_refuses_what_cant_be_by_name(self, name: str, value: str) -> None:
        with pytest.raises(msgspec.ValidationError, match=f"FUHAI_{name.upper()}$"):
            parse({f"FUHAI_{name.upper()}": value})

    def test_gives_the_addresses_that_follow(self) -> None:
        read = parse({"FUHAI_CITY_PORT": "9000", "FUHAI_VAR": "/srv"})

        assert read.city_origin == "http://127.0.0.1:9000"
        assert read.secrets == Path("/srv/secrets")

    def test_the_origin_follows_the_port_unless_it_is_set(self) -> None:
        assert parse({"FUHAI_HTTP_PORT": "9000"}).public_origin == "http://127.0.0.1:9000"

        behind = parse({"FUHAI_HTTP_PORT": "9000", "FUHAI_PUBLIC_ORIGIN": "https://fuhai.example"})
        assert behind.public_origin == "https://fuhai.example"


class TestLoad:
    def test_reads_once_and_can_be_replaced(self) -> None:
        before = load()
        other = msgspec.structs.replace(before, workers=7)
        try:
            assert use(other) is load() is other
        finally:
            use(before)

        assert load() is before
