"""On which grounds a licence is suspended, revoked, annulled or replaced, and the law that names each. Pure.

行政许可法 (2019) art. 69 lists why a licence is annulled (撤销), art. 70 why it is revoked (注销); what isn't a licence in that law's
sense (a certificate, a register's page) ends on the same grounds, as its own law says.
"""

from typing import Final, Literal

import msgspec

from app.kernel.words import Words
from lifecycle.licences.errors import GroundDoesNotFit
from lifecycle.licences.states import Step

GroundCode = Literal[
    "under_inquiry",
    "suspended_by_law",
    "cleared",
    "not_renewed",
    "holder_died",
    "withdrawn_by_law",
    "impossible",
    "holder_asked",
    "decision_ended_it",
    "revoked_by_law",
    "abuse_of_office",
    "beyond_powers",
    "procedure_broken",
    "unqualified",
    "fraud",
    "renewed",
]


class Ground(msgspec.Struct, frozen=True):
    """A ground in words, and the steps that it can carry."""

    words: Words
    steps: frozenset[Step]


def _ground(zh: str, en: str, *steps: Step) -> Ground:
    return Ground(Words(zh=zh, en=en), frozenset(steps))


_REVOKES: Final = (Step.PROPOSE_REVOKE, Step.REVOKE)
_ANNULS: Final = (Step.PROPOSE_ANNUL, Step.ANNUL)
GROUNDS: Final[dict[GroundCode, Ground]] = {
    "under_inquiry": _ground("正在核查", "It is being looked into", Step.SUSPEND),
    "suspended_by_law": _ground("依法暂停使用", "Suspended by law", Step.SUSPEND),
    "cleared": _ground("暂停使用的原因已消除", "The reason for the suspension is gone", Step.RESUME),
    "not_renewed": _ground(
        "有效期届满未延续（行政许可法第七十条第一项）", "Its term ended without renewal (art. 70, item 1)", *_REVOKES
    ),
    "holder_died": _ground(
        "持证人死亡或者丧失行为能力（行政许可法第七十条第二项）",
        "The holder died or lost capacity (art. 70, item 2)",
        *_REVOKES,
    ),
    "withdrawn_by_law": _ground(
        "依法被撤回或者被吊销（行政许可法第七十条第四项）", "Withdrawn or cancelled by law (art. 70, item 4)", *_REVOKES
    ),
    "impossible": _ground(
        "因不可抗力导致许可事项无法实施（行政许可法第七十条第五项）",
        "What it allows has become impossible (art. 70, item 5)",
        *_REVOKES,
    ),
    "holder_asked": _ground("持证人申请注销", "Its holder asked for it", *_REVOKES),
    "decision_ended_it": _ground("因新的决定失效", "A later decision ended it", *_REVOKES),
    "revoked_by_law": _ground(
        "法律、法规规定的其他情形（行政许可法第七十条第六项）", "Another case named by law (art. 70, item 6)", *_REVOKES
    ),
    "abuse_of_office": _ground(
        "工作人员滥用职权、玩忽职守（行政许可法第六十九条第一款第一项）",
        "Abuse or neglect of office (art. 69, para. 1, item 1)",
        *_ANNULS,
    ),
    "beyond_powers": _ground(
        "超越法定职权（行政许可法第六十九条第一款第二项）",
        "Beyond the office's powers (art. 69, para. 1, item 2)",
        *_ANNULS,
    ),
    "procedure_broken": _ground(
        "违反法定程序（行政许可法第六十九条第一款第三项）", "Against due procedure (art. 69, para. 1, item 3)", *_ANNULS
    ),
    "unqualified": _ground(
        "申请人不具备申请资格或者不符合法定条件（行政许可法第六十九条第一款第四项）",
        "The applicant wasn't entitled to it (art. 69, para. 1, item 4)",
        *_ANNULS,
    ),
    "fraud": _ground(
        "以欺骗、贿赂等不正当手段取得（行政许可法第六十九条第二款）",
        "Got by fraud or bribery (art. 69, para. 2)",
        *_ANNULS,
    ),
    "renewed": _ground("已换发新证", "Another one was issued in its place", Step.REPLACE),
}


def require_fit(ground: GroundCode, step: Step) -> None:
    """Refuse (`GroundDoesNotFit`) a ground that the law doesn't name for a step."""
    if step not in GROUNDS[ground].steps:
        raise GroundDoesNotFit(grounds=[code for code, one in GROUNDS.items() if step in one.steps])
