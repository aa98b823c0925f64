"""The catalogue's refusals."""

from app.kernel.errors import Conflict, NotFound, PreconditionFailed, TooMany, Unprocessable
from app.kernel.words import Words


class StageUnknown(NotFound):
    """No stage of life has this name."""

    code = "stage_unknown"
    title = Words(zh="没有这个人生阶段。", en="There's no such stage of life.")


class MatterUnknown(NotFound):
    """No published matter has this code."""

    code = "matter_unknown"
    title = Words(zh="没有这个事项。", en="There's no such matter.")


class SituationUnknown(NotFound):
    """No life event has this code."""

    code = "situation_unknown"
    title = Words(zh="没有这个人生事件。", en="There's no such life event.")


class CalculatorUnknown(NotFound):
    """The matter has nothing to calculate."""

    code = "calculator_unknown"
    title = Words(zh="该事项没有测算功能。", en="This matter has no calculator.")


class CalculatorNotOffered(NotFound):
    """The matter has calculators, but none of that name; `offered` are their names."""

    code = "calculator_not_offered"
    title = Words(zh="该事项没有这种测算。", en="This matter has no calculator of that name.")


class CheckedTooOften(TooMany):
    """Too many numbers were checked from this network; `retry_after_seconds` says when to go on."""

    code = "checked_too_often"
    title = Words(zh="检验过于频繁，请稍后再试。", en="Too many numbers were checked from here; please wait.")


class DayTooFar(Unprocessable):
    """The day asked about lies so far ahead that nobody knows the law of then."""

    code = "day_too_far"
    title = Words(zh="查询日期过于久远，无法测算。", en="The day asked about is too far ahead to calculate for.")


class DayTooLongAgo(Unprocessable):
    """The day asked about lies so far back that nobody reckons with it any more."""

    code = "day_too_long_ago"
    title = Words(zh="日期过于久远，无法测算。", en="The day lies too far back to calculate with.")


class BirthDateImpossible(Unprocessable):
    """Nobody whom this concerns was born on such a day."""

    code = "birth_date_impossible"
    title = Words(zh="出生日期不合理。", en="The date of birth can't be.")


class DaysOutOfOrder(Unprocessable):
    """A day (`earlier`) comes after another (`later`) that it has to come before."""

    code = "days_out_of_order"
    title = Words(zh="日期先后颠倒。", en="The days are out of order.")


class VersionUnknown(NotFound):
    """The matter has no such version, or it isn't published and the caller reviews nothing."""

    code = "version_unknown"
    title = Words(zh="没有这个版本。", en="There's no such version.")


class BaseVersionOld(PreconditionFailed):
    """The change was made on a version that isn't the published one any more; `version` is."""

    code = "base_version_old"
    title = Words(zh="该事项已有新版本，请基于新版本修改。", en="A newer version is published; please change that one.")


class DraftWaits(Conflict):
    """Another change of the matter waits for its decision (`version`)."""

    code = "draft_waits"
    title = Words(zh="该事项已有一份待审核的修改。", en="Another change of this matter waits for its decision.")


class NothingChanged(Unprocessable):
    """The proposal leaves the text as it is."""

    code = "nothing_changed"
    title = Words(zh="没有任何修改。", en="Nothing would change.")


class VersionDecided(Conflict):
    """Only a draft is decided; this version is `state`."""

    code = "version_decided"
    title = Words(zh="该版本已处理。", en="This version was decided already.")


class MatterContradicts(Unprocessable):
    """The changed text contradicts itself, or names what nobody knows; `problem` says how."""

    code = "matter_contradicts"
    title = Words(zh="事项内容自相矛盾或引用了未知代码。", en="The text contradicts itself, or names an unknown code.")
