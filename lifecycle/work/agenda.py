"""What comes next at work: a contract that ends, and registering as unemployed after work has ended. Pure.

Only of who is known to work, or to have worked, is anything said.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from app.kernel.words import Words
from integrations.departments.labour_records import (
    LABOUR_RECORD,
    UNEMPLOYMENT_RECORD,
    LabourRecord,
    UnemploymentRecord,
)
from lifecycle.agenda.items import AgendaRule, Item, reading
from lifecycle.facts.of_departments import Meaning
from lifecycle.queries.remembered import Fact, fact_of
from lifecycle.rules.ages import Span
from lifecycle.rules.fact_kinds import JOB, PENSION_SINCE, UNEMPLOYED_SINCE, UNEMPLOYMENT_MONTHS, Job
from lifecycle.rules.facts import FactKind
from lifecycle.rules.looking import Looking
from lifecycle.rules.told_kinds import LAST_JOB_ENDED, UNEMPLOYMENT_PAID_UNTIL, LastJobEnded

LABOUR: Final = "labour_employment_info"
REGISTRATION: Final = "employment_unemployment_cert"
_ONE_DAY: Final = timedelta(days=1)
_AT_WORK: Final = frozenset({"employee", "flexible"})


def labour(told: LabourRecord, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the labour bureau says of somebody's work, as a fact."""
    if told.job is not None and told.status in _AT_WORK:
        yield JOB, Job(told.job.since, None, told.job.contract_until)


def unemployment(told: UnemploymentRecord, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the labour bureau says of who lost work, as facts; benefit only where it is paid."""
    yield LAST_JOB_ENDED, LastJobEnded(told.ended_on, told.reason == "resigned")
    yield UNEMPLOYMENT_MONTHS, told.contributed_months
    if told.registered_on is not None:
        yield UNEMPLOYED_SINCE, told.registered_on
    if told.benefit_fen and told.benefit_until is not None:
        yield UNEMPLOYMENT_PAID_UNTIL, told.benefit_until


def contract_ends(looking: Looking) -> Iterable[Item]:
    """A labour contract for a fixed term that ends."""
    job = looking.find(JOB)
    if job is None or job.until is not None or job.contract_until is None:
        return
    ends = job.contract_until
    opens = Span.read(looking.law.text("work.contract_warned_before")).before(ends)
    yield Item(
        code=f"labour_contract.{ends}",
        matter=LABOUR,
        title=Words(zh="劳动合同到期：续订或终止", en="Your labour contract ends: renew it or not"),
        why=Words(
            zh=f"现合同{ends}到期。劳动合同法第十四条：连续订立两次固定期限合同后续订的，可以要求无固定期限合同；第四十六条：单位不续订的，应付经济补偿。",
            en=f"The contract ends on {ends}. After two fixed terms you may ask for an open-ended one (Labour Contract Law, article 14); "
            "if the employer doesn't renew it, compensation is due (article 46).",
        ),
        opens=opens,
        due=ends,
        lapses=ends + _ONE_DAY,
        by_case=False,
    )


def registration(looking: Looking) -> Iterable[Item]:
    """Registering as unemployed, once work has ended and no other is known; done once it is registered."""
    ended, job = looking.find(LAST_JOB_ENDED), looking.find(JOB)
    last = ended.on if ended is not None else job.until if job is not None else None
    if last is None or looking.find(PENSION_SINCE) is not None:
        return
    if job is not None and job.until is None and job.since > last:
        return
    due = Span.read(looking.law.text("unemployment.claimed_within")).after(last)
    registered = looking.find(UNEMPLOYED_SINCE)
    yield Item(
        code=f"unemployment_registration.{last:%Y-%m}",
        matter=REGISTRATION,
        title=Words(zh="失业登记", en="Register as unemployed"),
        why=Words(
            zh=f"您{last}离职。失业保险条例第十六条：离职之日起{due}前登记并申领；失业金自登记之日起算（社会保险法第五十条），越早越好。",
            en=f"Your work ended on {last}. Register and claim by {due} (Unemployment Insurance Regulations, article 16); benefit is "
            "counted from the day of registration (Social Insurance Law, article 50), so the sooner the better.",
        ),
        opens=last + _ONE_DAY,
        due=due,
        lapses=Span.read(looking.law.text("unemployment.registration_shown")).after(last),
        done_on=registered if registered is not None and registered >= last else None,
    )


RULES: Final = (
    AgendaRule("work.contract_ends", "work", reading("identity", contract_ends)),
    AgendaRule("work.unemployment_registration", "work", reading("identity", registration)),
)
MEANINGS: Final[tuple[tuple[Fact[Any], Meaning], ...]] = (
    (fact_of(LABOUR_RECORD, {}), labour),
    (fact_of(UNEMPLOYMENT_RECORD, {}), unemployment),
)
