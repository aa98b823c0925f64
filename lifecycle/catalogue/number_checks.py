"""What the number of an identity card says of itself (公民身份号码, GB 11643-1999), for anyone: nothing is asked, kept or logged.

Residence permits of Hong Kong, Macao and Taiwan residents and the foreigner's permanent residence card of 2023 share the form; that
card's form of 2004 (three letters and twelve digits) is read as well. Whether a number was ever issued is for the police to say.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.identity_documents import DocumentFlaw, DocumentNumberInvalid, read_document
from app.kernel.identity_numbers import (
    Flaw,
    Holder,
    IdentityNumber,
    IdentityNumberInvalid,
    Sex,
    check_character,
    parse,
)
from app.kernel.provinces import province_of
from app.kernel.structs import LINE, Body, View
from app.kernel.words import Words
from lifecycle.catalogue.ages import FARTHEST_YEARS
from lifecycle.catalogue.calculators import disclaimer, parameters
from lifecycle.catalogue.card_terms import CardTerm, card_term, in_words
from lifecycle.catalogue.errors import DaysOutOfOrder, DayTooFar
from lifecycle.catalogue.structs import ParameterUsed
from lifecycle.rules.ages import full_age, leap_policy
from lifecycle.rules.parameters import Reading, shipped

NumberForm = Literal["eighteen", "fifteen", "foreign_2004"]
Warned = Literal["region_unknown", "centenarian_sequence"]
FIFTEEN: Final = 15
SOURCE: Final = Words(
    zh="GB 11643-1999《公民身份号码》；居民身份证法第三、五、七条",
    en="GB 11643-1999, citizen identification number; Identity Card Law, articles 3, 5 and 7",
)
NOT_THE_REGISTER: Final = Words(
    zh="只检验号码自身的规则，不查询任何登记，不表示该号码已经签发或确有其人；号码不留存。",
    en="This checks the number's own rules only; no register is asked, so it doesn't say that the number was issued or whose it is. "
    "The number isn't kept.",
)
WARNINGS: Final[dict[Warned, Words]] = {
    "region_unknown": Words(
        zh="前两位不是已知的省级代码，仅作提示；区划撤并后，原号码照常有效。",
        en="The first two digits are no known province: a warning only, since numbers outlive the divisions that they name.",
    ),
    "centenarian_sequence": Words(
        zh="15位号码的顺序码996至999曾留给百岁以上的人，出生年份可能是18xx年。",
        en="In numbers of 15 digits the sequences 996 to 999 were kept for centenarians, so the year of birth may be 18xx.",
    ),
}
FLAWS: Final = {
    Flaw.FORM: Words(
        zh="应为18位数字（末位可为X），旧号码为15位数字；全角数字、空格和其他符号都不算。",
        en="A number has 18 digits, of which the last may be X, or 15 in its old form; no full-width digits, spaces or other signs.",
    ),
    Flaw.BIRTH_DATE: Words(
        zh="号码中的出生日期不存在，或早于1900年、晚于今天。",
        en="The day of birth in the number doesn't exist, lies before 1900, or is still to come.",
    ),
    Flaw.CHECK_CHARACTER: Words(zh="校验码不符", en="The check character is wrong"),
}
HOLDERS: Final = {
    Holder.MAINLAND: Words(zh="居民身份证", en="resident identity card"),
    Holder.HONG_KONG: Words(zh="港澳居民居住证（香港）", en="residence permit of a Hong Kong resident"),
    Holder.MACAO: Words(zh="港澳居民居住证（澳门）", en="residence permit of a Macao resident"),
    Holder.TAIWAN: Words(zh="台湾居民居住证", en="residence permit of a Taiwan resident"),
    Holder.FOREIGN_PERMANENT: Words(zh="外国人永久居留身份证", en="foreigner's permanent residence card"),
}
_SEXES: Final = {Sex.MALE: Words(zh="男", en="male"), Sex.FEMALE: Words(zh="女", en="female")}
_CENTENARIANS: Final = frozenset({"996", "997", "998", "999"})
_BODY: Final = slice(0, 17)


class NumberQuestion(Body, frozen=True, kw_only=True):
    """A number of 18 characters, of 15 digits, or of 15 characters on an old foreigner's card; and when a card is applied for (today)."""

    number: Annotated[str, Meta(min_length=1, max_length=40, pattern=LINE, description="As it was typed.")]
    applied_on: date | None = None


class NumberWarning(View, frozen=True):
    """Something odd about a number that is valid."""

    code: Warned
    text: Words


class NumberCheck(View, frozen=True, kw_only=True):
    """Whether a number keeps its own rules (`flaw` names the first that it breaks), and what it says of its holder.

    `number` is the whole one of 18 characters, completed from 15 digits. `expected_check` is the check character that a wrong one
    should be. `identity_card` is there for a resident's card only.
    """

    valid: bool
    flaw: Flaw | None
    expected_check: str | None
    form: NumberForm | None
    number: str | None
    holder: Holder | None
    birth_date: date | None
    sex: Sex | None
    age: int | None
    region: str | None
    province: Words | None
    warnings: tuple[NumberWarning, ...]
    identity_card: CardTerm | None
    as_of: date
    source: Words
    steps: tuple[Words, ...]
    parameters: tuple[ParameterUsed, ...]
    disclaimer: Words


def check(question: NumberQuestion) -> NumberCheck:
    """Check a number by its own rules. Refuses days of application before the holder's birth, or too far ahead."""
    today = clock.today()
    try:
        return _valid(parse(question.number, today), question, today)
    except IdentityNumberInvalid as invalid:
        return _foreign_card(question.number, invalid.flaw, today)


def _valid(number: IdentityNumber, question: NumberQuestion, today: date) -> NumberCheck:
    old = len(question.number) == FIFTEEN
    if old and number.holder is not Holder.MAINLAND:
        # Permits and cards of others never had 15 digits.
        raise IdentityNumberInvalid(Flaw.FORM)
    now, card = shipped().reading(today), None
    applied = shipped().reading(question.applied_on or today)
    if number.holder is Holder.MAINLAND:
        _refuse_impossible(number.birth_date, applied.as_of, today)
        card = card_term(number.birth_date, applied)
    age = full_age(number.birth_date, today, leap_policy(now))
    used = tuple({one.id: one for one in (*now.used, *applied.used)}.values())
    return msgspec.structs.replace(
        _nothing(today),
        valid=True,
        form="fifteen" if old else "eighteen",
        number=number.number,
        holder=number.holder,
        birth_date=number.birth_date,
        sex=number.sex,
        age=age,
        region=number.region,
        province=province_of(number.region),
        warnings=tuple(NumberWarning(one, WARNINGS[one]) for one in _warnings(number, old=old)),
        identity_card=card,
        steps=(*(_completed(number) if old else ()), *_steps(number, age, card, applied)),
        parameters=parameters(used),
        disclaimer=_both(disclaimer(used)),
    )


def _refuse_impossible(born_on: date, applied_on: date, today: date) -> None:
    if applied_on < born_on:
        raise DaysOutOfOrder(earlier="birth_date", later="applied_on")
    if applied_on.year > today.year + FARTHEST_YEARS:
        raise DayTooFar(as_of=applied_on.isoformat())


def _warnings(number: IdentityNumber, *, old: bool) -> Iterator[Warned]:
    if not number.region_known:
        yield "region_unknown"
    if old and number.number[14:17] in _CENTENARIANS:
        yield "centenarian_sequence"


def _completed(number: IdentityNumber) -> Iterator[Words]:
    yield Words(
        zh=f"15位旧号码在第6位后补“19”，再加校验码，成为{number.number}。",
        en=f"An old number of 15 digits gets 19 after its sixth digit, and a check character: {number.number}.",
    )


def _steps(number: IdentityNumber, age: int, card: CardTerm | None, applied: Reading) -> Iterator[Words]:
    holder, sex, body = HOLDERS[number.holder], _SEXES[number.sex], number.number[_BODY]
    yield Words(
        zh=f"前17位加权求和、除以11取余，校验码应为{check_character(body)}，相符。",
        en=f"The weighted sum of the first 17 digits modulo 11 gives the check character {check_character(body)}, as it is.",
    )
    yield Words(
        zh=f"{holder.zh}：第7至14位为出生日期{number.birth_date}（今天{age}周岁），第17位为{'奇' if number.sex is Sex.MALE else '偶'}数，性别{sex.zh}。",
        en=f"{holder.en[0].upper()}{holder.en[1:]}: digits 7 to 14 are the day of birth, {number.birth_date} (aged {age} today); digit 17 is "
        f"{'odd' if number.sex is Sex.MALE else 'even'}: {sex.en}.",
    )
    if card is not None:
        yield in_words(card, number.birth_date, applied)


def _foreign_card(text: str, flaw: Flaw, today: date) -> NumberCheck:
    """The 2004 form of the foreigner's card, which names a year of birth by two digits only, and no sex; or else the flaw."""
    try:
        document = read_document("foreign_pr", text)
    except DocumentNumberInvalid as invalid:
        of_birth = invalid.flaw is DocumentFlaw.BIRTH_DATE
        return _flawed(Flaw.BIRTH_DATE if of_birth else flaw, text, today)
    step = Words(
        zh="旧版外国人永久居留身份证号码：3位国籍字母、4位地区、6位出生日期（年份两位）、2位顺序和校验；格式和日期相符。",
        en="The old form of the foreigner's permanent residence card: three letters of the nationality, four digits of the place, the day of "
        "birth with two digits of its year, and two more; form and day hold.",
    )
    return msgspec.structs.replace(
        _nothing(today),
        valid=True,
        form="foreign_2004",
        number=document.number,
        holder=Holder.FOREIGN_PERMANENT,
        steps=(step,),
    )


def _flawed(flaw: Flaw, text: str, today: date) -> NumberCheck:
    expected = check_character(text[_BODY]) if flaw is Flaw.CHECK_CHARACTER else None
    step = FLAWS[flaw]
    if expected is not None:
        step = Words(zh=f"{step.zh}，应为{expected}。", en=f"{step.en}; it should be {expected}.")
    return msgspec.structs.replace(_nothing(today), flaw=flaw, expected_check=expected, steps=(step,))


def _nothing(today: date) -> NumberCheck:
    return NumberCheck(
        valid=False,
        flaw=None,
        expected_check=None,
        form=None,
        number=None,
        holder=None,
        birth_date=None,
        sex=None,
        age=None,
        region=None,
        province=None,
        warnings=(),
        identity_card=None,
        as_of=today,
        source=SOURCE,
        steps=(),
        parameters=(),
        disclaimer=NOT_THE_REGISTER,
    )


def _both(other: Words) -> Words:
    return Words(zh=f"{NOT_THE_REGISTER.zh}{other.zh}", en=f"{NOT_THE_REGISTER.en} {other.en}")
