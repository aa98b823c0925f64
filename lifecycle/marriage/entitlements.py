"""Whether somebody may marry, as far as one person's facts say: age and being unmarried. Pure.

Kinship and the will of both are judged at the registry (民法典, articles 1046 and 1048).
"""

from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Verdict, need_all, no, yes, yes_from
from lifecycle.rules.fact_kinds import BIRTH_DATE, MARITAL_STATUS, SEX
from lifecycle.rules.looking import Looking
from lifecycle.rules.marriage_eligibility import Party, marriageable_on

_REGISTRY: Final = Words(
    zh="双方自愿、无禁止结婚的亲属关系，由登记机关当场审查。",
    en="The registry judges that both want it and aren't kin within the degrees that bar a marriage.",
)


def marriage(looking: Looking) -> Verdict:
    """The age at which somebody may marry, and that they aren't married; the status must be known, and isn't guessed."""
    need_all(looking, SEX, BIRTH_DATE)
    on = marriageable_on(Party(looking.need(SEX), looking.need(BIRTH_DATE)), looking.law)
    status = looking.find(MARITAL_STATUS)
    if status == "married":
        return no(
            Words(zh="已登记结婚（有配偶）。", en="Married already."),
            Words(zh="婚姻关系终止后可再登记。", en="It could be had once that marriage has ended."),
            steps=(_REGISTRY,),
        )
    words = Words(zh=f"{on}起达到法定婚龄。", en=f"Old enough from {on} on.")
    if looking.as_of < on and status is None:
        looking.again(on)
        return no(Words(zh="未达到法定婚龄。", en="Not old enough."), words, steps=(_REGISTRY,))
    looking.need(MARITAL_STATUS)
    return yes(words, steps=(_REGISTRY,)) if looking.as_of >= on else yes_from(on, words, steps=(_REGISTRY,))


RULES: Final = (
    EntitlementRule(
        name="marriage",
        matter="marriage_registration",
        stage="marriage",
        title=Words(zh="结婚登记", en="Marrying"),
        law=Words(
            zh="民法典第一千零四十一条、第一千零四十六条至第一千零四十八条",
            en="Civil Code, articles 1041 and 1046 to 1048",
        ),
        work=marriage,
    ),
)
