"""Checking a unified social credit code (统一社会信用代码, GB 32100-2015) with the organisation code inside; no register is asked."""

from collections.abc import Iterator
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.provinces import province_of
from app.kernel.social_credit_codes import Flaw, SocialCreditCode, read_code
from app.kernel.structs import LINE, Body, View
from app.kernel.words import Words
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.known import Filled, Known
from lifecycle.rules.parameters import shipped
from lifecycle.work.leave_calculator import JOB

_WHOLE_COUNTRY: Final = "100000"
_FORM: Final = Words(
    zh="应为18位：前2位为数字或大写字母，第3至8位为区划数字，其余为数字或大写字母（不用I、O、S、V、Z）。",
    en="A code has 18 signs: two of the alphabet (digits and letters but I, O, S, V, Z), six digits of a division, and ten of the alphabet.",
)
_FLAWS: Final = {
    Flaw.ORGANISATION_CHECK: Words(
        zh="第9至17位的组织机构代码：校验码应为{check}，实为{found}，不符（GB 11714）。",
        en="The organisation code, signs 9 to 17: its check character should be {check} and is {found} (GB 11714).",
    ),
    Flaw.CHECK_CHARACTER: Words(
        zh="第18位校验码应为{check}，实为{found}，不符（GB 32100）。",
        en="The check character, sign 18, should be {check} and is {found} (GB 32100).",
    ),
}


class Authority(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who registers organisations, and of which kinds, by the code's second sign."""

    name: Words
    kinds: dict[str, Words]


class CreditCodeQuestion(Body, frozen=True, kw_only=True):
    """A code as it was typed; lower case is taken."""

    code: Annotated[str, Meta(min_length=1, max_length=40, pattern=LINE, description="18 signs.")]


class CreditCodeView(View, frozen=True, kw_only=True):
    """Whether both check characters hold (`flaws` name what doesn't), and what the code says of its organisation.

    `expected_check` and `expected_organisation_check` are what the characters should be. `authority` and `kind` are null where
    this city doesn't know the sign, and `province` where the division begins with none: that is a warning only.
    """

    valid: bool
    flaws: tuple[Flaw, ...]
    code: str | None
    authority: Words | None
    kind: Words | None
    division_code: str | None
    province: Words | None
    organisation_code: str | None
    expected_organisation_check: str | None
    expected_check: str | None


def of_a_code(question: CreditCodeQuestion) -> Answered[CreditCodeView]:
    """Check a code by its own rules; one that is wrong is an answer, never a refusal."""
    reading = shipped().reading(clock.today())
    authorities = reading.get("social_credit.authorities", dict[str, Authority])
    code = read_code(question.code)
    if code is None:
        return Answered(reading.as_of, _shapeless(), reading.used, (_FORM,))
    authority = authorities.get(code.authority)
    found = CreditCodeView(
        valid=not code.flaws,
        flaws=code.flaws,
        code=code.code,
        authority=authority.name if authority else None,
        kind=authority.kinds.get(code.kind) if authority else None,
        division_code=code.division_code,
        province=province_of(code.division_code),
        organisation_code=code.organisation_code,
        expected_organisation_check=code.organisation_check,
        expected_check=code.check,
    )
    return Answered(reading.as_of, found, reading.used, tuple(_steps(code, found)))


def _steps(code: SocialCreditCode, found: CreditCodeView) -> Iterator[Words]:
    for flaw in code.flaws:
        whole = flaw is Flaw.CHECK_CHARACTER
        check, sign = (code.check, code.code[17]) if whole else (code.organisation_check, code.code[16])
        yield _FLAWS[flaw].filled(check=check, found=sign)
    if not code.flaws:
        yield Words(
            zh=f"第9至17位的组织机构代码{code.organisation_code}和第18位校验码{code.check}都相符。",
            en=f"The organisation code {code.organisation_code}, signs 9 to 17, and the check character {code.check} both hold.",
        )
    if found.authority is None or found.kind is None:
        yield Words(
            zh="前两位不是这里已知的登记管理部门和机构类别，仅作提示。",
            en="The first two signs name no authority and kind that are known here: a warning only.",
        )
    else:
        yield Words(
            zh=f"登记管理部门：{found.authority.zh}；机构类别：{found.kind.zh}；登记管理机关区划{code.division_code}。",
            en=f"Registered by {found.authority.en} as: {found.kind.en}; in division {code.division_code}.",
        )
    if found.province is None and code.division_code != _WHOLE_COUNTRY:
        yield Words(
            zh="区划的前两位不是已知的省级代码，仅作提示。",
            en="The division's first two digits are no known province: a warning only.",
        )
    yield Words(
        zh="只检验代码自身的规则，不表示该单位已经登记或仍在经营；请按名称查询。",
        en="This checks the code's own rules only, not whether such an organisation is registered; look it up by its name.",
    )


def _shapeless() -> CreditCodeView:
    return CreditCodeView(
        valid=False,
        flaws=(Flaw.FORM,),
        code=None,
        authority=None,
        kind=None,
        division_code=None,
        province=None,
        organisation_code=None,
        expected_organisation_check=None,
        expected_check=None,
    )


def of_the_employer(known: Known) -> Filled:
    """The code of the employer, as that reported the job."""
    return {"code": known.said(JOB, lambda record: record.job and record.job.uscc)}


CREDIT_CODE: Final = Calculator("organization_code_application", CreditCodeQuestion, of_a_code, of_the_employer, (JOB,))
