"""What Human Resources and Social Security (人社局) tells of work injuries: recognition (工伤认定) and appraisal (劳动能力鉴定)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.social_security import RSJ

Grade = Annotated[int, Meta(ge=1, le=10)]
"""Grade of disability (伤残等级, GB/T 16180): 1 is the worst."""
SelfCare = Literal["full", "most", "part", "none"]
SELF_CARE: Final = {
    "full": Words(zh="生活完全不能自理", en="Can't care for themselves at all"),
    "most": Words(zh="生活大部分不能自理", en="Mostly can't care for themselves"),
    "part": Words(zh="生活部分不能自理", en="Partly can't care for themselves"),
    "none": Words(zh="生活能自理", en="Can care for themselves"),
}
"""How far somebody depends on others (生活自理障碍, 工伤保险条例 art. 22, 34)."""
Stage = Literal["recognised", "appraising", "concluded"]
STAGES: Final = {
    "recognised": Words(zh="已认定工伤，未申请鉴定", en="Recognised; no appraisal was asked for"),
    "appraising": Words(zh="鉴定中", en="Being appraised"),
    "concluded": Words(zh="已作出鉴定结论", en="Concluded"),
}


class Appraisal(msgspec.Struct, frozen=True):
    """An appraisal of working capacity (工伤保险条例 art. 21-29). Who disagrees asks for another within 15 days of receiving it."""

    applied_on: Annotated[date, label("鉴定申请日期", "Applied on")]
    due_on: Annotated[date, label("应作出结论的日期", "Conclusion due on")]
    concluded_on: Annotated[date | None, label("结论日期", "Concluded on")]
    grade: Annotated[Grade | None, label("伤残等级", "Grade of disability")]
    self_care: Annotated[SelfCare | None, label("生活自理程度", "Self-care", SELF_CARE)]
    again_until: Annotated[date | None, label("申请再次鉴定截止", "Another may be asked for until")]
    review_from: Annotated[date | None, label("可申请复查鉴定日期", "Review from")]


class WorkInjury(msgspec.Struct, frozen=True):
    """An injury at work as recognised (工伤保险条例 art. 17, 20)."""

    case_no: Annotated[Code, label("认定书编号", "Decision no.")]
    employer: Annotated[Line, label("用人单位", "Employer")]
    injured_on: Annotated[date, label("受伤日期", "Injured on")]
    injury: Annotated[Line, label("受伤部位", "Injury")]
    recognised_on: Annotated[date, label("认定日期", "Recognised on")]
    stage: Annotated[Stage, label("进度", "Stage", STAGES)]
    appraisal: Annotated[Appraisal | None, label("劳动能力鉴定", "Appraisal")]


class WorkInjuries(msgspec.Struct, frozen=True):
    """The injuries of a person who is insured; nearly nobody has any."""

    injuries: Annotated[tuple[WorkInjury, ...], label("工伤记录", "Work injuries")]


WORK_INJURIES: Final = Register(
    department=RSJ,
    service="work_injuries",
    told=WorkInjuries,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=30),
)
