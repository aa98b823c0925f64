"""Catastrophic cover of a year's medical costs (大病保险、大额医疗费用补助). Pure."""

from datetime import date, timedelta
from typing import Final

from app.kernel.money import yuan
from app.kernel.words import Words
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Amount, Verdict, need_all, no, yes
from lifecycle.rules.declared_kinds import MEDICAL_SCHEME
from lifecycle.rules.fact_kinds import SELF_PAID_FEN
from lifecycle.rules.looking import Looking
from lifecycle.rules.medical_reimbursement import catastrophic_fen, catastrophic_from_fen


def catastrophic_cover(looking: Looking) -> Verdict:
    """What is paid of the year's compliant self-pay above the line, by insurance."""
    need_all(looking, MEDICAL_SCHEME, SELF_PAID_FEN)
    scheme, paid = looking.need(MEDICAL_SCHEME), looking.need(SELF_PAID_FEN)
    line, due = catastrophic_from_fen(scheme, looking.law), catastrophic_fen(scheme, paid, looking.law)
    last = date(looking.as_of.year, 12, 31)
    looking.again(last + timedelta(days=1))
    words = Words(
        zh=f"本年度合规自付{yuan(paid)}元，起付线{yuan(line)}元。",
        en=f"{yuan(paid)} yuan borne this year; the line is {yuan(line)}.",
    )
    if due == 0:
        above = Words(zh=f"合规自付超过{yuan(line)}元后可享受。", en=f"It could be had above {yuan(line)} yuan.")
        return no(words, above)
    return yes(words, amount=Amount(due, "once"), until=last, period=str(looking.as_of.year))


RULES: Final = (
    EntitlementRule(
        name="catastrophic_cover",
        matter="medical_insurance_reimbursement",
        stage="medical",
        title=Words(zh="大病保险和大额医疗费用补助", en="Catastrophic cover"),
        law=Words(
            zh="社会保险法第二十八条至第三十条；烟政办发〔2022〕23号", en="Social Insurance Law, articles 28 to 30"
        ),
        work=catastrophic_cover,
        without_application=True,
    ),
)
