"""The education party (JYJ) on money at school: what may be charged, and the aid that there is."""

from typing import Final

import msgspec

from integrations.city.registers import Service, listed, of_everybody_asked
from integrations.city.world import City
from integrations.departments.schooling import Stage
from integrations.departments.student_support import Aid, Aids, FeeItems, Situation

_FOR_ANYBODY: Final = "anybody"


class WhichAid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What aid is there, for a stage, or for who is in a situation?"""

    stage: Stage | None = None
    situation: Situation | None = None


class WhichFees(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be charged, at one stage or at all?"""

    stage: Stage | None = None


def student_aid(_: City, asked: WhichAid) -> Aids:
    """Tell the aid; what is for anybody fits every situation."""
    return Aids(tuple(one for one in listed("student_aid", Aids).items if _fits(one, asked)))


def _fits(aid: Aid, asked: WhichAid) -> bool:
    of_stage = asked.stage is None or asked.stage in aid.stages
    return of_stage and (asked.situation is None or bool({asked.situation, _FOR_ANYBODY} & {*aid.situations}))


def school_fees(_: City, asked: WhichFees) -> FeeItems:
    """Tell the fees."""
    found = listed("school_fees", FeeItems).items
    return FeeItems(tuple(one for one in found if asked.stage in {None, one.stage}))


SERVICES: Final[dict[str, Service]] = {
    "student_aid": of_everybody_asked(WhichAid, student_aid),
    "school_fees": of_everybody_asked(WhichFees, school_fees),
}
