"""The kinds of discrepancies: how each is called, and how it can be resolved."""

from typing import Final, Literal

import msgspec

from app.kernel.words import Words

Resolution = Literal["ledger_stands", "give_back", "handled_elsewhere"]
"""The ledger is right, and what was held is paid; what was held goes back to the cards; it was set right by other means, as noted."""
_PLAIN: Final[tuple[Resolution, ...]] = ("ledger_stands", "handled_elsewhere")
_HOLDING: Final[tuple[Resolution, ...]] = ("ledger_stands", "give_back")


class Kind(msgspec.Struct, frozen=True):
    """A kind: its name, the ways to resolve it, and whether it keeps payments from being settled."""

    title: Words
    resolutions: tuple[Resolution, ...] = _PLAIN
    holds: bool = False


KINDS: Final[dict[str, Kind]] = {
    "terminal_total_differs": Kind(
        Words(zh="终端日终合计与账务不符", en="A terminal's totals differ from the ledger's")
    ),
    "terminal_silent": Kind(Words(zh="终端未做日终对账", en="A terminal didn't close its day")),
    "day_end_changed": Kind(
        Words(zh="终端对同一次日终对账提交了不同内容", en="A terminal told another content under the same attempt")
    ),
    "sequence_gap": Kind(Words(zh="终端流水号缺失", en="Numbers that a terminal gave out never came")),
    "sequence_unexpected": Kind(
        Words(zh="出现终端未申报的流水号", en="Numbers came that the terminal says it never used")
    ),
    "sequence_on_two_cards": Kind(
        Words(zh="同一终端流水号或请求号用于两张卡", en="One number or key of a terminal took money from two cards"),
        _HOLDING,
        holds=True,
    ),
    "offline_total_differs": Kind(
        Words(zh="终端脱机交易合计不符", en="A terminal's totals of offline sales differ from what it brought in")
    ),
    "offline_gap": Kind(
        Words(zh="脱机批次或序号缺失", en="Offline batches or numbers are missing"), _HOLDING, holds=True
    ),
    "offline_cloned": Kind(Words(zh="脱机终端疑被复制", en="An offline terminal was cloned"), _HOLDING, holds=True),
    "offline_borne": Kind(
        Words(zh="卡片停用后的脱机交易由发卡方承担", en="The issuer bears an offline sale of a card that was stopped")
    ),
    "merchant_owes": Kind(Words(zh="商户待抵扣余额为负", en="More was given back than a merchant took; it is carried")),
    "channel_bill_missing": Kind(
        Words(zh="支付渠道账单未到", en="The channel's bill hasn't come"),
    ),
    "channel_missing_here": Kind(Words(zh="渠道已收款而本地无此款", en="The channel has a payment that isn't here")),
    "channel_missing_there": Kind(
        Words(zh="本地已入账而渠道无此款", en="A payment is here that the channel doesn't have")
    ),
    "channel_amount_differs": Kind(
        Words(zh="渠道与本地金额不符", en="The channel's amount of a payment differs from ours")
    ),
    "channel_state_differs": Kind(
        Words(zh="渠道与本地状态不符", en="The channel's state of a payment differs from ours")
    ),
    "refund_differs": Kind(Words(zh="渠道退款与本地不符", en="A refund at the channel differs from ours")),
}
"""By code. Other findings of offline sales are named `offline_…` after them, and aren't held."""
_OFFLINE: Final = Kind(Words(zh="脱机交易异常", en="Something is wrong with a terminal's offline sales"))


def kind_of(code: str) -> Kind:
    """A kind by its code."""
    return KINDS.get(code, _OFFLINE)
