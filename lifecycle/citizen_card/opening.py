"""To whom the citizen card's services are open: mostly to who has a card, in use or reported lost, which the portal itself knows. Pure."""

from typing import Final

from app.kernel.words import Words
from lifecycle.citizen_card.holders import HOLDER_QUERY
from lifecycle.entitlements.combining import every, noting
from lifecycle.entitlements.conditions import FOR_A_CHILD, learns_at
from lifecycle.entitlements.opening import service
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Verdict, drawn, no, yes
from lifecycle.rules.ages import birthday_on, needs_guardian_consent
from lifecycle.rules.fact_kinds import BIRTH_DATE
from lifecycle.rules.looking import Looking
from lifecycle.rules.told_kinds import CITIZEN_CARD

STAGE: Final = "citizen_card"
_NONE: Final = Words(zh="还没有开通市民卡。", en="There is no citizen card yet.")
_OPEN_ONE: Final = Words(zh="开通市民卡后可使用。", en="It could be used once a card is open.")
_LOST: Final = Words(zh="市民卡已挂失。", en="The card is reported lost.")
_FOUND: Final = Words(zh="解除挂失后可使用。", en="It could be used once the block is lifted.")
_WAITS: Final = Words(zh="市民卡尚未激活。", en="The card hasn't been activated yet.")
_ACTIVATE: Final = Words(zh="激活后可使用。", en="It could be used once it is activated.")
_IN_USE: Final = Words(zh="市民卡正常使用。", en="The card is in use.")
_HOLDS: Final = Words(zh="已开通市民卡。", en="There is a citizen card.")
_SETTLED: Final = Words(
    zh="未结束的充值和交易由运营机构核对，结束后才能注销。",
    en="The operator looks whether a top-up or a payment is still under way; that must end first.",
)
_REDUCED: Final = Words(
    zh="优惠票价看年龄、学生、残疾等身份，由交通运输部门核验。",
    en="Reduced fares go by age, being a student or a disability; the transport authority verifies it.",
)
_DISCOUNTS: Final = Words(
    zh="优惠看年龄、学生或退役军人身份，由景区、场馆核验。",
    en="Discounts go by age, or by being a student or veteran; the sight or venue verifies it.",
)
_SCHOOL_TAKES_PART: Final = Words(
    zh="学校是否已接入，由学校答复。", en="Whether the school takes part is for the school to say."
)
_CONSENT: Final = Words(
    zh="不满14周岁的，监护人须另外单独同意。", en="Under the age of consent, the guardian consents separately."
)


def may_open(looking: Looking) -> Verdict:
    """A first card; each person has one."""
    if looking.need(CITIZEN_CARD) == "none":
        return yes(Words(zh="实名登录后可开通。", en="It can be opened once signed in with the real name."))
    return drawn(_HOLDS)


def holds(looking: Looking) -> Verdict:
    """Having a card, also one that is reported lost."""
    return no(_NONE, _OPEN_ONE) if looking.need(CITIZEN_CARD) == "none" else yes(_HOLDS)


def in_use(looking: Looking) -> Verdict:
    """Having a card that pays."""
    state = looking.need(CITIZEN_CARD)
    if state == "none":
        return no(_NONE, _OPEN_ONE)
    if state == "issued":
        return no(_WAITS, _ACTIVATE)
    return no(_LOST, _FOUND) if state == "lost" else yes(_IN_USE)


def may_report_lost(looking: Looking) -> Verdict:
    """A card that isn't reported lost yet."""
    state = looking.need(CITIZEN_CARD)
    if state == "none":
        return no(_NONE)
    return drawn(_LOST) if state == "lost" else yes(_IN_USE)


def is_lost(looking: Looking) -> Verdict:
    """A card that is reported lost."""
    state = looking.need(CITIZEN_CARD)
    if state == "none":
        return no(_NONE)
    return yes(_LOST) if state == "lost" else no(Words(zh="市民卡没有挂失。", en="The card isn't reported lost."))


def consented(looking: Looking) -> Verdict:
    """Below the age of consent, what a guardian agrees to apart is said."""
    born, law = looking.need(BIRTH_DATE), looking.law
    if not needs_guardian_consent(born, law):
        return yes(_IN_USE)
    looking.again(birthday_on(born, law.number("age.own_data_consent"), law))
    return yes(_IN_USE, steps=(_CONSENT,))


_AT_SCHOOL: Final = learns_at("kindergarten", "primary", "junior", "senior", "university")
RULES: Final[tuple[EntitlementRule, ...]] = (
    service("citizen_card_apply", STAGE, noting(may_open, FOR_A_CHILD)),
    service("citizen_card_replace", STAGE, noting(holds, FOR_A_CHILD)),
    service("citizen_card_loss_report", STAGE, noting(may_report_lost, FOR_A_CHILD)),
    service("citizen_card_unlock", STAGE, noting(is_lost, FOR_A_CHILD)),
    service("citizen_card_cancel", STAGE, noting(holds, _SETTLED, FOR_A_CHILD)),
    service("citizen_card_topup", STAGE, in_use),
    service("citizen_card_transit_pay", STAGE, noting(in_use, _REDUCED)),
    service("citizen_card_tourism", STAGE, noting(in_use, _DISCOUNTS)),
    service("citizen_card_utility_pay", STAGE, in_use),
    service("citizen_card_small_payment", STAGE, in_use),
    service(HOLDER_QUERY, STAGE, holds),
    service(
        "citizen_card_education",
        STAGE,
        noting(every(in_use, _AT_SCHOOL, consented), _SCHOOL_TAKES_PART, FOR_A_CHILD),
    ),
)
