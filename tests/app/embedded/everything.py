"""Run the real tree of processes over stand-ins for our own commands: `everything.py` is the tree, `everything.py serve` a stand-in."""

import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

from app.embedded import processes
from app.embedded.errors import CannotRun
from app.kernel.settings import parse


class Ready(BaseHTTPRequestHandler):
    """Answers that it is ready."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """Say nothing."""


def stand_in(command: str) -> None:
    print(f"{command} is process {os.getpid()}", flush=True)
    if command == "migrate":
        sys.exit(int(os.environ.get("MIGRATE_EXIT", "0")))
    signal.signal(signal.SIGTERM, lambda *_: stop(command))
    port = {"city": "FUHAI_CITY_PORT", "serve": "FUHAI_HTTP_PORT"}.get(command)
    if port is None:
        time.sleep(600)
    else:
        HTTPServer(("127.0.0.1", int(os.environ[port])), Ready).serve_forever()


def stop(command: str) -> None:
    print(f"{command} stops", flush=True)
    os._exit(0)


def main() -> None:
    if len(sys.argv) > 1:
        stand_in(sys.argv[1])
        return
    processes._FUHAI = (sys.executable, __file__)  # type: ignore[misc,assignment]  # stand-ins instead of our commands
    settings = parse({name: value for name, value in os.environ.items() if name.startswith("FUHAI_")})
    try:
        processes.run_everything(settings, lambda: print("all ready", flush=True))
    except CannotRun as reason:
        print(reason.words.en, flush=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
