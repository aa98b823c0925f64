"""The HTTP server's own process: small and soon there, since only the workers that it starts import the rooms."""

from granian.constants import Interfaces
from granian.server import Server

from app.kernel.capacity import MOST_REQUESTS
from app.kernel.settings import Settings


def serve(chosen: Settings) -> None:
    """Run the HTTP server until it is told to stop; open streams are given a moment, then ended."""
    Server(
        "app.main:create_app",
        factory=True,
        interface=Interfaces.ASGI,
        address="127.0.0.1",
        port=chosen.http_port,
        workers=chosen.workers,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        log_enabled=False,
        websockets=False,
        backpressure=MOST_REQUESTS,
    ).serve()
