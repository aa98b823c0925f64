"""Conditions that several stages' matters share: being of age, living here, being insured, learning at a school. Pure."""

from datetime import date, timedelta
from functools import partial
from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.combining import Work
from lifecycle.entitlements.opening import from_age
from lifecycle.entitlements.verdicts import NeedsMore, Verdict, no, yes, yes_from
from lifecycle.rules.ages import Span
from lifecycle.rules.divisions import is_here
from lifecycle.rules.fact_kinds import (
    ADDRESS_SINCE,
    DIVISION,
    MEDICAL_INSURED,
    RESIDENCE,
    SCHOOLING,
    STUDYING,
    SchoolStage,
)
from lifecycle.rules.looking import Looking

ADULT: Final = partial(from_age, key="age.capacity_full")
FOR_A_CHILD: Final = Words(
    zh="为孩子办理的，由监护人选择孩子后查看。", en="For a child the guardian looks at this for the child."
)
_DAY: Final = timedelta(days=1)
_HERE: Final = Words(zh="户籍在烟台。", en="Registered in Yantai.")
_AWAY: Final = Words(zh="户籍和居住地都不在烟台。", en="Neither registered nor living in Yantai.")
_COME: Final = Words(
    zh="户籍迁入烟台，或来烟台居住后可享受。", en="It could be had once registered or living in Yantai."
)
_UNINSURED: Final = Words(zh="未参加基本医疗保险。", en="Not insured for medical costs.")
_INSURE: Final = Words(zh="在烟台参保后可享受。", en="It could be had once insured in Yantai.")
_NOT_THERE: Final = Words(zh="目前不在相应的学校就读。", en="Not at such a school at present.")
_ENROL: Final = Words(zh="入学后可办理。", en="It could be had while enrolled.")
_ENROLLED: Final = Words(zh="在校就读。", en="Enrolled at a school.")


def lives_here(looking: Looking) -> Verdict:
    """Registered in Yantai, or living here."""
    return _here(looking, None)


def settled_here(looking: Looking) -> Verdict:
    """Registered in Yantai, or living here for half a year."""
    return _here(looking, "residence.settled_after")


def is_insured(looking: Looking) -> Verdict:
    """Insured for medical costs (基本医保)."""
    if looking.need(MEDICAL_INSURED):
        return yes(Words(zh="已参加基本医疗保险。", en="Insured for medical costs."))
    return no(_UNINSURED, _INSURE)


def learns_at(*stages: SchoolStage) -> Work:
    """Learning at a school of one of these stages."""

    def work(looking: Looking) -> Verdict:
        if looking.find(SCHOOLING) is None and looking.find(STUDYING) is False:
            return no(_NOT_THERE, _ENROL)
        at = looking.need(SCHOOLING)
        if at.stage not in stages or looking.as_of >= at.until:
            return no(_NOT_THERE, _ENROL)
        last = at.until - _DAY
        looking.again(at.until)
        return yes(_ENROLLED, until=last) if looking.as_of >= at.since else yes_from(at.since, _ENROLLED)

    return work


def is_enrolled(looking: Looking) -> Verdict:
    """Learning at any school, as the education authority has it or else as they say themselves."""
    if looking.find(SCHOOLING) is not None:
        return learns_at("kindergarten", "primary", "junior", "senior", "university")(looking)
    return yes(_ENROLLED) if looking.need(STUDYING) else no(_NOT_THERE, _ENROL)


def _here(looking: Looking, waiting: str | None) -> Verdict:
    """Registered here; or living here, for as long as a parameter asks (`waiting`)."""
    division = looking.find(DIVISION)
    if division is not None and is_here(division):
        return yes(_HERE)
    since = _living_since(looking)
    if since is None:
        return no(_AWAY, _COME)
    reached = since if waiting is None else Span.read(looking.law.text(waiting)).after(since)
    words = Words(zh=f"自{since}起在烟台居住。", en=f"Living in Yantai since {since}.")
    return yes(words) if looking.as_of >= reached else yes_from(reached, words)


def _living_since(looking: Looking) -> date | None:
    """Since when somebody lives here; none where they are known to live elsewhere. Refuses `NeedsMore`."""
    home, since = looking.find(RESIDENCE), looking.find(ADDRESS_SINCE)
    if home is not None:
        elsewhere = not is_here(home.division)
        return None if elsewhere else min(home.since, since or home.since)
    if since is None:
        registered = looking.find(DIVISION) is not None
        raise NeedsMore((ADDRESS_SINCE,) if registered else (DIVISION, ADDRESS_SINCE))
    return since
