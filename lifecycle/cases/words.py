"""How states and events of a case are called."""

from typing import Final

from app.kernel.words import Words
from lifecycle.cases.states import State

STATES: Final[dict[State, Words]] = {
    State.DRAFT: Words(zh="草稿", en="Draft"),
    State.SUBMITTED: Words(zh="已提交，等待受理", en="Submitted, waiting to be accepted"),
    State.NOT_ACCEPTED: Words(zh="不予受理", en="Not accepted"),
    State.ACCEPTED: Words(zh="已受理", en="Accepted"),
    State.CORRECTION_REQUESTED: Words(zh="待补正", en="A correction is asked for"),
    State.REVIEWING: Words(zh="审查中", en="Under review"),
    State.SUSPENDED: Words(zh="已中止", en="Suspended"),
    State.APPROVED: Words(zh="已批准，正在登记", en="Approved, being registered"),
    State.REJECTED: Words(zh="不予批准", en="Rejected"),
    State.ISSUED: Words(zh="已办结出证", en="Done, licence issued"),
    State.CLOSED: Words(zh="已办结", en="Closed"),
    State.WITHDRAWN: Words(zh="已撤回", en="Withdrawn"),
    State.LAPSED: Words(zh="逾期，视为撤回", en="Lapsed"),
}

EVENTS: Final[dict[str, Words]] = {
    "open": Words(zh="打开申请", en="Opened"),
    "submit": Words(zh="提交申请", en="Submitted"),
    "withdraw": Words(zh="撤回申请", en="Withdrawn"),
    "withdraw_at_counter": Words(zh="另一方到窗口撤回申请", en="Withdrawn at the counter by the other party"),
    "answer_correction": Words(zh="提交补正", en="Correction answered"),
    "accept": Words(zh="受理", en="Accepted"),
    "decline": Words(zh="不予受理", en="Not accepted"),
    "request_correction": Words(zh="要求补正", en="Correction asked for"),
    "review": Words(zh="开始审查", en="Review begun"),
    "suspend": Words(zh="中止", en="Suspended"),
    "resume": Words(zh="恢复", en="Resumed"),
    "approve": Words(zh="批准", en="Approved"),
    "reject": Words(zh="不予批准", en="Rejected"),
    "issue": Words(zh="办结并出证", en="Done, licence issued"),
    "reopen": Words(zh="登记未成功，退回审查", en="Registration failed; back under review"),
    "part_done": Words(zh="有关部门已办结其环节", en="Another department has done its part"),
    "close": Words(zh="办结归档", en="Closed"),
    "lapse": Words(zh="逾期视为撤回", en="Lapsed"),
    "claim": Words(zh="领取办件", en="Claimed by an officer"),
    "pass_on": Words(zh="转由他人继续办理", en="Passed on to somebody else"),
    "accept_by_silence": Words(
        zh="部门逾期未告知，依法视为已受理（行政许可法第三十二条）",
        en="Not told in time: accepted by law (Administrative Licensing Law, article 32)",
    ),
    "accept_by_rule": Words(zh="系统按规则受理", en="Accepted by rule"),
    "approve_by_rule": Words(
        zh="系统按规则核准：各部门数据一致，条件齐备",
        en="Granted by rule: every department's data agrees with the form",
    ),
    "grant_by_silence": Words(zh="逾期未作决定，依法视为准予", en="Not decided in time: granted by law"),
    "lapse_unclaimed": Words(zh="期限内未到场办理，视为撤回", en="Nobody came in time: counts as withdrawn"),
    "warned": Words(zh="临近办理期限，已提醒部门", en="The limit is near; the department was warned"),
    "overdue": Words(zh="已超过办理期限", en="The department is past its limit"),
    "lapse_draft": Words(zh="草稿长期未修改，已自动作废", en="The draft wasn't touched for long and was thrown away"),
    "release": Words(zh="退回办件池", en="Put back on the desk"),
    "transfer": Words(zh="转交其他工作人员或办理地点", en="Passed on to another officer or office"),
    "ask_opinion": Words(zh="征求其他部门意见", en="Another department asked for its opinion"),
    "opinion_given": Words(zh="其他部门已答复意见", en="The other department gave its opinion"),
    "opinion_withdrawn": Words(zh="不再征求其他部门意见", en="The other department isn't asked any more"),
    "opinion_overdue": Words(
        zh="其他部门逾期未答复意见，已督促", en="The other department is past its day; it was admonished"
    ),
    "propose": Words(zh="已拟定决定，待第二人复核", en="A decision was proposed to a second officer"),
    "send_back": Words(zh="拟定的决定已退回", en="The proposed decision was sent back"),
    "escalated": Words(
        zh="逾期未决定，已报部门负责人督办", en="Still undecided; the department's supervisors see it now"
    ),
}
