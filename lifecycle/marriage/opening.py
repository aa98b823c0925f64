"""To whom the matters around a marriage and its end are open. Pure."""

from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.combining import every, noting
from lifecycle.entitlements.conditions import ADULT
from lifecycle.entitlements.opening import service
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Verdict, no, yes, yes_from
from lifecycle.marriage.entitlements import marriage
from lifecycle.marriage.single import MATTER as FOR_SINGLES
from lifecycle.rules.fact_kinds import BIRTH_DATE, MARITAL_STATUS, SEX
from lifecycle.rules.looking import Looking
from lifecycle.rules.marriage_eligibility import Party, marriageable_on
from lifecycle.rules.told_kinds import DIVORCE_APPLICATION

STAGE: Final = "marriage"
_AGREED: Final = Words(
    zh="双方自愿、都有完全民事行为能力、在内地登记结婚并写好离婚协议，由登记机关当场审查；谈不拢的到法院起诉。",
    en="The registry judges that both want it, have full capacity, married in mainland China and have a written agreement; "
    "otherwise the way is through the court.",
)
_BY_CHOICE: Final = Words(
    zh="婚前医学检查自愿，不做也能登记结婚。", en="The check is by choice; you can marry without it."
)
_TOGETHER: Final = Words(
    zh="双方一起到公证处；对方的行为能力和财产权属由公证员审查。",
    en="You come together; the notary judges the other's capacity and whose the property is.",
)
_UNMARRIED: Final = Words(zh="没有存续的婚姻关系。", en="Not married.")
_ONCE_MARRIED: Final = Words(zh="登记结婚后才有离婚登记。", en="There is a divorce only of who is married.")


def too_young_to_marry(looking: Looking) -> bool:
    """Whether somebody is known to be below the age at which they may marry; says when that changes."""
    sex, born = looking.find(SEX), looking.find(BIRTH_DATE)
    if sex is None or born is None:
        return False
    on = marriageable_on(Party(sex, born), looking.law)
    looking.again(on)
    return looking.as_of < on


def divorce(looking: Looking) -> Verdict:
    """Divorcing by agreement: for who is married; once applied for, the certificate is claimed within its days."""
    status, applied = looking.find(MARITAL_STATUS), looking.find(DIVORCE_APPLICATION)
    if status is not None and status != "married":
        return no(_UNMARRIED, _ONCE_MARRIED)
    if applied is not None and looking.as_of <= applied.claim_until:
        words = Words(
            zh=f"已申请离婚登记，{applied.claim_from}至{applied.claim_until}双方一起领证，{applied.withdraw_until}前可撤回。",
            en=f"Applied for; both claim the certificate from {applied.claim_from} to {applied.claim_until}, and either may "
            f"withdraw until {applied.withdraw_until}.",
        )
        if looking.as_of < applied.claim_from:
            return yes_from(applied.claim_from, words)
        return yes(words, until=applied.claim_until)
    if status is None and too_young_to_marry(looking):
        return no(_UNMARRIED, _ONCE_MARRIED)
    looking.need(MARITAL_STATUS)
    return yes(Words(zh="已登记结婚（有配偶）。", en="Married."))


def is_single(looking: Looking) -> Verdict:
    """Not married; unknown isn't taken for single, but for who is too young to marry."""
    if looking.find(MARITAL_STATUS) is None and too_young_to_marry(looking):
        return yes(Words(zh="未到法定婚龄。", en="Too young to be married."))
    if looking.need(MARITAL_STATUS) == "married":
        return no(
            Words(zh="已登记结婚（有配偶）。", en="Married."),
            Words(zh="单身后可享受。", en="It could be had by who is single."),
        )
    return yes(Words(zh="目前单身。", en="Single at present."))


RULES: Final[tuple[EntitlementRule, ...]] = (
    service("divorce_registration", STAGE, noting(divorce, _AGREED)),
    service("premarital_medical_exam", STAGE, noting(marriage, _BY_CHOICE)),
    service("premarital_property_notarization", STAGE, noting(ADULT, _TOGETHER)),
    service(FOR_SINGLES, STAGE, every(ADULT, is_single)),
    service("wedding_service_push", STAGE, ADULT),
    service("wedding_photo_push", STAGE, ADULT),
)
