"""How an event stands, and every step that it may take. Pure."""

from typing import Final, Literal

State = Literal["suggested", "standing", "taken_back", "ended"]
Source = Literal["declared", "told", "shared_data", "date"]
Step = Literal["declare", "tell", "suggest", "fall_due", "confirm", "take_back", "end"]

FIRST: Final[dict[Source, Step]] = {
    "declared": "declare",
    "told": "tell",
    "shared_data": "suggest",
    "date": "fall_due",
}
"""The step by which an event of each source comes in."""
NEXT: Final[dict[tuple[State, Step], State]] = {
    ("suggested", "confirm"): "standing",
    ("suggested", "take_back"): "taken_back",
    ("suggested", "end"): "ended",
    ("standing", "take_back"): "taken_back",
    ("standing", "end"): "ended",
    ("taken_back", "declare"): "standing",
}
"""What isn't here is refused. Who took back what they had declared may declare it again; nobody else brings it back."""


def begins(source: Source) -> State:
    """How an event of a source stands at first: what shared data suggest waits for the citizen's word."""
    return "suggested" if source == "shared_data" else "standing"
