"""A child was born: it stands in the record of child and parents, and the parents are told what comes next."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.phrases import Facts, Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.records.filing import Happening, file_record
from app.records.kinds import RecordKind
from app.residents.events import ChildBorn
from app.residents.families import guardians_of
from app.residents.people import resident
from integrations.departments.directory import HEALTH

PHRASES: Final = {
    "birth.child_born": Phrase(
        Words(zh="您的孩子于{day}出生，恭喜！", en="Your child was born on {day}: congratulations!"),
        Words(
            zh="接下来：一个月内为孩子申报户口，并按时接种疫苗。详见人生日程。",
            en="What comes next: register the child within a month, and keep the vaccination dates. See your agenda.",
        ),
    ),
    "birth.born": Phrase(Words(zh="出生", en="Born"), Words(zh="出生日期：{day}。", en="On {day}.")),
}


async def on_child_born(event: ChildBorn) -> None:
    """File the birth for the child and each guardian, and tell the guardians."""
    child = await resident(event.subject_id)
    born_on = child.birth_date or clock.today()
    facts: Facts = {"day": born_on.isoformat()}
    await _file(child.id, "birth.born", facts, event)
    for guardian_id in await guardians_of(child.id):
        await _file(guardian_id, "birth.child_born", facts, event)
        await deliver(
            NewNotice(
                citizen_id=guardian_id,
                phrase="birth.child_born",
                facts=facts,
                source_ref=f"event:{event.id}",
                about_id=child.id,
            )
        )


async def _file(citizen_id: UUID, phrase: str, facts: Facts, event: ChildBorn) -> None:
    happened_at: datetime = event.at or clock.now()
    await file_record(
        Happening(
            citizen_id=citizen_id,
            happened_at=happened_at,
            kind=RecordKind.FAMILY,
            phrase=phrase,
            facts=facts,
            source=HEALTH,
            source_ref=f"birth:{event.subject_id}",
            about_id=event.subject_id,
        )
    )
