"""Cases change hands when their applicant may act no longer: a guardianship, custody or power ended, or the ward is of age.

Where nobody is left a case waits with its former applicant, until a guardian is appointed.

Subscribers; a repeat finds nothing left to pass on.
"""

from typing import Final
from uuid import UUID

from app.identity.delegation_events import DelegationEnded
from app.identity.delegation_rows import holds_power
from app.kernel import clock
from app.kernel.database import fetch_all
from app.kernel.ids import shard_of
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.residents.ages import ADULT_AT, has_reached
from app.residents.events import CameOfAge, CustodyChanged, GuardianAppointed, GuardianshipEnded
from app.residents.families import acting_guardians_of
from app.residents.people import resident
from lifecycle.cases import casebook
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.casebook import ApplicantAs, CaseFile, Detail
from lifecycle.cases.states import OPEN, State, Step
from lifecycle.catalogue import published

PHRASES: Final = {
    "case.passed_on": Phrase(
        Words(zh="事项转由您办理：{matter}", en="In your hands now: {matter}"),
        Words(
            zh="办件号{number}，原办理人已不能继续办理。", en="Case {number}; its former applicant can't go on with it."
        ),
    ),
}
_SELECT: Final = """
SELECT id FROM matter_case WHERE shard = $1 AND citizen_id = $2 AND applicant_as = $3 AND state = ANY ($4::text[]) ORDER BY id
"""
_OPEN: Final = sorted(state.value for state in OPEN)


async def on_guardians_changed(event: GuardianAppointed | GuardianshipEnded | CustodyChanged | CameOfAge) -> None:
    """Pass on a ward's open cases whose applicant isn't a guardian who acts for them; drafts of a new adult close."""
    ward_id = event.citizen_id or event.subject_id
    guardians = await acting_guardians_of(ward_id)
    of_age = not guardians and await _is_of_age(ward_id)
    heir: tuple[UUID, ApplicantAs] | None = (ward_id, "self") if of_age else None
    heir = (guardians[0], "guardian") if guardians else heir
    for case in await _open_cases(ward_id, "guardian"):
        if of_age and case.state is State.DRAFT:
            await casebook.move(case, Step.LAPSE, OFFICE, Detail(reason="被监护人已成年，监护人的草稿已关闭。"))
        elif heir is not None and case.applicant_id not in guardians:
            await _pass_on(case, *heir, source_ref=f"event:{event.id}")


async def on_power_ended(event: DelegationEnded) -> None:
    """Give back to a giver the open cases of delegates who hold no power for them any more."""
    if event.citizen_id is None:
        return
    for case in await _open_cases(event.citizen_id, "power"):
        if not await holds_power(event.citizen_id, case.applicant_id):
            await _pass_on(case, event.citizen_id, "self", source_ref=f"event:{event.id}")


async def _open_cases(person_id: UUID, applicant_as: ApplicantAs) -> list[CaseFile]:
    rows = await fetch_all(_SELECT, shard_of(person_id), person_id, applicant_as, _OPEN)
    return [await casebook.find(row["id"], lock=True) for row in rows]


async def _is_of_age(person_id: UUID) -> bool:
    born_on = (await resident(person_id)).birth_date
    return born_on is not None and has_reached(ADULT_AT, born_on, clock.today())


async def _pass_on(case: CaseFile, to: UUID, applicant_as: ApplicantAs, *, source_ref: str) -> None:
    after = await casebook.write(case, applicant_id=to, applicant_as=applicant_as)
    await casebook.add_event(after, "pass_on", OFFICE)
    await deliver(
        NewNotice(
            citizen_id=to,
            phrase="case.passed_on",
            facts={"matter": published.matter(case.matter_code).name, "number": case.named},
            source_ref=f"{source_ref}:{case.id}",
            about_id=case.id,
        )
    )
