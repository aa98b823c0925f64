"""What this room refuses."""

from app.kernel.errors import Conflict, NotFound, Unprocessable
from app.kernel.words import Words


class DayNotBegun(Conflict):
    """The business day lies ahead; it begins at `begins_at`."""

    code = "day_not_begun"
    title = Words(zh="该营业日尚未开始。", en="This business day hasn't begun.")


class DayTooOld(Conflict):
    """The business day is longer ago than days are closed afterwards; `earliest` is the first that still is."""

    code = "day_too_old"
    title = Words(zh="该营业日已过日终对账期限。", en="This business day is too long ago to be closed.")


class DaySettled(Conflict):
    """The business day is settled: what differs is with the card's operator, as a discrepancy."""

    code = "day_settled"
    title = Words(
        zh="该营业日已结算，差错由市民卡运营机构处理。",
        en="This business day is settled; the card's operator deals with what differs.",
    )


class DayEndDiffers(Conflict):
    """Another content was told under this attempt; it is remembered. Close again with the next attempt, `next_attempt`."""

    code = "day_end_differs"
    title = Words(
        zh="该次日终对账已提交过不同内容，请以新的次数重新提交。",
        en="Something else was told under this attempt; close again with the next one.",
    )


class AttemptOutOfOrder(Unprocessable):
    """Attempts are counted one by one; the next is `next_attempt`."""

    code = "attempt_out_of_order"
    title = Words(zh="日终对账次数不连续。", en="Attempts to close a day are counted one by one.")


class DayNotOver(Conflict):
    """The business day can't be settled yet; it can from `from_at` on."""

    code = "day_not_over"
    title = Words(zh="该营业日尚不能结算。", en="This business day can't be settled yet.")


class DayUnknown(NotFound):
    """Nothing of that business day was settled."""

    code = "settlement_unknown"
    title = Words(zh="没有该营业日的结算。", en="There is no settlement of that business day.")


class DiscrepancyNotFound(NotFound):
    """There is no such discrepancy of the officer's department."""

    code = "discrepancy_not_found"
    title = Words(zh="没有该差错。", en="There is no such discrepancy.")


class DiscrepancyStateDiffers(Conflict):
    """The discrepancy's state, `state`, doesn't allow this step."""

    code = "discrepancy_state_differs"
    title = Words(zh="该差错的当前状态不允许此操作。", en="The discrepancy's state doesn't allow this.")


class ClaimedByAnother(Conflict):
    """Another officer has claimed it."""

    code = "claimed_by_another"
    title = Words(zh="该差错已由其他工作人员领取。", en="Another officer has claimed this discrepancy.")


class ResolutionDoesNotFit(Unprocessable):
    """A discrepancy of this kind isn't resolved so; `fitting` are those that are."""

    code = "resolution_does_not_fit"
    title = Words(zh="该处理方式不适用于此类差错。", en="A discrepancy of this kind isn't resolved this way.")


class ResolutionImpossible(Conflict):
    """The ledger refuses to post what the resolution asks for; `why` is its code. Return it, and propose another one."""

    code = "resolution_impossible"
    title = Words(zh="账务系统拒绝该处理方式。", en="The ledger refuses what this resolution asks for.")
