"""What a citizen is told of their account: every new way in, and every sign of somebody else."""

from typing import Final

from app.identity.events import (
    AccountRecovered,
    ApprovalAsked,
    DeviceEnrolled,
    DeviceRemoved,
    NameChanged,
    PersonFrozen,
    PersonUnfrozen,
    PhoneGivenUp,
    RealNameProved,
    SessionEndedByReuse,
    WeChatBound,
    WeChatUnbound,
)
from app.kernel import clock
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.records.filing import Happening, file_record
from app.records.kinds import RecordKind

PHRASES: Final = {
    RealNameProved.kind: Phrase(
        Words(zh="实名认证成功", en="Your real name is proved"),
        Words(
            zh="如您授权预先查询公安户籍信息，家庭成员信息将自动获取，无需填写。",
            en="If you allow asking the police's register ahead, your family needn't be typed in.",
        ),
    ),
    DeviceEnrolled.kind: Phrase(
        Words(zh="新设备已绑定", en="A new device was enrolled"),
        Words(zh="如非本人操作，请立即移除该设备。", en="If this wasn't you, remove the device at once."),
    ),
    DeviceRemoved.kind: Phrase(Words(zh="设备已解绑", en="A device was removed")),
    ApprovalAsked.kind: Phrase(
        Words(zh="有一项操作等待您确认", en="Something waits for your approval"),
        Words(
            zh="请在已绑定的设备上核对后确认；如非本人操作，请拒绝。",
            en="Look at it on an enrolled device and approve; refuse if it isn't yours.",
        ),
    ),
    AccountRecovered.kind: Phrase(
        Words(zh="账户已通过刷脸换绑手机号", en="Your account has another phone now"),
        Words(
            zh="原有登录和微信绑定均已失效。如非本人操作，请立即冻结身份。",
            en="Sessions and WeChat accounts of before are out. If this wasn't you, freeze your identity at once.",
        ),
    ),
    PhoneGivenUp.kind: Phrase(
        Words(zh="手机号已与您的账户解除关联", en="A phone number isn't yours any more"),
        Words(
            zh="该号码的现机主声明不是您本人。请刷脸换绑新的手机号。",
            en="Whoever holds it now said that they aren't you. Recover your account with another phone, by your face.",
        ),
    ),
    NameChanged.kind: Phrase(
        Words(zh="姓名已变更", en="Your name was changed"),
        Words(zh="已按公安人口库更新您的姓名。", en="It was taken over from the police's register."),
    ),
    WeChatBound.kind: Phrase(
        Words(zh="微信已绑定", en="A WeChat account was bound"),
        Words(
            zh="该微信今后可登录您的账户。如非本人操作，请立即解绑。",
            en="It can sign in as you. If this wasn't you, unbind it at once.",
        ),
    ),
    WeChatUnbound.kind: Phrase(Words(zh="微信已解绑", en="Your WeChat account was unbound")),
    PersonFrozen.kind: Phrase(
        Words(zh="您的身份已冻结", en="Your identity is frozen"),
        Words(
            zh="登录、市民卡和签名均已停用。请用已绑定的设备解冻，或携带身份证到窗口办理。",
            en="Sessions, card and signatures are stopped. Unfreeze on an enrolled device, or at a counter with your ID card.",
        ),
    ),
    PersonUnfrozen.kind: Phrase(
        Words(zh="您的身份已解冻", en="Your identity is no longer frozen"),
        Words(
            zh="其他登录均已退出。如非本人操作，请立即再次冻结。",
            en="All other sessions ended. If this wasn't you, freeze it again at once.",
        ),
    ),
    SessionEndedByReuse.kind: Phrase(
        Words(zh="一次登录因异常已被终止", en="A session was ended because its token was used twice"),
        Words(
            zh="可能有人复制了您的登录凭据，请检查您的设备。",
            en="Somebody may have copied it; please look at your devices.",
        ),
    ),
}


async def file_real_name(event: RealNameProved | NameChanged) -> None:
    """File that the real name was proved, or that it changed."""
    if event.citizen_id is not None:
        await file_record(
            Happening(
                citizen_id=event.citizen_id,
                happened_at=event.at or clock.now(),
                kind=RecordKind.IDENTITY,
                phrase=event.kind,
                facts={},
                source="identity",
                source_ref=f"event:{event.id}",
            )
        )
