"""What comes next for one's health: the yearly check of the elderly, and what catastrophic cover pays. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from app.kernel.money import yuan
from app.kernel.words import Words
from integrations.departments.medical_insurance import SETTLEMENTS, Settlements
from lifecycle.agenda.items import AgendaRule, Item, reading
from lifecycle.facts.of_departments import Meaning
from lifecycle.queries.remembered import Fact, fact_of
from lifecycle.rules.ages import birthday_on
from lifecycle.rules.declared_kinds import MEDICAL_SCHEME
from lifecycle.rules.fact_kinds import BIRTH_DATE, SELF_PAID_FEN
from lifecycle.rules.facts import FactKind
from lifecycle.rules.looking import Looking
from lifecycle.rules.medical_reimbursement import catastrophic_from_fen, window_end
from lifecycle.rules.seasons import coming_years
from lifecycle.rules.told_kinds import EMPLOYEES_MEDICAL, INSURANCES

CHECK: Final = "checkup_institution"
CLAIM: Final = "medical_insurance_reimbursement"
_ONE_DAY: Final = timedelta(days=1)


def settlements(told: Settlements, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the insurance says of a year's costs, as a fact: what was borne of those that it covers."""
    yield SELF_PAID_FEN, told.compliant_own_fen


def yearly_check(looking: Looking) -> Iterable[Item]:
    """The free check of each year from an age on."""
    born = looking.need(BIRTH_DATE)
    age = looking.law.number("elderly.checked_from")
    first = birthday_on(born, age, looking.law)
    for year in coming_years(max(looking.as_of, first)):
        yield _check(year, max(first, date(year, 1, 1)), age, born)


def catastrophic(looking: Looking) -> Iterable[Item]:
    """What catastrophic cover adds, where a year's own costs are above its threshold; for who is known to have had them."""
    borne = looking.find(SELF_PAID_FEN)
    if borne is None:
        return
    told = looking.told_on(SELF_PAID_FEN)
    scheme = looking.find(MEDICAL_SCHEME)
    if scheme is None and EMPLOYEES_MEDICAL in (looking.find(INSURANCES) or ()):
        scheme = "employee"
    threshold = catastrophic_from_fen(scheme, looking.law)
    if borne <= threshold:
        return
    due = window_end(told, looking.law)
    yield Item(
        code=f"catastrophic_claim.{told.year}",
        matter=CLAIM,
        title=Words(zh=f"{told.year}年大病保险待遇", en=f"Catastrophic cover for {told.year}"),
        why=Words(
            zh=f"到{told}，您{told.year}年个人负担的合规医疗费{yuan(borne)}元，超过起付标准{yuan(threshold)}元的部分由大病保险再报（烟政办发〔2022〕23号）。联网医院直接结算；垫付的请在{due}前申请。",
            en=f"By {told} you bore {yuan(borne)} yuan of covered costs in {told.year}; catastrophic cover pays of what is above "
            f"{yuan(threshold)} yuan (烟政办发〔2022〕23号). Hospitals settle it directly; claim what you paid yourself by {due}.",
        ),
        opens=told,
        due=due,
        lapses=due + _ONE_DAY,
        by_case=False,
    )


def _check(year: int, opens: date, age: int, born: date) -> Item:
    return Item(
        code=f"health_check.{year}",
        matter=CHECK,
        title=Words(zh=f"{year}年老年人免费体检", en=f"Free health check of {year}"),
        why=Words(
            zh=f"国家基本公共卫生服务规范：{age}周岁及以上每年免费体检一次。您{born}出生，{year}年内（{year}-12-31前）到居住地社区卫生服务中心或卫生院，带身份证，空腹。",
            en=f"National public health standard: a free check each year from {age} on. Born on {born}, go to your community clinic by "
            f"{year}-12-31, with your identity card and without having eaten.",
        ),
        opens=opens,
        due=date(year, 12, 31),
        lapses=date(year + 1, 1, 1),
        by_case=False,
    )


RULES: Final = (
    AgendaRule("medical.yearly_check", "medical", yearly_check),
    AgendaRule("medical.catastrophic_cover", "medical", reading("health", catastrophic)),
)
MEANINGS: Final[tuple[tuple[Fact[Any], Meaning], ...]] = ((fact_of(SETTLEMENTS, {"year": None}), settlements),)
