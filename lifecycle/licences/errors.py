"""What this room refuses."""

from app.kernel.errors import Conflict, NotFound, TooMany, Unavailable, Unprocessable
from app.kernel.words import Words


class LicenceNotFound(NotFound):
    """No such licence, or a stranger's."""

    code = "licence_not_found"
    title = Words(zh="未找到该证照。", en="There's no such licence.")


class LicenceBeingMade(Unavailable):
    """The licence is issued; its sealed document is still being made."""

    code = "licence_being_made"
    title = Words(
        zh="电子证照文件正在生成，请稍候。", en="The licence's document is being made; please try again shortly."
    )


class LicenceStateDiffers(Conflict):
    """The step doesn't start from the licence's state; `state` says how it stands."""

    code = "licence_state_differs"
    title = Words(zh="该证照当前状态不能这样处理。", en="This can't be done with the licence as it stands.")


class GroundDoesNotFit(Unprocessable):
    """The law doesn't name this ground for this step; `grounds` are those that it names."""

    code = "ground_does_not_fit"
    title = Words(zh="该法定事由不适用于此项处理。", en="The law doesn't name this ground for this step.")


class EndProposedAlready(Conflict):
    """Its end was proposed already, and awaits a second officer."""

    code = "end_proposed_already"
    title = Words(zh="已有待复核的注销或撤销意见。", en="Its end is proposed already and awaits a second officer.")


class NoEndProposed(Conflict):
    """Nobody proposed that the licence ends, or too long ago."""

    code = "no_end_proposed"
    title = Words(zh="没有待复核的注销或撤销意见。", en="No end of this licence awaits a second officer.")


class LicenceNotValid(Conflict):
    """Only a valid licence is presented; `state` says how it stands."""

    code = "licence_not_valid"
    title = Words(zh="该证照目前无效，不能出示。", en="The licence isn't valid and can't be presented.")


class LinesUnknown(Unprocessable):
    """The licence has no line of this name to present alone; `errors` points at it."""

    code = "lines_unknown"
    title = Words(zh="该证照没有所选的内容项。", en="The licence has no such line to present.")


class PresentationUnknown(NotFound):
    """There is no such presentation of this licence."""

    code = "presentation_unknown"
    title = Words(zh="未找到该次出示。", en="There's no such presentation.")


class PresentedTooOften(TooMany):
    """The citizen presented licences too often; `retry_after_seconds` says when they may again."""

    code = "presented_too_often"
    title = Words(zh="出示证照过于频繁，请稍后再试。", en="Too many presentations; please wait.")
