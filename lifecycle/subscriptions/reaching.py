"""Whom a campaign about a matter reaches: the notices room owns the protocol, and this room knows who switched what on.

What is compiled runs at the moment of publication, over the index of a matter's choices by shard.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import fetch_one, transaction
from app.kernel.ids import shard_of
from app.notices.audiences import Condition
from app.notices.structs import About
from app.notices.subscribers import Choice, PushMatter
from app.privacy.purposes import PUSH_ADVERTISING
from app.privacy.taken_back import not_taken_back_since
from app.residents.ages import CONSENTS_AT, years_before
from lifecycle.catalogue import published
from lifecycle.catalogue.errors import MatterUnknown
from lifecycle.subscriptions import pushes
from lifecycle.subscriptions.pushes import Push

_TELLER: Final = System("subscriptions")
_CHOSEN: Final = """
SELECT agreed_at FROM subscription WHERE shard = $1 AND citizen_id = $2 AND reader_id = $3 AND matter = $4 AND agreed_at <= $5
ORDER BY id DESC LIMIT 1
"""
PATH: Final = "/v1/me/subscriptions"


class SwitchedOn:
    """Those who switched push matters on; `app.notices.subscribers.Subscribers`."""

    table = "subscription"

    def find(self, matter: str) -> PushMatter | None:
        """A matter that can be switched on."""
        push = _push(matter)
        if push is None:
            return None
        facts = push.facts
        return PushMatter(
            code=matter,
            name=push.matter.name,
            department=push.matter.department.code,
            advertising=facts.advertising,
            urgent=facts.urgent,
            most=facts.most,
            days=facts.days,
        )

    def unknown_topics(self, about: About) -> tuple[str, ...]:
        """Topics that can't be chosen of the matter."""
        push = _push(about.matter)
        return about.topics if push is None else push.unknown_topics(about.topics)

    def compiled(self, about: About, condition: Condition) -> str:
        """Choices that are on, agreed to as the matter is now, for these topics, not taken back, by who may still decide."""
        push = _push(about.matter)
        if push is None:
            return "false"
        return " AND ".join(
            (
                f"s.matter = {condition.put(about.matter)}",
                "s.ended_at IS NULL",
                f"s.terms = {condition.put(push.terms)}",
                *(("s.advertising",) if about.advertiser is not None else ()),
                *_about_topics(push, about, condition),
                _not_taken_back(push, about, condition),
                _still_deciding(condition),
            )
        )

    async def chosen(self, reader_id: UUID, person_id: UUID, matter: str, before: datetime) -> Choice | None:
        """The newest choice of a reader for a person that was made before."""
        async with transaction(_TELLER):
            row = await fetch_one(_CHOSEN, shard_of(person_id), person_id, reader_id, matter, before)
        if row is None:
            return None
        whose = "" if person_id == reader_id else f"?person_id={person_id}"
        try:
            known = published.matter(matter)
        except MatterUnknown:
            return None
        return Choice(
            matter=matter,
            name=known.name,
            department=known.department.code,
            since=row["agreed_at"],
            switch_off=f"{PATH}/{matter}{whose}",
        )


def _push(code: str) -> Push | None:
    try:
        return pushes.push_of(published.matter(code))
    except MatterUnknown:
        return None


def _about_topics(push: Push, about: About, condition: Condition) -> Iterator[str]:
    """Of each thing to be chosen that a campaign names: who chose what it names, or nothing where all are offered."""
    for ask in push.facts.every_ask:
        named = [topic for topic in about.topics if topic.partition(".")[0] == ask.code]
        if not named:
            continue
        chose = f"s.topics && {condition.put(named)}::text[]"
        every = [f"{ask.code}.{choice.code}" for choice in ask.choices]
        yield f"({chose} OR NOT s.topics && {condition.put(every)}::text[])" if every else chose


def _not_taken_back(push: Push, about: About, condition: Condition) -> str:
    """What is advertising is covered by the purpose of advertising, whatever else is sent of the matter."""
    purpose = push.purpose if about.advertiser is None else PUSH_ADVERTISING
    return not_taken_back_since("s", "s.agreed_at", condition.put(purpose.code), condition.put(clock.now()))


def _still_deciding(condition: Condition) -> str:
    """People decide for themselves from 14 on, and until then a guardian who is one today (个人信息保护法 art. 31)."""
    today: date = condition.today
    fourteen = condition.put(years_before(today, CONSENTS_AT))
    return (
        f"CASE WHEN s.reader_id = s.citizen_id THEN r.birth_date IS NULL OR r.birth_date <= {fourteen}::date "
        f"ELSE r.birth_date > {fourteen}::date AND EXISTS (SELECT 1 FROM kinship k WHERE k.shard = s.shard "
        "AND k.citizen_id = s.citizen_id AND k.other_id = s.reader_id AND k.relation = 'ward_of' "
        f"AND (k.until IS NULL OR k.until > {condition.put(today)}::date)) END"
    )
