import os
import re
import signal
import socket
import stat
from pathlib import Path

import asyncpg
import pytest

from app.embedded import ports, postgres
from app.embedded.errors import FolderBroken, PortTaken
from app.embedded.postgres import APPLICATION, OWNER, Postgres
from app.embedded.tree import ProcessTree, discard


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


async def ask(postgres_: Postgres, sql: str, role: str = OWNER) -> object:
    connection = await asyncpg.connect(postgres_.url(role))
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def server_pid(server: Postgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


class TestRunning:
    async def test_has_the_database_and_its_roles(self, folder: Path) -> None:
        with postgres.running(folder) as server:
            assert await ask(server, "SELECT rolcreaterole AND NOT rolsuper FROM pg_roles WHERE rolname = current_user")
            assert await ask(server, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'fuhai'") == OWNER
            assert not await ask(
                server,
                "SELECT rolinherit OR rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user",
                APPLICATION,
            )

    async def test_sorts_and_counts_by_code_point_everywhere(self, folder: Path) -> None:
        with postgres.running(folder) as server:
            locale = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = current_database()"

            assert await ask(server, locale) == "bC.UTF-8"

    async def test_says_of_an_error_neither_values_nor_statements(self, folder: Path) -> None:
        with postgres.running(folder) as server:
            assert await ask(server, "SHOW log_error_verbosity") == "terse"
            assert await ask(server, "SHOW log_min_error_statement") == "panic"

    async def test_finds_its_data_again(self, folder: Path) -> None:
        with postgres.running(folder) as server:
            await ask(server, "CREATE TABLE kept AS SELECT 7 AS n")

        with postgres.running(folder) as server:
            assert await ask(server, "SELECT n FROM kept") == 7

    async def test_asks_for_a_password(self, folder: Path) -> None:
        with postgres.running(folder) as server:
            wrong = server.url().replace(server.password(APPLICATION), "wrong")

            with pytest.raises(asyncpg.InvalidPasswordError):
                await asyncpg.connect(wrong)

    async def test_keeps_data_and_passwords_from_others(self, folder: Path) -> None:
        with postgres.running(folder) as server:
            assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
            assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in server.secrets.iterdir())

    async def test_listens_on_loopback_only(self, folder: Path) -> None:
        with postgres.running(folder) as server:
            assert await ask(server, "SHOW listen_addresses", postgres.SUPERUSER) == "127.0.0.1"

    async def test_recovers_after_it_was_killed(self, folder: Path) -> None:
        with pytest.raises(ProcessLookupError), postgres.running(folder, durable=True) as server:
            await ask(server, "CREATE TABLE kept AS SELECT 7 AS n")
            os.kill(server_pid(server), signal.SIGKILL)
            raise ProcessLookupError

        with postgres.running(folder, durable=True) as server:
            assert await ask(server, "SELECT n FROM kept") == 7

    async def test_takes_new_passwords_from_the_folder(self, folder: Path) -> None:
        with postgres.running(folder) as server:
            assert await ask(server, "SELECT 1", APPLICATION) == 1
        (folder / "secrets" / f"postgres_{APPLICATION}").unlink()

        with postgres.running(folder) as server:
            assert await ask(server, "SELECT 1", APPLICATION) == 1


class TestRefusals:
    def test_says_that_the_port_is_taken(self, tmp_path: Path) -> None:
        with socket.socket() as listener:
            listener.bind((ports.LOOPBACK, ports.free_block()))
            listener.listen()

            with (
                pytest.raises(PortTaken, match="FUHAI_POSTGRES_PORT"),
                postgres.running(tmp_path, listener.getsockname()[1]),
            ):
                pass

    def test_says_that_the_data_are_gone(self, tmp_path: Path) -> None:
        with postgres.running(tmp_path) as server:
            pass
        (server.data / "PG_VERSION").unlink()

        with pytest.raises(FolderBroken, match=r"PG_VERSION is missing.*make reset"), postgres.running(tmp_path):
            pass

    def test_says_that_another_version_made_them(self, tmp_path: Path) -> None:
        with postgres.running(tmp_path) as server:
            pass
        (server.data / "PG_VERSION").write_text("15\n")

        with pytest.raises(FolderBroken, match="made by PostgreSQL 15"), postgres.running(tmp_path):
            pass

    def test_repeats_what_the_server_says_of_broken_data(self, tmp_path: Path) -> None:
        with postgres.running(tmp_path) as server:
            pass
        (server.data / "global" / "pg_control").write_bytes(b"nonsense")

        with (
            pytest.raises(FolderBroken, match=r"can't start from .*pg_control.*make reset") as refused,
            postgres.running(tmp_path),
        ):
            pass

        assert "\n" not in refused.value.words.en


class TestFirstStart:
    def test_starts_over_where_the_first_try_was_interrupted(self, tmp_path: Path) -> None:
        draft = tmp_path / "postgres" / "draft"
        draft.mkdir(parents=True)
        (draft / "PG_VERSION").write_text("18")

        with postgres.running(tmp_path) as server:
            assert postgres.is_ready(server.port)

        assert not draft.exists()

    def test_forgets_the_lock_of_a_server_whose_number_is_another_programs_now(self, tmp_path: Path) -> None:
        with postgres.running(tmp_path) as server:
            pass
        (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")

        with postgres.running(tmp_path) as server:
            assert postgres.is_ready(server.port)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand the server to another account")
    def test_runs_in_a_closed_folder_for_root_and_leaves_it_closed(self, tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)

        with postgres.running(closed / "var") as server:
            status = Path(f"/proc/{server_pid(server)}/status").read_text()

            assert not re.search(r"^Uid:\s+0\b", status, re.MULTILINE)
            assert re.search(r"^CapEff:\s+0{15}[24]$", status, re.MULTILINE), (
                "one capability, of passing through folders"
            )

        assert stat.S_IMODE(closed.stat().st_mode) == 0o700


class TestLaunch:
    def test_does_not_disturb_a_server_that_runs(self, tmp_path: Path) -> None:
        with postgres.running(tmp_path) as server, ProcessTree(discard) as tree, pytest.raises(PortTaken):
            postgres.launch(tree, server)
