"""Kinds of record, as the timeline groups them."""

from enum import StrEnum
from typing import Final

from app.kernel.words import Words


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


KIND_NAMES: Final = {
    RecordKind.FAMILY: Words(zh="家庭", en="Family"),
    RecordKind.HEALTH: Words(zh="健康", en="Health"),
    RecordKind.EDUCATION: Words(zh="教育", en="Education"),
    RecordKind.WORK: Words(zh="工作", en="Work"),
    RecordKind.CONSUMPTION: Words(zh="消费", en="Spending"),
    RecordKind.DECISION: Words(zh="办理结果", en="Decisions"),
    RecordKind.LICENCE: Words(zh="证照", en="Licences"),
    RecordKind.IDENTITY: Words(zh="身份", en="Identity"),
    RecordKind.MEMORY: Words(zh="回忆", en="Memories"),
}
