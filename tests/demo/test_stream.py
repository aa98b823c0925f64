"""Following a live stream: notices are collected beside everything else."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from demo.report import NotSo
from demo.stream import LiveInbox
from demo.web import Bearer

NOTICE = {"id": "1", "kind": "case.issued", "about_id": "c"}


class Portal(BaseHTTPRequestHandler):
    """A stream that opens, tells one notice once it is let, and says nothing more; any other path is refused."""

    let = threading.Event()

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/stream" else 401)
        self.end_headers()
        if self.path == "/stream":
            self.wfile.write(b": open\nretry: 1000\n\n")
            self.wfile.flush()
            self.let.wait(5)
            self.wfile.write(f"id: 1\nevent: notice\ndata: {json.dumps(NOTICE)}\n\n".encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """Say nothing."""


@pytest.fixture
def origin() -> Iterator[str]:
    Portal.let.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        Portal.let.set()
        server.shutdown()


class TestLiveInbox:
    def test_gives_what_arrives_while_it_is_waited_for(self, origin: str) -> None:
        inbox = LiveInbox(origin, "/stream", Bearer("t"))
        inbox.wait_open()
        assert inbox.notices == []
        threading.Timer(0.1, Portal.let.set).start()

        notice = inbox.wait_for("the notice", lambda one: one["kind"] == "case.issued")

        assert notice == NOTICE
        assert inbox.notices == [NOTICE]

    def test_names_what_didnt_arrive(self, origin: str) -> None:
        inbox = LiveInbox(origin, "/stream", Bearer("t"))

        with pytest.raises(NotSo, match="the notice didn't arrive"):
            inbox.wait_for("the notice", lambda one: one["kind"] == "case.issued", seconds=0.2)

    def test_says_that_the_stream_was_refused(self, origin: str) -> None:
        with pytest.raises(NotSo, match="401"):
            LiveInbox(origin, "/elsewhere", Bearer("t")).wait_open()
