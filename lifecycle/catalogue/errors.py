"""The catalogue's refusals."""

from app.kernel.errors import NotFound, Unprocessable
from app.kernel.words import Words


class StageUnknown(NotFound):
    """No stage of life has this name."""

    code = "stage_unknown"
    title = Words(zh="没有这个人生阶段。", en="There's no such stage of life.")


class MatterUnknown(NotFound):
    """No published matter has this code."""

    code = "matter_unknown"
    title = Words(zh="没有这个事项。", en="There's no such matter.")


class CalculatorUnknown(NotFound):
    """The matter has nothing to calculate."""

    code = "calculator_unknown"
    title = Words(zh="该事项没有测算功能。", en="This matter has no calculator.")


class DayTooFar(Unprocessable):
    """The day asked about lies so far ahead that nobody knows the law of then."""

    code = "day_too_far"
    title = Words(zh="查询日期过于久远，无法测算。", en="The day asked about is too far ahead to calculate for.")
