"""docs/citizens.md and docs/citizens.zh.md: what the life page says to ten citizens, and why; written by the rules themselves."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final, Literal

import msgspec

from app.kernel.money import yuan
from app.kernel.words import Words
from app.wired_agenda import agenda_rules_of_stages
from app.wired_entitlements import stages_rules
from integrations.departments.directory import NAMES
from lifecycle.agenda.book import Book, Kept, progress
from lifecycle.agenda.outlook import look
from lifecycle.agenda.reading import standing
from lifecycle.entitlements.judging import Judgement, judge
from lifecycle.rules.fact_kinds import DOSES
from lifecycle.rules.facts import Said, known_kinds
from lifecycle.rules.parameters import Used, shipped
from simulation.citizens import AS_OF, TEN, Portrait

Language = Literal["zh", "en"]
FILES: Final[dict[Language, str]] = {"en": "citizens.md", "zh": "citizens.zh.md"}
_SHOWN: Final = 10
_NEAR: Final = timedelta(days=3 * 365)
_ORDER: Final = {"overdue": 0, "due": 1, "in_progress": 2, "upcoming": 3}
_CODES: Final[dict[str, Words]] = {
    "female": Words(zh="女", en="female"),
    "male": Words(zh="男", en="male"),
    "married": Words(zh="已婚", en="married"),
    "employee": Words(zh="职工", en="employees'"),
    "resident": Words(zh="居民", en="residents'"),
    "man": Words(zh="男职工", en="a man"),
    "woman_cadre": Words(zh="女干部", en="a woman of 55 before the reform"),
    "woman_worker": Words(zh="女工人", en="a woman of 50 before the reform"),
    "kindergarten": Words(zh="幼儿园", en="kindergarten"),
    "junior": Words(zh="初中", en="junior secondary"),
    "senior": Words(zh="高中", en="senior secondary"),
    "private_car": Words(zh="小型私家车", en="private car"),
    "handbook": Words(zh="已建册", en="handbook opened"),
    "first_visit": Words(zh="第1次产检", en="first visit"),
    "nt_scan": Words(zh="NT超声", en="NT scan"),
    "370602": Words(zh="烟台市芝罘区", en="Zhifu, Yantai"),
}
_YES: Final = Words(zh="是", en="yes")
_NO: Final = Words(zh="否", en="no")
_TEXTS: Final[dict[str, Words]] = {
    "heading": Words(zh="# 十位市民的人生主页", en="# Ten citizens, and what their life page says"),
    "intro": Words(
        zh=f"本页由 `fuhai citizens` 按现行规则生成，日期为{AS_OF}。每位市民下面依次是：已知的事实（注明谁说的）、接下来该办的事"
        "（最近十件）、应享待遇，以及还缺什么才能判断。人物均为虚构；标“示例”的标准尚未经本市确认。",
        en=f"Written by `fuhai citizens` from the rules in force, as of {AS_OF}. Each citizen's part has what is known (and who says so), "
        "what comes next (the first ten things), what they are entitled to, and what is missing to say more. The people are invented; "
        "figures marked illustrative aren't confirmed for the city.",
    ),
    "known": Words(zh="**已知**", en="**What is known**"),
    "next": Words(zh="**接下来**", en="**What comes next**"),
    "entitled": Words(zh="**应享待遇**", en="**Entitled to**"),
    "not": Words(zh="**目前不符合**", en="**Not at present**"),
    "unsaid": Words(zh="**还缺这些才能判断**", en="**Missing, to say more**"),
    "law": Words(zh="**依据的标准**", en="**Figures that this rests on**"),
    "nothing": Words(zh="近期没有要办的事。", en="Nothing in the near future."),
    "illustrative": Words(zh="（示例）", en=" (illustrative)"),
}
_STANDINGS: Final[dict[str, Words]] = {
    "overdue": Words(zh="已逾期", en="overdue"),
    "due": Words(zh="现在办", en="now"),
    "in_progress": Words(zh="办理中", en="under way"),
    "upcoming": Words(zh="将来", en="later"),
}
_ANSWERS: Final[dict[str, Words]] = {
    "yes": Words(zh="可以享受", en="yes"),
    "yes_from": Words(zh="到时可享受", en="yes, from a day on"),
}
_SOURCES: Final[dict[str, Words]] = {
    "residents": Words(zh="本平台实名信息", en="the portal's register"),
    "heating": Words(zh="供热企业", en="the heating company"),
}


def page(language: Language) -> str:
    """The whole page in one language, as Markdown."""
    read = [Read.of(one) for one in TEN]
    parts = [_said("heading", language), _said("intro", language), *(_part(one, language) for one in read)]
    return "\n\n".join((*parts, _appendix(read, language))) + "\n"


class Read(msgspec.Struct, frozen=True):
    """A citizen, with what their life page says."""

    portrait: Portrait
    book: Book
    judged: tuple[Judgement, ...]

    @classmethod
    def of(cls, portrait: Portrait) -> "Read":
        """Have every rule look at a citizen."""
        book, _ = progress(None, look(agenda_rules_of_stages(), portrait.facts, AS_OF), AS_OF)
        return cls(portrait, book, tuple(judge(rule, portrait.facts, AS_OF) for rule in stages_rules()))

    @property
    def asked(self) -> tuple[Judgement, ...]:
        """What such a citizen asks about."""
        return tuple(one for one in self.judged if one.rule.name in self.portrait.asks)

    @property
    def had(self) -> tuple[Judgement, ...]:
        """What such a citizen asks about and may have, and all that pays something within some years."""
        near = AS_OF + _NEAR
        return tuple(
            one
            for one in self.judged
            if one.verdict is not None
            and not one.verdict.drawn
            and (one in self.asked or (one.verdict.amount is not None and (one.verdict.from_on or AS_OF) <= near))
        )

    @property
    def coming(self) -> list[Kept]:
        """The first things on the agenda, as the life page shows them."""
        kept = [one for one in self.book.open() if standing(one, AS_OF) in _ORDER]
        kept.sort(
            key=lambda one: (_ORDER[standing(one, AS_OF)], one.item.due or one.item.opens or date.max, one.item.code)
        )
        return kept[:_SHOWN]


def _said(name: str, language: Language) -> str:
    return _in(_TEXTS[name], language)


def _in(words: Words, language: Language) -> str:
    return words.zh if language == "zh" else words.en


def _part(one: Read, language: Language) -> str:
    lines = [
        f"## {one.portrait.name}",
        _in(one.portrait.about, language),
        _list("known", _known(one.portrait, language), language),
        _list("next", (_item(each, language) for each in one.coming), language) or _said("nothing", language),
        _list("entitled", _entitled(one.had, language), language),
        _list("not", _refused(one.asked, language), language),
        _list("unsaid", _lacking(one, language), language),
    ]
    return "\n\n".join(line for line in lines if line)


def _appendix(read: Iterable[Read], language: Language) -> str:
    """Every figure of law that the page rests on, once, with its source."""
    used: dict[str, Used] = {}
    for one in read:
        used |= {each.id: each for judged in one.had if judged.answer in _ANSWERS for each in judged.law}
        used |= {name: _used(name) for kept in one.coming for name in kept.seen.law if name not in used}
    mark = _said("illustrative", language)
    found = (f"`{each.key}`: {each.source}{mark if each.illustrative else ''}" for _, each in sorted(used.items()))
    return _list("law", found, language).replace("**", "## ", 1).replace("**", "", 1)


def _list(heading: str, items: Iterable[str], language: Language) -> str:
    found = list(items)
    return "" if not found else "\n".join((_said(heading, language), "", *(f"- {item}" for item in found)))


def _known(one: Portrait, language: Language) -> Iterable[str]:
    kinds = known_kinds()
    for said in one.facts.said():
        source = NAMES.get(said.source) or _SOURCES[said.source]
        yield f"{_in(kinds[said.kind].title, language)}: {_value(said, language)} ({_in(source, language)})"


def _value(said: Said[Any], language: Language) -> str:
    """A value in words."""
    if isinstance(said.value, bool):
        return _in(_YES if said.value else _NO, language)
    if said.kind == DOSES.name:
        return ", ".join(f"{one.vaccine} {one.on}" for one in said.value)
    value = msgspec.to_builtins(said.value)
    several = value if isinstance(value, list | tuple) else [value]
    return "; ".join(_flat(one, language) for one in several) or "—"


def _flat(value: object, language: Language) -> str:
    if isinstance(value, dict):
        return ", ".join(_flat(each, language) for each in value.values() if each not in (None, [], (), 0, False, ""))
    if isinstance(value, list | tuple):
        return ", ".join(_flat(each, language) for each in value)
    return _in(_CODES[value], language) if isinstance(value, str) and value in _CODES else str(value)


def _item(one: Kept, language: Language) -> str:
    item, stands = one.item, _in(_STANDINGS[standing(one, AS_OF)], language)
    days = " – ".join(str(day) for day in (item.opens, item.due) if day is not None)
    return f"*{stands}*{f' {days}' if days else ''} **{_in(item.title, language)}**: {_in(item.why, language)}"


def _entitled(judged: Iterable[Judgement], language: Language) -> Iterable[str]:
    for one in judged:
        if one.verdict is not None and one.answer in _ANSWERS:
            amount = (
                ""
                if one.verdict.amount is None
                else f", {yuan(one.verdict.amount.fen)} {'元' if language == 'zh' else 'yuan'}"
            )
            day = "" if one.verdict.from_on is None else f" {one.verdict.from_on}"
            said = f"{_in(_ANSWERS[one.answer], language)}{day}{amount}"
            yield f"**{_in(one.rule.title, language)}**: {said}. {_in(one.verdict.because, language)} ({_in(one.rule.law, language)})"


def _refused(judged: Iterable[Judgement], language: Language) -> Iterable[str]:
    for one in judged:
        if one.verdict is not None and one.answer == "no" and one.verdict.would_be_if is not None:
            yield f"{_in(one.rule.title, language)}: {_in(one.verdict.because, language)} {_in(one.verdict.would_be_if, language)}"


def _lacking(one: Read, language: Language) -> Iterable[str]:
    kinds = known_kinds()
    for_what: dict[str, set[str]] = {unseen.lacks: set() for unseen in one.book.unseen if unseen.lacks}
    for judged in one.asked:
        for kind in judged.needs:
            for_what.setdefault(kind.name, set()).add(_in(judged.rule.title, language))
    for name, titles in sorted(for_what.items()):
        yield _in(kinds[name].title, language) + (f" ({', '.join(sorted(titles))})" if titles else "")


def _used(parameter_id: str) -> Used:
    key = parameter_id.partition("@")[0]
    reading = shipped().reading(AS_OF)
    reading.get(key, object)
    (used,) = reading.used
    return used
