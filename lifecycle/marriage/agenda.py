"""An application for divorce that is under way: until when it can be withdrawn, and when the certificate is claimed. Pure.

Nothing is said of marriage or divorce to anybody else.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from app.kernel.words import Words
from integrations.departments.marriages import DIVORCE, MARRIAGE, DivorceRecord, MaritalCode, MarriageRecord
from lifecycle.agenda.items import AgendaRule, Item, reading
from lifecycle.facts.of_departments import Meaning
from lifecycle.queries.remembered import Fact, fact_of
from lifecycle.rules.fact_kinds import MARITAL_STATUS, MARRIED_ON, MaritalStatus
from lifecycle.rules.facts import FactKind
from lifecycle.rules.looking import Looking
from lifecycle.rules.told_kinds import DIVORCE_APPLICATION, DivorceApplication

MATTER: Final = "divorce_registration"
STATUSES: Final[dict[MaritalCode, MaritalStatus]] = {"10": "single", "20": "married", "30": "widowed", "40": "divorced"}
_ONE_DAY: Final = timedelta(days=1)


def marriage(told: MarriageRecord, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What Civil Affairs says of somebody's marriage, as facts."""
    yield MARITAL_STATUS, STATUSES[told.marital_code]
    if told.marriage is not None and told.marriage.standing == "in_force":
        yield MARRIED_ON, told.marriage.registered_on


def divorce(told: DivorceRecord, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What Civil Affairs says of a divorce, as facts; an application that lapsed is none."""
    yield MARITAL_STATUS, STATUSES[told.marital_code]
    found = told.application
    if found is not None and found.state != "lapsed" and told.divorce is None:
        days = (found.applied_on, found.withdraw_until, found.claim_from, found.claim_until)
        yield DIVORCE_APPLICATION, DivorceApplication(*days)


def divorce_days(looking: Looking) -> Iterable[Item]:
    """The cooling-off of an application, and then the days in which both claim the certificate."""
    known = looking.find(DIVORCE_APPLICATION)
    if known is None:
        return
    yield Item(
        code=f"divorce_cooling.{known.accepted_on}",
        matter=MATTER,
        title=Words(zh="离婚登记冷静期", en="Divorce: cooling-off"),
        why=Words(
            zh=f"民法典第一千零七十七条：{known.accepted_on}受理，{known.withdraw_until}以前（含当日）任何一方都可以撤回申请；继续办理的，现在不用做什么。",
            en=f"Civil Code, article 1077: the application was taken in on {known.accepted_on}; either of you may withdraw it until "
            f"{known.withdraw_until} (included). To go on, nothing need be done now.",
        ),
        opens=known.accepted_on,
        lapses=known.claim_from,
        quiet=True,
        by_case=False,
    )
    yield Item(
        code=f"divorce_claim.{known.accepted_on}",
        matter=MATTER,
        title=Words(zh="双方共同申领离婚证", en="Divorce: both claim the certificate"),
        why=Words(
            zh=f"民法典第一千零七十七条：{known.claim_from}至{known.claim_until}，双方须亲自到受理的婚姻登记机关申请发证；逾期视为撤回，要重新申请。",
            en=f"Civil Code, article 1077: from {known.claim_from} to {known.claim_until} both come in person to the registry that took "
            "the application; later it counts as withdrawn and begins anew.",
        ),
        opens=known.claim_from,
        due=known.claim_until,
        lapses=known.claim_until + _ONE_DAY,
        by_case=False,
    )


RULES: Final = (AgendaRule("marriage.divorce_days", "marriage", reading("family", divorce_days)),)
MEANINGS: Final[tuple[tuple[Fact[Any], Meaning], ...]] = (
    (fact_of(MARRIAGE, {}), marriage),
    (fact_of(DIVORCE, {}), divorce),
)
