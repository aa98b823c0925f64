"""Kinds of record, as the timeline groups them."""

from enum import StrEnum


class RecordKind(StrEnum):
    """What part of life a record belongs to."""

    FAMILY = "family"
    HEALTH = "health"
    EDUCATION = "education"
    WORK = "work"
    CONSUMPTION = "consumption"
    DECISION = "decision"
    LICENCE = "licence"
    IDENTITY = "identity"
    MEMORY = "memory"
