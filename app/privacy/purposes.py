"""What a citizen may allow or not. Nothing is allowed that wasn't asked: each purpose is off until it is switched on.

What a department must tell or ask by law (a decision on a case, a correction) needs no consent and isn't here
(个人信息保护法 art. 13).
"""

from typing import Final, Literal

import msgspec

from app.kernel.words import Words

PurposeKind = Literal["push", "source", "profile"]


class Purpose(msgspec.Struct, frozen=True):
    """One thing that data may be used for.

    `push` is to be told of something, `source` is to ask `department` ahead of need.

    `profile` is to choose by what is known of somebody what they are shown (个人信息保护法 art. 24).
    """

    code: str
    kind: PurposeKind
    title: Words
    department: str = ""


PUSH_PUBLIC: Final = Purpose(
    "push_public_service", "push", Words(zh="接收公共服务提醒", en="Reminders of public services")
)
PUSH_SOCIAL: Final = Purpose(
    "push_social_service", "push", Words(zh="接收社会化服务信息", en="News of services by others than the state")
)
PUSH_ADVERTISING: Final = Purpose("push_advertising", "push", Words(zh="接收商业推广信息", en="Advertisements"))
SOURCE_POLICE: Final = Purpose(
    "source_gaj",
    "source",
    Words(zh="允许预先查询公安户籍信息", en="Ask the police register ahead of an application"),
    "GAJ",
)
SOURCE_HEALTH: Final = Purpose(
    "source_wjw",
    "source",
    Words(zh="允许预先查询卫生健康信息", en="Ask the health commission ahead of an application"),
    "WJW",
)
RECOMMENDATIONS: Final = Purpose(
    "recommendations", "profile", Words(zh="个性化推荐", en="Recommendations chosen by what is known of you")
)
PURPOSES: Final = {
    purpose.code: purpose
    for purpose in (PUSH_PUBLIC, PUSH_SOCIAL, PUSH_ADVERTISING, SOURCE_POLICE, SOURCE_HEALTH, RECOMMENDATIONS)
}
