"""What officers can be granted; every room names its own actions."""

from collections.abc import Mapping
from typing import Final

from app.identity.officer_errors import ActionUnknown
from app.kernel.actors import ADMINISTER_AUDIT, ADMINISTER_SECURITY, ADMINISTER_SYSTEM, APPROVE_BREAK_GLASS
from app.kernel.words import Words

LOOK: Final = "people.look"
_actions: Final[dict[str, Words]] = {
    LOOK: Words(zh="查询个人信息", en="Look at a person"),
    APPROVE_BREAK_GLASS: Words(zh="审批紧急查询", en="See and approve break-glass requests"),
    ADMINISTER_SYSTEM: Words(zh="系统管理员：任免工作人员", en="System administrator: appoints and dismisses officers"),
    ADMINISTER_SECURITY: Words(
        zh="安全管理员：授予和撤销权限", en="Security administrator: grants and withdraws rights"
    ),
    ADMINISTER_AUDIT: Words(zh="审计管理员：查看日志和异常", en="Audit administrator: reads logs and findings"),
}


def register_actions(actions: Mapping[str, Words]) -> None:
    """Make actions known that can be granted; called from wiring."""
    _actions.update(actions)


def known_actions() -> Mapping[str, Words]:
    """Every action that can be granted, in words."""
    return _actions


def refuse_unknown(action: str) -> None:
    """Refuse (`ActionUnknown`) a right to something that nobody can do."""
    if action not in _actions:
        raise ActionUnknown(action=action)
