"""The form of an application for a loan of the housing provident fund."""

from datetime import date
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.housing_fund import ACCOUNT_STATES, METHODS, AccountState, Fen, Method, Months
from lifecycle.cases.fields import AskedIf, field, material
from lifecycle.cases.material_structs import MaterialRef
from lifecycle.cases.person_fields import MATERIALS, PERSON, NameField, NumberField, PhoneField

ACCOUNT: Final = Words(zh="公积金账户", en="Fund account")
HOME: Final = Words(zh="所购住房", en="The home bought")
LOAN: Final = Words(zh="贷款", en="Loan")
MEANS: Final = Words(zh="还款能力", en="What can be repaid")
_PROVED: Final = Words(zh="来自您的实名认证，无需填写。", en="From your proved identity; nothing to fill in.")
_FUND: Final = Words(zh="来自公积金中心，无需填写。", en="From the fund centre; nothing to fill in.")
_CONTRACT: Final = Words(
    zh="来自住建部门网签备案，无需填写。", en="From the contract signed online; nothing to fill in."
)
_TITLES: Final = Words(zh="由不动产登记部门核对，无需填写。", en="From the property register; nothing to fill in.")
Sex = Literal["male", "female"]
SEXES: Final = {"male": Words(zh="男", en="Male"), "female": Words(zh="女", en="Female")}
Post = Literal["cadre", "worker"]
POSTS: Final[dict[Post, Words]] = {
    "cadre": Words(zh="管理或专业技术岗位", en="In management, or a profession"),
    "worker": Words(zh="其他岗位", en="Other work"),
}
Term = Annotated[int, Meta(ge=12, le=480)]
Loan = Annotated[int, Meta(ge=1, le=10**10)]


class LoanForm(msgspec.Struct, frozen=True, kw_only=True):
    """What an application for a loan needs. Money is fen."""

    name: NameField
    id_number: NumberField
    birth_date: Annotated[date, field(Words(zh="出生日期", en="Born on"), _PROVED, editable=False, section=PERSON)]
    sex: Annotated[Sex, field(Words(zh="性别", en="Sex"), _PROVED, editable=False, section=PERSON, values=SEXES)]
    phone: PhoneField
    post: Annotated[
        Post | None,
        field(
            Words(zh="岗位性质", en="Kind of work"),
            Words(zh="女职工的法定退休年龄因岗位不同。", en="A woman's statutory age of retirement depends on it."),
            section=PERSON,
            values=POSTS,
            asked_if=AskedIf("sex", ("female",)),
        ),
    ] = None
    account_no: Annotated[
        Code | None, field(Words(zh="个人账号", en="Account"), _FUND, editable=False, section=ACCOUNT)
    ] = None
    account_state: Annotated[
        AccountState | None,
        field(Words(zh="账户状态", en="State"), _FUND, editable=False, section=ACCOUNT, values=ACCOUNT_STATES),
    ] = None
    balance_fen: Annotated[
        Fen | None, field(Words(zh="账户余额（分）", en="Balance (fen)"), _FUND, editable=False, section=ACCOUNT)
    ] = None
    paid_in_months: Annotated[
        Months | None,
        field(
            Words(zh="近12个月连续缴存月数", en="Months paid without a break, of the last 12"),
            _FUND,
            editable=False,
            section=ACCOUNT,
        ),
    ] = None
    loans_left: Annotated[
        int,
        field(
            Words(zh="未结清公积金贷款（笔）", en="Loans of the fund not repaid"),
            _FUND,
            editable=False,
            section=ACCOUNT,
        ),
    ] = 0
    contract_no: Annotated[
        Code | None, field(Words(zh="购房合同备案号", en="Purchase contract"), _CONTRACT, editable=False, section=HOME)
    ] = None
    home_address: Annotated[
        Line | None, field(Words(zh="房屋坐落", en="Address"), _CONTRACT, editable=False, section=HOME)
    ] = None
    price_fen: Annotated[
        Fen | None, field(Words(zh="合同总价（分）", en="Price (fen)"), _CONTRACT, editable=False, section=HOME)
    ] = None
    paid_fen: Annotated[
        Fen | None, field(Words(zh="已付首付款（分）", en="Paid down (fen)"), _CONTRACT, editable=False, section=HOME)
    ] = None
    signed_on: Annotated[
        date | None, field(Words(zh="网签日期", en="Signed on"), _CONTRACT, editable=False, section=HOME)
    ] = None
    homes_owned: Annotated[
        int, field(Words(zh="名下已有住房（套）", en="Homes owned already"), _TITLES, editable=False, section=HOME)
    ] = 0
    amount_fen: Annotated[
        Loan,
        field(
            Words(zh="申请贷款金额（分）", en="Wanted (fen)"),
            Words(zh="按千元取整。", en="In whole thousands of yuan."),
            section=LOAN,
        ),
    ]
    months: Annotated[
        Term,
        field(
            Words(zh="贷款期数（月）", en="Months"),
            Words(
                zh="最长30年，且受退休年龄限制。", en="Thirty years at the most, and bounded by the age of retirement."
            ),
            section=LOAN,
        ),
    ]
    method: Annotated[Method, field(Words(zh="还款方式", en="Repaid in"), section=LOAN, values=METHODS)]
    income_fen: Annotated[
        Fen,
        field(
            Words(zh="本人月收入（分）", en="Your monthly income (fen)"),
            Words(zh="税前工资等稳定收入，与收入证明一致。", en="Before tax, as your proof of income says."),
            section=MEANS,
        ),
    ]
    debts_fen: Annotated[
        Fen,
        field(
            Words(zh="其他债务月还款（分）", en="Other debts, a month (fen)"),
            Words(zh="没有填0。", en="0 if there are none."),
            section=MEANS,
        ),
    ]
    income_proof: Annotated[
        MaterialRef | None,
        material(
            Words(zh="收入证明", en="Proof of income"),
            Words(
                zh="单位出具并盖章，或近半年工资流水、纳税记录。",
                en="By your employer with its stamp, or half a year's bank statements or tax records.",
            ),
            section=MATERIALS,
        ),
    ] = None
    credit_consent: Annotated[
        bool,
        field(
            Words(zh="书面同意查询本人征信", en="I agree in writing that my credit report is fetched"),
            Words(
                zh="由公积金中心向人民银行征信系统查询，仅用于本次审核（征信业管理条例第十八条）。",
                en="By the fund centre from the central bank's system, for this decision only (征信业管理条例 art. 18).",
            ),
            section=MEANS,
        ),
    ]
