"""Letting anybody check a licence that they were shown, by its code."""

from typing import Final

from app.kernel.database import transaction
from app.kernel.words import Words
from app.pki.structs import Finding, ShownFact
from lifecycle.licences import reading
from lifecycle.licences.check_codes import read
from lifecycle.licences.states import LicenceState
from lifecycle.licences.stepping import ISSUER
from lifecycle.licences.structs import LicenceView

SAID: Final[dict[LicenceState, Words]] = {
    "valid": Words(zh="该电子证照真实有效。", en="This licence is genuine and valid."),
    "expired": Words(zh="该电子证照真实，但已过期。", en="This licence is genuine, but has expired."),
    "revoked": Words(zh="该电子证照已被注销。", en="This licence was revoked."),
    "annulled": Words(zh="该电子证照已被撤销。", en="This licence was annulled."),
    "suspended": Words(zh="该电子证照已被暂停使用。", en="This licence is suspended."),
    "replaced": Words(zh="该电子证照已换发新证。", en="Another licence was issued in the place of this one."),
}
TYPE: Final = Words(zh="证照类型", en="Licence")
_NUMBER: Final = Words(zh="证照编号", en="Number")
OFFICE: Final = Words(zh="签发机关", en="Issued by")
_DAY: Final = Words(zh="签发日期", en="Issued on")


class LicenceVerifier:
    """Looks a licence up by number and secret; who has only one of them learns nothing."""

    kind = "licence"

    async def find(self, code: str) -> Finding | None:
        """Say whether a code is a licence's, and whether that holds today. Nothing personal is told."""
        shown = read(code)
        if shown is None:
            return None
        async with transaction(ISSUER):
            licence = await reading.by_number(shown.shard, shown.number)
        if licence is None or not shown.opens(licence.check_code):
            return None
        return _finding(licence)


def _finding(licence: LicenceView) -> Finding:
    facts = (
        ShownFact(TYPE, licence.title.zh),
        ShownFact(_NUMBER, licence.number),
        ShownFact(OFFICE, licence.department_name.zh),
        ShownFact(_DAY, f"{licence.issued_at:%Y-%m-%d}"),
    )
    return Finding("licence", licence.state == "valid", SAID[licence.state], facts)
