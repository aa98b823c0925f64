"""What this room refuses."""

from app.kernel.errors import Conflict, NotFound, Unprocessable
from app.kernel.words import Words


class BundleUnknown(NotFound):
    """There is no bundle of this code."""

    code = "bundle_unknown"
    title = Words(zh="没有这个“一件事”。", en="There's no such bundle.")


class BundleNotFound(NotFound):
    """No such bundle of the citizen's or a ward's."""

    code = "bundle_not_found"
    title = Words(zh="未找到该“一件事”办理。", en="There's no such bundle of yours.")


class BundleStateWrong(Conflict):
    """The bundle isn't in a state that allows this; `state` says where it stands."""

    code = "bundle_state_wrong"
    title = Words(zh="当前状态不允许此操作。", en="The bundle's state doesn't allow this.")


class StepUnknown(NotFound):
    """The bundle has no such step."""

    code = "bundle_step_unknown"
    title = Words(zh="没有这个步骤。", en="There's no such step.")


class StepNotOptional(Unprocessable):
    """A step that can't be left out, or that another chosen one needs, was unticked; `step` names it."""

    code = "bundle_step_not_optional"
    title = Words(zh="该步骤不能取消。", en="This step can't be left out.")


class StepNotFailed(Conflict):
    """Only a step that failed is done anew."""

    code = "bundle_step_not_failed"
    title = Words(zh="该步骤无需重新办理。", en="This step needn't be done anew.")
