import socket
from collections.abc import Iterator
from http.server import HTTPServer, SimpleHTTPRequestHandler
from threading import Thread

import pytest

from app.embedded import ports
from app.embedded.errors import PortTaken


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((ports.LOOPBACK, 0))
        listener.listen()
        yield listener.getsockname()[1]


class TestIsFree:
    def test_sees_a_listener(self, taken: int) -> None:
        assert not ports.is_free(taken)

    def test_sees_that_nobody_listens(self) -> None:
        assert ports.is_free(ports.free_block())


class TestAnswers:
    def test_tells_a_listener_from_nobody(self, taken: int) -> None:
        assert ports.answers(taken)
        assert not ports.answers(ports.free_block())


class TestSaysOk:
    def test_tells_what_is_well_from_what_is_not_there(self) -> None:
        with HTTPServer((ports.LOOPBACK, 0), SimpleHTTPRequestHandler) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            said = [ports.says_ok(server.server_port, path) for path in ("/", "/nothing")]
            server.shutdown()

        assert said == [True, False]
        assert not ports.says_ok(ports.free_block(), "/")

    def test_takes_no_greeting_of_another_kind_for_http(self, taken: int) -> None:
        assert not ports.says_ok(taken, "/")


class TestRequireFree:
    def test_names_the_port_and_the_setting(self, taken: int) -> None:
        with pytest.raises(PortTaken, match=f"Port {taken} is taken.*FUHAI_HTTP_PORT"):
            ports.require_free((ports.free_block(), taken), "FUHAI_HTTP_PORT")

    def test_says_it_in_chinese_too(self, taken: int) -> None:
        with pytest.raises(PortTaken) as refused:
            ports.require_free((taken,), "FUHAI_HTTP_PORT")

        assert f"端口 {taken} 已被其他程序占用" in refused.value.words.zh


class TestFreeBlock:
    def test_stays_below_the_ephemeral_range_with_its_grpc_ports(self) -> None:
        assert all(ports.free_block(4) + 3 + ports.GRPC_OFFSET < 32_768 for _ in range(50))

    def test_gives_up_when_nothing_is_free(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ports, "is_free", lambda _port: False)

        with pytest.raises(OSError, match="no 4 free ports"):
            ports.free_block(4)
