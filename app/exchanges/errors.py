"""What this room refuses."""

from app.kernel.errors import NotFound
from app.kernel.words import Words


class ExchangeUnknown(NotFound):
    """There is no such exchange about the citizen or a ward of theirs."""

    code = "exchange_unknown"
    title = Words(zh="未找到该数据交换记录。", en="There's no such exchange with a department.")


class ExchangeNotProved(NotFound):
    """Its proof isn't made yet (a minute at most), or none of its signatures could be proved."""

    code = "exchange_not_proved"
    title = Words(
        zh="该记录的证明尚未生成，请稍后再试。", en="The proof of this exchange isn't there yet; try again in a minute."
    )
