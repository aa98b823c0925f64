"""To whom the services for who is out of work, or was hurt at work, are open. Pure."""

from datetime import date
from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.verdicts import Verdict, drawn, need_all, no, yes, yes_from
from lifecycle.entitlements.work_and_home import IN_WORK, is_in_work, is_of_working_age
from lifecycle.rules.ages import Span, birthday_on
from lifecycle.rules.declared_kinds import WORK_INJURY
from lifecycle.rules.fact_kinds import BIRTH_DATE, DISABILITY_GRADE, JOB, PENSION_SINCE, SEX, UNEMPLOYED_SINCE
from lifecycle.rules.looking import Looking
from lifecycle.rules.retirement_kinds import is_before_retirement
from lifecycle.rules.told_kinds import LAST_JOB_ENDED, LIVING_ALLOWANCE

_RETIRED: Final = Words(zh="已到退休年龄或已领养老金。", en="Of the age of retirement, or drawing a pension.")
_WHEN_ENDED: Final = Words(zh="工作结束后可办理。", en="It could be had once work has ended.")
_REGISTER: Final = Words(
    zh="失业登记后，符合其中一类的可申请。", en="It could be had once registered as unemployed, by who fits a group."
)
_WANTS_WORK: Final = Words(
    zh="须有劳动能力并有就业要求，由本人声明。", en="One must be able to work and want to, as one declares oneself."
)
_HOUSEHOLD: Final = Words(
    zh="零就业家庭成员由经办机构核查后也可认定。",
    en="Members of a household without any work are recognised too, once the office has looked into it.",
)


def registration(looking: Looking) -> Verdict:
    """Registering as unemployed: of working age, without work."""
    if not is_of_working_age(looking):
        age = looking.law.number("age.work")
        return no(Words(zh=f"未满{age}周岁。", en=f"Under {age}."))
    if _is_retired(looking):
        return no(_RETIRED)
    if is_in_work(looking):
        return no(IN_WORK, _WHEN_ENDED)
    if looking.find(UNEMPLOYED_SINCE) is not None:
        return drawn(Words(zh="已办理失业登记。", en="Registered as unemployed already."))
    if looking.find(LAST_JOB_ENDED) is None:
        looking.need(JOB)
    return yes(
        Words(zh="未到退休年龄，没有工作。", en="Out of work, and not of the age of retirement."), steps=(_WANTS_WORK,)
    )


def hardship(looking: Looking) -> Verdict:
    """Being recognised as finding it hard to get work: registered as unemployed, and disabled, poor, of an age, or for long."""
    need_all(looking, BIRTH_DATE, SEX)
    if not is_of_working_age(looking) or _is_retired(looking):
        return no(Words(zh="不在劳动年龄内。", en="Not of working age."))
    if is_in_work(looking):
        return no(IN_WORK, _REGISTER)
    since = looking.need(UNEMPLOYED_SINCE)
    return _by_group(looking, since)


def appraisal(looking: Looking) -> Verdict:
    """Appraisal of the ability to work, once an injury at work is recognised."""
    if looking.need(WORK_INJURY) != "recognised":
        return no(
            Words(zh="没有已认定的工伤。", en="No work injury is recognised."),
            Words(zh="认定工伤后可申请。", en="It could be had once one is recognised."),
        )
    stable = Words(
        zh="伤情是否相对稳定、是否影响劳动，由鉴定委员会判断。",
        en="Whether it is fairly stable and limits work is judged by the appraisal committee.",
    )
    return yes(Words(zh="工伤已认定。", en="A work injury is recognised."), steps=(stable,))


def _is_retired(looking: Looking) -> bool:
    return looking.find(PENSION_SINCE) is not None or not is_before_retirement(looking, looking.as_of)


def _by_group(looking: Looking, since: date) -> Verdict:
    if looking.find(DISABILITY_GRADE) is not None:
        return yes(Words(zh="登记失业的残疾人。", en="Registered as unemployed, and disabled."))
    if looking.find(LIVING_ALLOWANCE) is not None:
        return yes(
            Words(zh="登记失业的低保对象。", en="Registered as unemployed, and on the minimum living allowance.")
        )
    age = looking.law.get("opening.hardship_ages", dict[str, int])[looking.need(SEX)]
    long = Span.read(looking.law.text("opening.hardship_unemployed"))
    on = min(birthday_on(looking.need(BIRTH_DATE), age, looking.law), long.after(since))
    words = Words(
        zh=f"{since}登记失业；年满{age}周岁或连续失业{long.words.zh}即可认定。",
        en=f"Registered as unemployed on {since}; recognised from the age of {age}, or after {long.words.en} without work.",
    )
    if looking.as_of >= on:
        return yes(words)
    return yes_from(on, words, steps=(_HOUSEHOLD,))
