"""Who acted and on what basis, in words."""

from typing import Final

from app.kernel.words import Words

AUTOMATIC: Final = frozenset({"system", "department", "terminal"})
"""Kinds of actors that are programs or machines, not a person who signed in."""
_BASES: Final[dict[str, Words]] = {
    "case": Words(zh="办件 {id}", en="Case {id}"),
    "appointment": Words(zh="预约 {id}", en="Appointment {id}"),
    "licence": Words(zh="本部门签发的证照 {id}", en="A licence that the office issued, {id}"),
    "dispute": Words(zh="您提出的交易争议 {id}", en="A payment that you dispute, {id}"),
    "campaign": Words(zh="通知活动 {id}", en="Campaign {id}"),
    "consent": Words(zh="您的授权 {id}", en="Your consent {id}"),
    "registry": Words(zh="法定登记职责 {id}", en="The registry's own duty {id}"),
    "break_glass": Words(zh="紧急查询，经第二人复核 {id}", en="Break-glass, seen by a second person {id}"),
    "freeze": Words(zh="身份冻结 {id}", en="A freeze of the identity {id}"),
    "counter": Words(zh="窗口办理 {id}", en="A visit to a counter {id}"),
    "power": Words(zh="代办授权 {id}", en="A power to act {id}"),
    "discrepancy": Words(zh="对账差错的处理，经第二人复核 {id}", en="A discrepancy that two officers resolved {id}"),
    "guardianship": Words(zh="监护关系 {id}", en="Guardianship {id}"),
}


def basis_words(kind: str | None, basis_id: str | None) -> Words | None:
    """A basis in words; nothing where an act needed none."""
    if kind is None or basis_id is None:
        return None
    words = _BASES.get(kind, Words(zh="依据 {id}", en="Basis {id}"))
    return Words(zh=words.zh.format(id=basis_id), en=words.en.format(id=basis_id))
