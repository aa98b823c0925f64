"""What rules of several stages ask of work and home: an age, whether somebody is in work, and whose home they live in. Pure."""

from typing import Final

from app.kernel.words import Words
from lifecycle.rules.ages import birthday_on
from lifecycle.rules.declared_kinds import HOME_TENURE, HomeTenure
from lifecycle.rules.fact_kinds import BIRTH_DATE, HOMES, JOB
from lifecycle.rules.looking import Looking

IN_WORK: Final = Words(zh="目前在职。", en="In work at present.")


def has_reached(looking: Looking, key: str) -> bool:
    """Whether somebody is of the age that the parameter `key` (years) names; says when that changes."""
    reached = birthday_on(looking.need(BIRTH_DATE), looking.law.number(key), looking.law)
    looking.again(reached)
    return looking.as_of >= reached


def is_of_working_age(looking: Looking) -> bool:
    """Whether somebody may work already; says when that changes."""
    return has_reached(looking, "age.work")


def is_in_work(looking: Looking) -> bool:
    """Whether somebody is known to be in work; says when a job ends whose end is known."""
    job = looking.find(JOB)
    if job is None:
        return False
    looking.again(job.until)
    return job.until is None or looking.as_of < job.until


def tenure(looking: Looking) -> HomeTenure:
    """Whose home somebody lives in: their own by the register or by their word, one that they rent, or another's."""
    return "owner" if looking.find(HOMES) else looking.need(HOME_TENURE)
