"""What the Housing Provident Fund Centre (公积金中心) tells the holder of an account (住房公积金管理条例)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.orders import Order
from integrations.departments.registers import Register

GJJ: Final = "GJJ"
Fen = Annotated[int, Meta(ge=0, le=10**12)]
Months = Annotated[int, Meta(ge=0, le=1200)]
AccountState = Literal["paying", "sealed"]
ACCOUNT_STATES: Final = {"paying": Words(zh="正常缴存", en="Paid into"), "sealed": Words(zh="封存", en="Sealed")}


class FundDeposit(msgspec.Struct, frozen=True):
    """What was paid in for a month: the worker's half and the employer's are the same (条例 art. 16)."""

    month: Annotated[date, label("缴存月份（当月首日）", "Month (its first day)")]
    own_fen: Annotated[Fen, label("个人缴存（分）", "Own part (fen)")]
    employer_fen: Annotated[Fen, label("单位缴存（分）", "Employer's part (fen)")]


class FundLoan(msgspec.Struct, frozen=True):
    """A loan of the fund on a home, repaid in equal parts of the principal (等额本金)."""

    title_no: Annotated[Line, label("抵押房屋权证号", "Title of the home")]
    since: Annotated[date, label("放款日期", "Paid out on")]
    months: Annotated[Months, label("贷款期数", "Months")]
    principal_fen: Annotated[Fen, label("贷款金额（分）", "Borrowed (fen)")]
    left_fen: Annotated[Fen, label("贷款余额（分）", "Left (fen)")]
    monthly_principal_fen: Annotated[Fen, label("每月应还本金（分）", "Principal due each month (fen)")]


Percent = Annotated[str, Meta(pattern=r"\A[0-9]{1,2}(\.[0-9]{1,3})?\Z")]
Method = Literal["equal_instalments", "equal_principal"]
METHODS: Final[dict[Method, Words]] = {
    "equal_instalments": Words(zh="等额本息（每月一样多）", en="Equal instalments (the same each month)"),
    "equal_principal": Words(zh="等额本金（逐月减少）", en="Equal principal (less each month)"),
}


class GrantedLoan(msgspec.Struct, frozen=True):
    """A loan that was granted and isn't paid out yet: the mortgage is registered first."""

    loan_contract_no: Annotated[Code, label("借款合同编号", "Loan contract")]
    purchase_contract_no: Annotated[Code, label("购房合同备案号", "Purchase contract")]
    granted_on: Annotated[date, label("准予日期", "Granted on")]
    amount_fen: Annotated[Fen, label("准予金额（分）", "Granted (fen)")]
    months: Annotated[Months, label("贷款期数", "Months")]
    method: Annotated[Method, label("还款方式", "Repaid in", METHODS)]
    rate_percent: Annotated[Percent, label("年利率（%）", "Rate a year (%)")]


class FundAccount(msgspec.Struct, frozen=True):
    """An account with the fund: both sides pay 5 to 12 % of the base (条例 art. 18)."""

    account_no: Annotated[Code, label("个人账号", "Account")]
    employer: Annotated[Line | None, label("缴存单位", "Employer")]
    state: Annotated[AccountState, label("账户状态", "State", ACCOUNT_STATES)]
    base_fen: Annotated[Fen, label("缴存基数（分）", "Monthly base (fen)")]
    rate_percent: Annotated[int, Meta(ge=5, le=12), label("缴存比例（%，单位和个人各）", "Rate (%), of each side")]
    months: Annotated[Months, label("累计缴存月数", "Months paid")]
    balance_fen: Annotated[Fen, label("账户余额（分）", "Balance (fen)")]
    deposits: Annotated[tuple[FundDeposit, ...], label("近12个月缴存", "Deposits of the last 12 months")]
    loans: Annotated[tuple[FundLoan, ...], label("公积金贷款", "Loans")]
    granted: Annotated[tuple[GrantedLoan, ...], label("已准予待放款的贷款", "Loans granted, to be paid out")]


FUND_ACCOUNT: Final = Register(
    department=GJJ,
    service="fund_account",
    told=FundAccount,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
GRANT_LOAN: Final = Order(GJJ, "grant_fund_loan", GrantedLoan)
"""Grant somebody a loan on the home that they have bought."""
