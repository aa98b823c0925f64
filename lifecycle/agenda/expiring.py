"""Licences on the agenda: what ends soon, and until when it can be renewed."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from app.kernel.words import Words
from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.licences.limits import limit_today
from lifecycle.rules.fact_kinds import LICENCES, HeldLicence
from lifecycle.rules.looking import Looking


def licences(looking: Looking) -> Iterable[Item]:
    """Every licence that ends, in sight from the first reminder of its holder until its last day."""
    for one in looking.find(LICENCES) or ():
        yield _item(one)


def _item(one: HeldLicence) -> Item:
    opens = one.valid_to - timedelta(days=limit_today("remind_last_days"))
    return Item(
        code=f"licence.{one.id}",
        matter=one.matter,
        title=Words(zh=f"证照即将到期：{one.title.zh}", en=f"Ends soon: {one.title.en}"),
        why=Words(
            zh=f"编号{one.number}，有效期至{one.valid_to}，请在此前办理延续或换发。",
            en=f"Number {one.number} is valid to {one.valid_to}; have it renewed before then.",
        ),
        opens=opens,
        due=one.valid_to,
        lapses=one.valid_to + timedelta(days=1),
        in_sight=one.valid_to - timedelta(days=limit_today("remind_first_days")),
        quiet=True,
        by_case=False,
    )


RULE: Final = AgendaRule("licences", "", licences)
