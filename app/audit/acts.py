"""The acts that are sealed, and sealing one.

An act is a row in the business transaction: it exists if and only if what it tells of does.
"""

from enum import StrEnum
from typing import Final
from uuid import UUID

from app.audit.basis import Basis
from app.audit.events import DataLookedAt
from app.kernel import clock
from app.kernel.actors import Actor, Citizen, Department, Officer, Terminal
from app.kernel.database import execute
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.words import Words


class Act(StrEnum):
    """Every kind of act. A test says that each is used."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REAL_NAME_PROVED = "real_name_proved"
    DEVICE_ENROLLED = "device_enrolled"
    DEVICE_REMOVED = "device_removed"
    DEVICE_RENEWED = "device_renewed"
    ACCOUNT_RECOVERED = "account_recovered"
    PHONE_GIVEN_UP = "phone_given_up"
    APPROVED_IN_APP = "approved_in_app"
    SESSION_RAISED = "session_raised"
    NAME_CHANGED = "name_changed"
    SESSION_ENDED = "session_ended"
    WECHAT_BOUND = "wechat_bound"
    WECHAT_UNBOUND = "wechat_unbound"
    IDENTITY_FROZEN = "identity_frozen"
    IDENTITY_UNFROZEN = "identity_unfrozen"
    CONSENTS_CHANGED = "consents_changed"
    PUSH_SWITCHED_ON = "push_switched_on"
    PUSH_SWITCHED_OFF = "push_switched_off"
    CASE_SUBMITTED = "case_submitted"
    CASE_CORRECTED = "case_corrected"
    CASE_WITHDRAWN = "case_withdrawn"
    BUNDLE_SUBMITTED = "bundle_submitted"
    BUNDLE_WITHDRAWN = "bundle_withdrawn"
    LIFE_EVENT_DECLARED = "life_event_declared"
    LIFE_EVENT_CONFIRMED = "life_event_confirmed"
    LIFE_EVENT_TAKEN_BACK = "life_event_taken_back"
    CASE_LOOKED_AT = "case_looked_at"
    MATERIAL_LOOKED_AT = "material_looked_at"
    CASE_CLAIMED = "case_claimed"
    CASE_RELEASED = "case_released"
    CASE_ACCEPTED = "case_accepted"
    CASE_DECLINED = "case_declined"
    CORRECTION_REQUESTED = "correction_requested"
    CASE_UNDER_REVIEW = "case_under_review"
    CASE_SUSPENDED = "case_suspended"
    CASE_RESUMED = "case_resumed"
    CASE_APPROVED = "case_approved"
    CASE_REJECTED = "case_rejected"
    CASE_ISSUED = "case_issued"
    CASE_REOPENED = "case_reopened"
    CASE_LAPSED = "case_lapsed"
    CASE_NOTED = "case_noted"
    CASE_TRANSFERRED = "case_transferred"
    OPINION_ASKED = "opinion_asked"
    OPINION_READ = "opinion_read"
    OPINION_GIVEN = "opinion_given"
    OPINION_WITHDRAWN = "opinion_withdrawn"
    DECISION_PROPOSED = "decision_proposed"
    DECISION_SENT_BACK = "decision_sent_back"
    BENEFIT_CHOSEN = "benefit_chosen"
    APPOINTMENT_BOOKED = "appointment_booked"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_PAID = "appointment_paid"
    APPOINTMENT_CALLED_OFF = "appointment_called_off"
    APPOINTMENT_ATTENDED = "appointment_attended"
    CASE_RATED = "case_rated"
    RATING_READ = "rating_read"
    RATING_ANSWERED = "rating_answered"
    LICENCE_ISSUED = "licence_issued"
    LICENCE_PRESENTED = "licence_presented"
    LICENCE_PRESENTATION_ENDED = "licence_presentation_ended"
    LICENCE_LINES_CHECKED = "licence_lines_checked"
    LICENCE_LOOKED_AT = "licence_looked_at"
    LICENCE_SUSPENDED = "licence_suspended"
    LICENCE_RESUMED = "licence_resumed"
    LICENCE_END_PROPOSED = "licence_end_proposed"
    LICENCE_END_REFUSED = "licence_end_refused"
    LICENCE_REVOKED = "licence_revoked"
    LICENCE_ANNULLED = "licence_annulled"
    LICENCE_REPLACED = "licence_replaced"
    CARD_OPENED = "card_opened"
    CARD_REPORTED_LOST = "card_reported_lost"
    CARD_REPORTED_FOUND = "card_reported_found"
    CARD_TOPPED_UP = "card_topped_up"
    CARD_PAID = "card_paid"
    CARD_CHARGED = "card_charged"
    CHARGE_RETURNED = "charge_returned"
    BILL_PAID = "bill_paid"
    BILL_SETTLED = "bill_settled"
    BILL_RETURNED = "bill_returned"
    PERSON_LOOKED_AT = "person_looked_at"
    BREAK_GLASS_ASKED = "break_glass_asked"
    BREAK_GLASS_READ = "break_glass_read"
    BREAK_GLASS_APPROVED = "break_glass_approved"
    BREAK_GLASS_REFUSED = "break_glass_refused"
    OFFICER_APPOINTED = "officer_appointed"
    OFFICER_ENROLLED = "officer_enrolled"
    OFFICER_RENEWED = "officer_renewed"
    OFFICER_DISMISSED = "officer_dismissed"
    RIGHT_GRANTED = "right_granted"
    RIGHT_CONFIRMED = "right_confirmed"
    RIGHT_WITHDRAWN = "right_withdrawn"
    DELEGATION_OFFERED = "delegation_offered"
    DELEGATION_ACCEPTED = "delegation_accepted"
    DELEGATION_DECLINED = "delegation_declined"
    DELEGATION_ENDED = "delegation_ended"
    ACTED_FOR = "acted_for"
    CUSTODY_CHANGED = "custody_changed"
    GUARDIANSHIP_CHANGED = "guardianship_changed"
    DEATH_RECORDED = "death_recorded"
    WARD_LOOKED_AT = "ward_looked_at"
    ACCESS_ASKED = "access_asked"
    ACCESS_ANSWERED = "access_answered"
    ACCESS_ESCALATED = "access_escalated"
    FILE_TRASHED = "file_trashed"
    FILE_DOWNLOADED = "file_downloaded"
    EXPORT_ORDERED = "export_ordered"
    EXPORT_DOWNLOADED = "export_downloaded"
    ERASURE_ORDERED = "erasure_ordered"
    ERASURE_CANCELLED = "erasure_cancelled"
    ERASED = "erased"
    RETAINED_OPENED = "retained_opened"
    DATA_CORRECTION_ASKED = "data_correction_asked"
    DATA_CORRECTION_LOOKED_AT = "data_correction_looked_at"
    DATA_CORRECTION_DECIDED = "data_correction_decided"
    RECORD_HIDDEN = "record_hidden"
    RECORD_SHOWN = "record_shown"


TITLES: dict[Act, Words] = {
    Act.SIGNED_IN: Words(zh="登录", en="Signed in"),
    Act.SIGNED_OUT: Words(zh="退出登录", en="Signed out"),
    Act.REAL_NAME_PROVED: Words(zh="完成实名认证", en="Real name proved"),
    Act.DEVICE_ENROLLED: Words(zh="绑定设备", en="Device enrolled"),
    Act.DEVICE_REMOVED: Words(zh="解绑设备", en="Device removed"),
    Act.DEVICE_RENEWED: Words(zh="更新设备证书", en="Device renewed"),
    Act.ACCOUNT_RECOVERED: Words(zh="刷脸找回账户", en="Account recovered by face"),
    Act.PHONE_GIVEN_UP: Words(zh="手机号新机主声明非本人账户", en="Phone given up by its new holder"),
    Act.APPROVED_IN_APP: Words(zh="在应用中确认", en="Approved in the app"),
    Act.SESSION_RAISED: Words(zh="登录通过实名核验", en="Name proved again by a new session"),
    Act.NAME_CHANGED: Words(zh="变更姓名", en="Name changed"),
    Act.SESSION_ENDED: Words(zh="结束登录", en="Session ended"),
    Act.WECHAT_BOUND: Words(zh="绑定微信", en="WeChat account bound"),
    Act.WECHAT_UNBOUND: Words(zh="解绑微信", en="WeChat account unbound"),
    Act.IDENTITY_FROZEN: Words(zh="冻结身份", en="Identity frozen"),
    Act.IDENTITY_UNFROZEN: Words(zh="解冻身份", en="Identity unfrozen"),
    Act.CONSENTS_CHANGED: Words(zh="修改授权", en="Consents changed"),
    Act.PUSH_SWITCHED_ON: Words(zh="开通推送", en="Push matter switched on"),
    Act.PUSH_SWITCHED_OFF: Words(zh="关闭推送", en="Push matter switched off"),
    Act.CASE_SUBMITTED: Words(zh="提交申请", en="Case submitted"),
    Act.CASE_CORRECTED: Words(zh="提交补正", en="Correction answered"),
    Act.CASE_WITHDRAWN: Words(zh="撤回申请", en="Case withdrawn"),
    Act.BUNDLE_SUBMITTED: Words(zh="提交一件事", en="Bundle submitted"),
    Act.BUNDLE_WITHDRAWN: Words(zh="撤回一件事", en="Bundle withdrawn"),
    Act.LIFE_EVENT_DECLARED: Words(zh="申报人生事件", en="Life event declared"),
    Act.LIFE_EVENT_CONFIRMED: Words(zh="确认人生事件", en="Suggested life event confirmed"),
    Act.LIFE_EVENT_TAKEN_BACK: Words(zh="撤回人生事件", en="Life event taken back"),
    Act.CASE_LOOKED_AT: Words(zh="工作人员查看办件", en="Case looked at by an officer"),
    Act.MATERIAL_LOOKED_AT: Words(zh="工作人员查看办件材料", en="Material of a case looked at by an officer"),
    Act.CASE_CLAIMED: Words(zh="工作人员领取办件", en="Case claimed by an officer"),
    Act.CASE_RELEASED: Words(zh="工作人员退回办件", en="Case put back by an officer"),
    Act.CASE_ACCEPTED: Words(zh="受理申请", en="Case accepted"),
    Act.CASE_DECLINED: Words(zh="不予受理", en="Case not accepted"),
    Act.CORRECTION_REQUESTED: Words(zh="要求补正", en="Correction asked for"),
    Act.CASE_UNDER_REVIEW: Words(zh="开始审查", en="Review begun"),
    Act.CASE_SUSPENDED: Words(zh="中止办理", en="Case suspended"),
    Act.CASE_RESUMED: Words(zh="恢复办理", en="Case resumed"),
    Act.CASE_APPROVED: Words(zh="批准申请", en="Case approved"),
    Act.CASE_REJECTED: Words(zh="不予批准", en="Case rejected"),
    Act.CASE_ISSUED: Words(zh="办结并出证", en="Case done"),
    Act.CASE_REOPENED: Words(zh="登记未成功，退回审查", en="Case reopened"),
    Act.CASE_LAPSED: Words(zh="逾期未补正，视为撤回", en="Case lapsed"),
    Act.CASE_NOTED: Words(zh="工作人员记录内部备注", en="Internal note added to a case by an officer"),
    Act.CASE_TRANSFERRED: Words(zh="工作人员转办", en="Case passed on by an officer"),
    Act.OPINION_ASKED: Words(zh="就办件征求其他部门意见", en="Another department asked for its opinion of a case"),
    Act.OPINION_READ: Words(
        zh="其他部门查看征求意见", en="Request for an opinion read by the department that was asked"
    ),
    Act.OPINION_GIVEN: Words(zh="其他部门答复意见", en="Opinion of a case given by another department"),
    Act.OPINION_WITHDRAWN: Words(zh="撤回征求意见", en="Request for an opinion withdrawn"),
    Act.DECISION_PROPOSED: Words(zh="拟定决定，待第二人复核", en="Decision proposed to a second officer"),
    Act.DECISION_SENT_BACK: Words(zh="第二人退回拟定的决定", en="Proposed decision sent back by a second officer"),
    Act.BENEFIT_CHOSEN: Words(zh="答复免申即享", en="Answered a benefit that was offered"),
    Act.APPOINTMENT_BOOKED: Words(zh="预约", en="Appointment booked"),
    Act.APPOINTMENT_CANCELLED: Words(zh="取消预约", en="Appointment cancelled"),
    Act.APPOINTMENT_PAID: Words(zh="缴纳预约费用", en="Fee of an appointment paid"),
    Act.APPOINTMENT_CALLED_OFF: Words(zh="办理点取消预约", en="Appointment called off by its venue"),
    Act.APPOINTMENT_ATTENDED: Words(zh="窗口核对预约到场", en="Visitor checked in at a counter"),
    Act.CASE_RATED: Words(zh="评价办件", en="Case rated"),
    Act.RATING_READ: Words(zh="工作人员查看评价", en="Rating read by an officer"),
    Act.RATING_ANSWERED: Words(zh="工作人员回复评价", en="Rating answered by an officer"),
    Act.LICENCE_ISSUED: Words(zh="签发电子证照", en="Licence issued"),
    Act.LICENCE_PRESENTED: Words(zh="出示电子证照", en="Lines of a licence presented"),
    Act.LICENCE_PRESENTATION_ENDED: Words(zh="结束出示电子证照", en="Presentation of a licence ended"),
    Act.LICENCE_LINES_CHECKED: Words(
        zh="所出示的证照内容被核验", en="Presented lines of a licence checked by whoever was shown them"
    ),
    Act.LICENCE_LOOKED_AT: Words(zh="工作人员查看电子证照状态", en="Licence looked at by an officer"),
    Act.LICENCE_SUSPENDED: Words(zh="暂停使用电子证照", en="Licence suspended"),
    Act.LICENCE_RESUMED: Words(zh="恢复使用电子证照", en="Licence resumed"),
    Act.LICENCE_END_PROPOSED: Words(zh="提出注销或撤销电子证照", en="End of a licence proposed by an officer"),
    Act.LICENCE_END_REFUSED: Words(zh="注销或撤销电子证照经复核否定", en="End of a licence refused by an officer"),
    Act.LICENCE_REVOKED: Words(zh="注销电子证照", en="Licence revoked"),
    Act.LICENCE_ANNULLED: Words(zh="撤销电子证照", en="Licence annulled"),
    Act.LICENCE_REPLACED: Words(zh="换发电子证照", en="Licence replaced by a new one"),
    Act.CARD_OPENED: Words(zh="开通市民卡", en="Citizen card opened"),
    Act.CARD_REPORTED_LOST: Words(zh="市民卡挂失", en="Citizen card reported lost"),
    Act.CARD_REPORTED_FOUND: Words(zh="市民卡解挂", en="Citizen card reported found"),
    Act.CARD_TOPPED_UP: Words(zh="市民卡充值", en="Citizen card topped up"),
    Act.CARD_PAID: Words(zh="市民卡支付", en="Citizen card paid"),
    Act.CARD_CHARGED: Words(zh="用市民卡缴费", en="Paid to a department from the citizen card"),
    Act.CHARGE_RETURNED: Words(zh="缴费退回市民卡", en="A payment was given back to the citizen card"),
    Act.BILL_PAID: Words(zh="缴纳账单", en="Bill paid"),
    Act.BILL_SETTLED: Words(zh="缴费入账", en="A bill's payment was confirmed"),
    Act.BILL_RETURNED: Words(zh="缴费未入账退回", en="A bill's payment was refused and returned"),
    Act.PERSON_LOOKED_AT: Words(zh="工作人员查询个人信息", en="Looked at by an officer"),
    Act.BREAK_GLASS_ASKED: Words(zh="工作人员申请紧急查询", en="Break-glass look asked for by an officer"),
    Act.BREAK_GLASS_READ: Words(
        zh="第二人查阅紧急查询申请", en="Request for a break-glass look read by a second officer"
    ),
    Act.BREAK_GLASS_APPROVED: Words(zh="紧急查询经第二人复核同意", en="Break-glass look approved by a second officer"),
    Act.BREAK_GLASS_REFUSED: Words(zh="紧急查询经第二人复核否定", en="Break-glass look refused by a second officer"),
    Act.OFFICER_APPOINTED: Words(zh="任命工作人员并发放开通码", en="Officer appointed and given an enrolment code"),
    Act.OFFICER_ENROLLED: Words(zh="工作人员开通证书", en="Officer enrolled"),
    Act.OFFICER_RENEWED: Words(zh="工作人员更新证书", en="Officer's certificate renewed"),
    Act.OFFICER_DISMISSED: Words(zh="工作人员离任", en="Officer dismissed"),
    Act.RIGHT_GRANTED: Words(zh="授予工作人员权限", en="Right granted to an officer"),
    Act.RIGHT_CONFIRMED: Words(zh="确认工作人员权限", en="Officer's right confirmed"),
    Act.RIGHT_WITHDRAWN: Words(zh="撤销工作人员权限", en="Officer's right withdrawn"),
    Act.DELEGATION_OFFERED: Words(zh="发出代办授权", en="Power to act offered"),
    Act.DELEGATION_ACCEPTED: Words(zh="接受代办授权", en="Power to act accepted"),
    Act.DELEGATION_DECLINED: Words(zh="谢绝代办授权", en="Power to act declined"),
    Act.DELEGATION_ENDED: Words(zh="终止代办授权", en="Power to act ended"),
    Act.ACTED_FOR: Words(zh="代办人或监护人以您的名义操作", en="A delegate or guardian acted in your name"),
    Act.CUSTODY_CHANGED: Words(zh="民政部门变更抚养关系", en="Custody changed by civil affairs"),
    Act.GUARDIANSHIP_CHANGED: Words(zh="民政部门变更监护关系", en="Guardianship changed by civil affairs"),
    Act.DEATH_RECORDED: Words(zh="登记死亡", en="Death recorded"),
    Act.WARD_LOOKED_AT: Words(zh="监护人查看信息", en="Looked at by a guardian"),
    Act.ACCESS_ASKED: Words(zh="追问查看理由", en="Asked why somebody looked"),
    Act.ACCESS_ANSWERED: Words(zh="工作人员答复查看理由", en="Question why somebody looked answered by an officer"),
    Act.ACCESS_ESCALATED: Words(zh="追问逾期未答复，转交审计", en="Question why somebody looked not answered in time"),
    Act.FILE_TRASHED: Words(zh="将文件移入回收站", en="Put a file into the trash"),
    Act.FILE_DOWNLOADED: Words(zh="获取文件下载地址", en="Got an address to download a file"),
    Act.EXPORT_ORDERED: Words(zh="申请导出个人信息", en="Ordered an export of personal data"),
    Act.EXPORT_DOWNLOADED: Words(zh="获取个人信息导出文件下载地址", en="Got an address to download an export"),
    Act.ERASURE_ORDERED: Words(zh="申请注销并删除个人信息", en="Erasure ordered"),
    Act.ERASURE_CANCELLED: Words(zh="撤回注销申请", en="Erasure taken back"),
    Act.ERASED: Words(zh="个人信息已删除", en="Personal data erased"),
    Act.RETAINED_OPENED: Words(zh="依法调取留存信息", en="Retained data opened for the law's purpose"),
    Act.DATA_CORRECTION_ASKED: Words(zh="申请更正个人信息", en="Correction of data asked for"),
    Act.DATA_CORRECTION_LOOKED_AT: Words(
        zh="工作人员查看更正申请", en="Request for correction looked at by an officer"
    ),
    Act.DATA_CORRECTION_DECIDED: Words(zh="更正申请已答复", en="Request for correction decided"),
    Act.RECORD_HIDDEN: Words(zh="隐藏时间轴中的一条记录", en="Entry hidden from the timeline"),
    Act.RECORD_SHOWN: Words(zh="恢复显示时间轴中的一条记录", en="Entry shown in the timeline again"),
}

LOOKS: Final = frozenset(
    {
        *(Act.CASE_LOOKED_AT, Act.MATERIAL_LOOKED_AT, Act.PERSON_LOOKED_AT, Act.DATA_CORRECTION_LOOKED_AT),
        *(Act.LICENCE_LOOKED_AT, Act.OPINION_READ),
    }
)
"""Sensitive acts: the person is told of each at once (at most once a day of the same officer and basis)."""
LOOKERS: Final = frozenset({"officer", "department"})
"""Kinds of actors whose looks are told, and who can be asked why."""

_SEAL: Final = """
WITH sealed AS (
  INSERT INTO act (id, shard, at, act, actor, actor_kind, actor_department, on_behalf_of, citizen_id, subject_id, basis_kind, basis_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12))
INSERT INTO unnumbered_act (id, shard, citizen_id) VALUES ($1, $2, $9)
"""


async def seal_act(
    act: Act, actor: Actor, *, about: UUID, subject: UUID | None = None, basis: Basis | None = None
) -> None:
    """Seal an act in the transaction in progress.

    `about` is the resident whose data or affairs it touched, `subject` the row that it was done to, `basis` what gave the right
    to it (a case, a consent); a citizen's own acts need none. The sequencer gives the act its number within seconds; a look is
    told to the person.
    """
    row_id = new_id(about)
    await execute(
        _SEAL,
        *(row_id, shard_of(row_id), clock.now(), act.value, actor.principal, _kind(actor), _department(actor)),
        *(_on_behalf_of(actor), about, subject),
        *((basis.kind, basis.id) if basis else (None, None)),
    )
    if act in LOOKS and _kind(actor) in LOOKERS:
        await tell(DataLookedAt(citizen_id=about, subject_id=row_id))


def _department(actor: Actor) -> str | None:
    match actor:
        case Officer():
            return actor.department
        case Department():
            return actor.code
        case _:
            return None


def _on_behalf_of(actor: Actor) -> UUID | None:
    """The citizen for whom an agent acts (代办)."""
    return actor.id if isinstance(actor, Citizen) and actor.agent_id is not None else None


def _kind(actor: Actor) -> str:
    match actor:
        case Citizen():
            return "citizen"
        case Officer():
            return "officer"
        case Terminal():
            return "terminal"
        case Department():
            return "department"
        case _:
            return "system"
