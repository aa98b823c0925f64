"""The old-age allowance on the agenda of whoever is entitled and isn't known to draw it. Pure.

Age and division are known here; Civil Affairs isn't asked for it, but what it said to an earlier query is remembered.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from app.kernel.words import Words
from integrations.departments.welfare import WELFARE_ALLOWANCES, WelfareAllowances
from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.queries.remembered import fact_of
from lifecycle.rules.ages import birthday_on
from lifecycle.rules.fact_kinds import ALLOWANCES, BIRTH_DATE, DIVISION, REGISTERED, Allowance
from lifecycle.rules.facts import FactKind
from lifecycle.rules.granted import granted
from lifecycle.rules.looking import Looking
from lifecycle.social_security import old_age_rules as rules
from lifecycle.social_security.bereavement_agenda import RULES as BEREAVEMENT_RULES
from lifecycle.social_security.insurance_agenda import RULES as INSURANCE_RULES
from lifecycle.social_security.old_age_allowance import MATTER
from lifecycle.social_security.retirement_agenda import RULES as RETIREMENT_RULES

CODE: Final = "old_age_allowance"
FACT: Final = fact_of(WELFARE_ALLOWANCES, {})


def allowances(told: WelfareAllowances, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What Civil Affairs said that somebody draws, as a fact."""
    yield ALLOWANCES, tuple(sorted(Allowance(one.kind, one.monthly_fen) for one in told.allowances))


def old_age_allowance(looking: Looking) -> Iterable[Item]:
    """The allowance of who is registered here and old enough, unless it is drawn, or was granted here, already."""
    born, division = looking.need(BIRTH_DATE), looking.need(DIVISION)
    for step in rules.steps(looking.law):
        looking.again(birthday_on(born, step.from_age, looking.law))
    if not looking.need(REGISTERED) or not rules.is_here(division):
        return
    now = rules.step(born, looking.law)
    drawn = any(one.kind == "senior" for one in looking.find(ALLOWANCES) or ())
    if now is None or drawn or granted(looking, MATTER):
        return
    words = rules.note(now)
    yield Item(
        code=CODE,
        matter=MATTER,
        title=Words(zh="领取高龄津贴：只需确认收款账户", en="Old-age allowance: just confirm an account"),
        why=Words(
            zh=f"老年人权益保障法第三十三条。{words.zh}已在领的不用办理。",
            en=f"{words.en} Nothing to do if it is drawn already (Law on the Rights of the Elderly, article 33).",
        ),
        opens=birthday_on(born, now.from_age, looking.law),
    )


RULES: Final = (
    AgendaRule("social_security.old_age_allowance", "social_security", old_age_allowance),
    *RETIREMENT_RULES,
    *INSURANCE_RULES,
    *BEREAVEMENT_RULES,
)
