"""How much one server process takes at once."""

from typing import Final

MOST_STREAMS: Final = 4_000
"""Open live streams. Each counts as a request for as long as it is open."""
MOST_REQUESTS: Final = MOST_STREAMS + 512
"""Requests, streams among them: however many streams are open, there is room for the others."""
