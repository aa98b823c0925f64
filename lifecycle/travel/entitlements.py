"""Renewing a driving licence: when, and what bars it. Pure."""

from datetime import timedelta
from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Verdict, no, yes, yes_from
from lifecycle.rules.driving_licence import BARS, window
from lifecycle.rules.fact_kinds import DRIVING
from lifecycle.rules.looking import Looking

_STUDY: Final = Words(zh="参加学习并考试合格后可换证。", en="It could be renewed after studying and passing the test.")


def renewal(looking: Looking) -> Verdict:
    """Renewing: from ninety days before the licence ends, late for a year, then cancelled; not with twelve points."""
    held = looking.need(DRIVING)
    if held.expires_on is None:
        return no(Words(zh="驾驶证长期有效，无需换证。", en="The licence holds for good; there's nothing to renew."))
    found = window(held.expires_on, looking.law)
    now = found.standing(looking.as_of)
    looking.again(found.expires_on + timedelta(days=1))
    looking.again(found.last_on + timedelta(days=1))
    if now == "cancelled":
        return no(
            Words(zh=f"{found.last_on}前未换证，驾驶证已注销。", en=f"Not renewed by {found.last_on}: cancelled."),
            Words(zh="考试合格恢复驾驶资格后可换证。", en="It could be had once a test has restored it."),
        )
    if held.points >= looking.law.number("driving.full_points"):
        return no(BARS["points_full"], _STUDY)
    words = Words(zh=f"有效期至{found.expires_on}。", en=f"It ends on {found.expires_on}.")
    check = Words(
        zh="须有有效的身体条件证明，且无未处理违法。", en="A health form is needed, and no offence unsettled."
    )
    if now == "too_early":
        return yes_from(found.opens_on, words, steps=(check,))
    return yes(words, until=found.last_on, steps=(check,))


RULES: Final = (
    EntitlementRule(
        name="driving_licence_renewal",
        matter="driver_service",
        stage="travel",
        title=Words(zh="驾驶证期满换证", en="Renewing a driving licence"),
        law=Words(
            zh="道路交通安全法实施条例第二十六条；机动车驾驶证申领和使用规定第六十三条",
            en="Road Traffic Safety Regulations, article 26; Rules on Driving Licences, article 63",
        ),
        work=renewal,
    ),
)
