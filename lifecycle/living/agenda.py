"""What comes next at home and with one's papers: identity card, registering for military service, heating. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from app.kernel.words import Words
from integrations.departments.utilities import HEAT_SUPPLY, HeatSupply
from lifecycle.agenda.items import AgendaRule, Item, reading
from lifecycle.facts.of_departments import Meaning
from lifecycle.queries.remembered import Fact, fact_of
from lifecycle.rules import heating, identity_card
from lifecycle.rules.ages import Span, birthday_on
from lifecycle.rules.fact_kinds import BIRTH_DATE, HEATING, ID_CARD_UNTIL, SEX, Heating
from lifecycle.rules.facts import FactKind
from lifecycle.rules.heating import Season as HeatingSeason
from lifecycle.rules.looking import Looking
from lifecycle.rules.seasons import Season, coming_years

HEAT: Final = "heating_service"
_ONE_DAY: Final = timedelta(days=1)
_STATION: Final = Words(
    zh="就近到任一派出所户籍窗口办理，带户口簿，本人到场照相、按指纹。",
    en="At any police station's household counter: bring the household booklet; your photograph and fingerprints are taken.",
)


def heating_contract(told: HeatSupply, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the heat supplier says of somebody's contract, as a fact."""
    stopped = tuple(sorted(told.stopped_seasons))
    yield HEATING, Heating(told.account_no, told.season_start.year in stopped, stopped)


def first_card(looking: Looking) -> Iterable[Item]:
    """The first identity card, within three months of the sixteenth birthday; nothing for who is known to have one, or is of age."""
    born = looking.need(BIRTH_DATE)
    of_age = birthday_on(born, looking.law.number("age.capacity_full"), looking.law)
    if looking.as_of >= of_age or looking.find(ID_CARD_UNTIL) is not None:
        return
    opens, due = identity_card.first_card(born, looking.law)
    term = _term_from(opens, born, looking)
    yield Item(
        code="identity_card.first",
        matter=None,
        title=Words(zh="申领居民身份证", en="Apply for an identity card"),
        why=Words(
            zh=f"居民身份证法第七条：{opens}年满十六周岁，应在三个月内（{due}前）申领，有效期{term.zh}。{_STATION.zh}",
            en=f"Identity Card Law, article 7: sixteen on {opens}, you apply within three months, by {due}; it is valid for {term.en}. "
            f"{_STATION.en}",
        ),
        opens=opens,
        due=due,
        lapses=of_age,
    )


def card_renewal(looking: Looking) -> Iterable[Item]:
    """The renewal of an identity card that ends, where its end is known."""
    until = looking.find(ID_CARD_UNTIL)
    if until is None:
        return
    born = looking.need(BIRTH_DATE)
    span = Span.read(looking.law.text("identity_card.renewed_before"))
    opens = span.before(until)
    term = _term_from(opens, born, looking)
    yield Item(
        code=f"identity_card.{until}",
        matter=None,
        title=Words(zh="换领居民身份证", en="Renew your identity card"),
        why=Words(
            zh=f"身份证有效期至{until}；居民身份证法第十一条：有效期满应当换领，可提前三个月（{opens}起）申请，新证有效期{term.zh}（第五条）。{_STATION.zh}",
            en=f"Your card ends on {until} and is renewed then (Identity Card Law, article 11); apply from {opens} on. The new one is "
            f"valid for {term.en} (article 5). {_STATION.en}",
        ),
        opens=opens,
        due=until,
    )


def military(looking: Looking) -> Iterable[Item]:
    """Registering for military service, in the year in which a man turns eighteen."""
    born = looking.need(BIRTH_DATE)
    year = born.year + looking.law.number("military.registered_at")
    if looking.as_of.year > year or looking.find(SEX) != "male":
        return
    opens, due = looking.law.get("military.season", Season).in_year(year)
    yield Item(
        code="military_registration",
        matter=None,
        title=Words(zh="兵役登记", en="Register for military service"),
        why=Words(
            zh=f"兵役法第十四条：{year}年12月31日前年满十八周岁的男性公民，当年进行初次兵役登记。您{born}出生，请在{due}前登录“全国征兵网”登记，或到乡镇街道武装部。",
            en=f"Military Service Law, article 14: men who are eighteen by 31 December {year} register in that year. Born on {born}, do so "
            f"by {due} at www.gfbzb.gov.cn or at the town's or street's armed forces office.",
        ),
        opens=opens,
        due=due,
        lapses=date(year + 1, 1, 1),
    )


def heat(looking: Looking) -> Iterable[Item]:
    """Until when a season's heating can be stopped, or resumed where it is stopped; for who has a contract."""
    contract = looking.find(HEATING)
    if contract is None:
        return
    told_before = Span.read(looking.law.text("heating.told_before"))
    for year in coming_years(looking.as_of):
        season = heating.season(year, looking.law)
        stopped = year in contract.stopped_seasons
        looking.again(season.asked_by + _ONE_DAY)
        opens = told_before.before(season.asked_by)
        looking.again(opens)
        yield _heat(season, contract.account, opens, stopped=stopped, by_case=opens <= looking.as_of)


def _heat(season: HeatingSeason, account: str, opens: date, *, stopped: bool, by_case: bool) -> Item:
    what = Words(zh="恢复供热", en="resume") if stopped else Words(zh="报停", en="stop")
    now = (
        Words(zh="已报停；要用热的，", en="It is stopped; if you want heat,")
        if stopped
        else Words(zh="整季不用热的，", en="If nobody needs heat all season,")
    )
    return Item(
        code=f"heating.{season.year}",
        matter=HEAT,
        title=Words(
            zh=f"{season.year}年供热季：是否{what.zh}", en=f"Heating of the season {season.year}: {what.en} it?"
        ),
        why=Words(
            zh=f"户号{account}，供热期{season.words.zh}。{now.zh}最晚{season.asked_by}申请{what.zh}（山东省供热条例第二十五条，提前30日）。",
            en=f"Account {account}, season {season.words.en}. {now.en} ask to {what.en} by {season.asked_by} "
            "(Shandong Heating Regulations, article 25: 30 days before).",
        ),
        opens=opens,
        due=season.asked_by,
        lapses=season.asked_by + _ONE_DAY,
        quiet=not stopped,
        by_case=by_case,
    )


def _term_from(applied_on: date, born: date, looking: Looking) -> Words:
    """How long a card is valid that is applied for on a day, by the age on it."""
    term = identity_card.term_of(born, applied_on, looking.law)
    return Words(zh="长期", en="life") if term is None else term.words


RULES: Final = (
    AgendaRule("living.first_identity_card", "living", first_card),
    AgendaRule("living.identity_card_renewal", "living", card_renewal),
    AgendaRule("living.military_registration", "living", military),
    AgendaRule("living.heating", "living", reading("money", heat)),
)
MEANINGS: Final[tuple[tuple[Fact[Any], Meaning], ...]] = ((fact_of(HEAT_SUPPLY, {}), heating_contract),)
