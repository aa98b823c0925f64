"""What kin are told of deaths, guardianship, custody and birthdays, and what stands in their record."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from app.identity.events import PersonFrozen, PersonUnfrozen
from app.kernel import clock
from app.kernel.events import Event
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.records.filing import Happening, file_record
from app.records.kinds import RecordKind
from app.residents.ages import CONSENTS_AT, has_reached
from app.residents.events import (
    CameOfAge,
    CustodyChanged,
    GuardianAppointed,
    GuardianshipEnded,
    PersonDied,
    TurnedFourteen,
    WardLeftAlone,
)
from app.residents.families import comes_of_age, guardians_of, kin_of
from app.residents.people import resident

PHRASES: Final = {
    "family.died": Phrase(
        Words(zh="{name}的死亡已登记，请节哀", en="The death of {name} was registered; our condolences"),
        Words(
            zh="其账户、设备、市民卡和代办授权均已停用。接下来可办理：户口注销、社保与公积金结算、不动产继承（公民身后“一件事”）。",
            en="Account, devices, card and powers have ended. What comes next: household register, social insurance and "
            "housing fund, inheritance (one thing after a death).",
        ),
    ),
    "family.ward_alone": Phrase(
        Words(zh="{name}目前没有监护人", en="{name} has no guardian now"),
        Words(
            zh="请联系民政部门或居（村）民委员会依法确定监护人（民法典第二十七条、第三十二条）。",
            en="Please turn to civil affairs or the residents' committee to have one appointed (Civil Code, articles 27 and 32).",
        ),
    ),
    "family.guardian_appointed": Phrase(
        Words(zh="您已成为{name}的监护人", en="You are {name}'s guardian now"),
        Words(zh="您可以为其办理事项。", en="You can act for them."),
    ),
    "family.guardianship_ended": Phrase(
        Words(zh="您对{name}的监护关系已终止", en="You are no longer {name}'s guardian"),
        Words(zh="您不能再为其办理事项。", en="You can't act for them any more."),
    ),
    "family.custody_changed": Phrase(
        Words(zh="{name}的直接抚养关系已变更", en="{name}'s custody was decided"),
        Words(
            zh="由直接抚养的一方为其办理事项，另一方仍可查看（民法典第一千零八十四条）。",
            en="Whoever has custody applies for them; the other parent can still look (Civil Code, article 1084).",
        ),
    ),
    "family.fourteen": Phrase(
        Words(zh="您已年满14周岁", en="You are 14 now"),
        Words(
            zh="您可以自行实名认证和管理个人信息授权；监护人仍可为您办事，其每次操作都会记入您的访问记录。",
            en="You can prove your real name and decide about your data yourself; guardians still act for you, and whatever "
            "they do stands in your access log.",
        ),
    ),
    "family.ward_fourteen": Phrase(
        Words(zh="{name}已年满14周岁", en="{name} is 14 now"),
        Words(
            zh="其消息和云盘由本人管理；您仍可为其办理事项。",
            en="Their inbox and disk are their own now; you still act for them.",
        ),
    ),
    "family.ward_frozen": Phrase(
        Words(zh="{name}的身份已冻结", en="{name}'s identity was frozen"),
        Words(
            zh="其登录、市民卡和签名均已停用；您仍可作为监护人为其办理事项。可由其本人在已绑定的设备上解冻，或携带其证件到窗口办理。",
            en="Their sessions, card and signatures are stopped; as guardian you still act for them. They can unfreeze on an "
            "enrolled device, or at a counter with their ID card.",
        ),
    ),
    "family.ward_unfrozen": Phrase(
        Words(zh="{name}的身份已解冻", en="{name}'s identity is no longer frozen"),
        Words(
            zh="如非其本人操作，请立即申请再次冻结。",
            en="If this wasn't them, have it frozen again at once.",
        ),
    ),
    "family.of_age": Phrase(
        Words(zh="您已年满18周岁", en="You are 18 now"),
        Words(
            zh="监护关系已终止，未办结的事项转由您本人办理。",
            en="Nobody is your guardian any more; what is still open is in your own hands.",
        ),
    ),
    "family.ward_of_age": Phrase(
        Words(zh="{name}已年满18周岁", en="{name} is 18 now"),
        Words(
            zh="监护关系已终止；如需代办，请由其本人授权。",
            en="Your guardianship has ended; they can give you a power to act for them.",
        ),
    ),
}
_DAY: Final = timedelta(days=1)


async def on_died(event: PersonDied) -> None:
    """Tell everybody who was kin on the last day, and file it in their record."""
    dead = await resident(event.subject_id)
    day = dead.died_on or clock.today()
    kin = {one.id for one in await kin_of(dead.id, day - _DAY)}
    for person_id in await _readers(kin):
        await _tell(person_id, "family.died", dead.name, event)
        await file_record(
            Happening(
                citizen_id=person_id,
                happened_at=event.at or clock.now(),
                kind=RecordKind.FAMILY,
                phrase="family.died",
                facts={"name": dead.name or ""},
                source="residents",
                source_ref=f"death:{dead.id}",
                about_id=dead.id,
            )
        )


async def on_ward_left_alone(event: WardLeftAlone) -> None:
    """Tell the ward's living kin, and the kin of those: whoever may be appointed now (民法典 art. 27)."""
    ward = await resident(event.subject_id)
    near = {one.id for one in await kin_of(ward.id)}
    wider = {one.id for person_id in near for one in await kin_of(person_id)}
    for person_id in await _readers((near | wider) - {ward.id}):
        await _tell(person_id, "family.ward_alone", ward.name, event)


async def on_guardian_appointed(event: GuardianAppointed) -> None:
    """Tell the new guardian."""
    await _tell_about_ward(event, event.subject_id, "family.guardian_appointed")


async def on_guardianship_ended(event: GuardianshipEnded) -> None:
    """Tell the former guardian, if they live."""
    await _tell_about_ward(event, event.subject_id, "family.guardianship_ended")


async def on_custody_changed(event: CustodyChanged) -> None:
    """Tell every guardian, and a child of 14."""
    child = await resident(event.subject_id)
    for person_id in await _readers({child.id, *await guardians_of(child.id)}):
        await _tell(person_id, "family.custody_changed", child.name, event)


async def on_turned_fourteen(event: TurnedFourteen) -> None:
    """Tell both the minor and their guardians what changes."""
    person = await resident(event.subject_id)
    await _tell(person.id, "family.fourteen", person.name, event)
    await _tell_guardians(person.id, "family.ward_fourteen", event)


async def on_frozen(event: PersonFrozen | PersonUnfrozen) -> None:
    """Tell the guardians of a ward who was frozen or unfrozen; the ward may have no phone left to hear it on."""
    if event.citizen_id is not None:
        phrase = "family.ward_frozen" if isinstance(event, PersonFrozen) else "family.ward_unfrozen"
        await _tell_guardians(event.citizen_id, phrase, event)


async def on_came_of_age(event: CameOfAge) -> None:
    """Tell the new adult, and whoever was their guardian until yesterday."""
    person = await resident(event.subject_id)
    await _tell(person.id, "family.of_age", person.name, event)
    last_day = comes_of_age(person.birth_date or clock.today()) - _DAY
    former = {one.id for one in await kin_of(person.id, last_day) if one.relation == "ward_of" and one.until}
    for guardian_id in await _readers(former):
        await _tell(guardian_id, "family.ward_of_age", person.name, event)


async def _tell_guardians(ward_id: UUID, phrase: str, event: Event) -> None:
    ward = await resident(ward_id)
    for guardian_id in await _readers(await guardians_of(ward_id)):
        await _tell(guardian_id, phrase, ward.name, event)


async def _tell_about_ward(event: Event, person_id: UUID, phrase: str) -> None:
    if event.citizen_id is not None:
        for reader in await _readers({person_id}):
            await _tell(reader, phrase, (await resident(event.citizen_id)).name, event)


async def _readers(people: Iterable[UUID]) -> list[UUID]:
    """Who of some people reads notices: the living from 14 on."""
    today, found = clock.today(), []
    for person_id in sorted(people):
        person = await resident(person_id)
        is_child = person.birth_date is not None and not has_reached(CONSENTS_AT, person.birth_date, today)
        if person.died_on is None and not is_child:
            found.append(person_id)
    return found


async def _tell(person_id: UUID, phrase: str, name: str | None, event: Event) -> None:
    await deliver(
        NewNotice(
            citizen_id=person_id,
            phrase=phrase,
            facts={"name": name or ""},
            source_ref=f"event:{event.id}",
            about_id=event.citizen_id,
        )
    )
