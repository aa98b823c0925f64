"""What there is to do after a death in the family, on the agenda of the closest who survive: spouse, else grown children, else parents. Pure.

Where the register says it, not by what the dead owned or drew: that stays theirs. The home has an item of its own (`housing`). A death
that the person took back ("don't go by it") asks nothing of them. No case tells that these are done, since a case names no dead: by hand.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from app.kernel.calendar import CalendarUnknown, add_working_days
from app.kernel.words import Words
from lifecycle.agenda.items import AgendaRule, Item, reading
from lifecycle.rules.ages import Span, birthday_on
from lifecycle.rules.family_kinds import BEREAVEMENTS, DEATHS_TAKEN_BACK, Bereavement, Relative
from lifecycle.rules.looking import Looking
from lifecycle.social_security.bereavement_words import ERRANDS, Errand

_RELATIVES: Final[dict[Relative, Words]] = {
    "spouse": Words(zh="配偶", en="spouse"),
    "parent": Words(zh="父亲或母亲", en="parent"),
    "child": Words(zh="子女", en="child"),
}
_AGES: Final = {"worker": "age.work", "at_work": "age.work", "grown_up": "age.capacity_full"}


def after_a_death(looking: Looking) -> Iterable[Item]:
    """What is to be done for each relative who died, as long as it is shown."""
    lost = looking.find(BEREAVEMENTS) or ()
    taken_back = looking.find(DEATHS_TAKEN_BACK) or ()
    for one in lost:
        if one.survives != "relative" and one.died_on not in taken_back:
            yield from _errands(one, looking)


def _errands(one: Bereavement, looking: Looking) -> Iterable[Item]:
    ends = Span.read(looking.law.text("bereavement.shown_for")).after(one.died_on)
    for errand in ERRANDS:
        if (errand.own_right or one.survives == "closest") and _concerns(errand, one, looking):
            yield _item(errand, one, _due(errand, one.died_on, looking), ends)


def _item(errand: Errand, one: Bereavement, due: date | None, ends: date) -> Item:
    who = _RELATIVES[one.relation]
    return Item(
        code=f"bereavement.{errand.code}.{one.relative.hex}",
        matter=errand.matter,
        title=Words(zh=f"{errand.title.zh}（{who.zh}去世）", en=f"{errand.title.en} (death of a {who.en})"),
        why=Words(
            zh=f"{who.zh}于{one.died_on}去世。{errand.why.zh}",
            en=f"The {who.en} died on {one.died_on}. {errand.why.en}",
        ),
        opens=one.died_on,
        due=due,
        lapses=ends,
        by_case=False,
    )


def _due(errand: Errand, died_on: date, looking: Looking) -> date | None:
    """The last day that the law names; none where it names none, or the working days of that year aren't published."""
    match errand.due:
        case "deregister":
            return Span.read(looking.law.text("bereavement.deregister_within")).after(died_on)
        case "injury":
            return Span.read(looking.law.text("bereavement.work_injury_within")).after(died_on)
        case "bureau":
            try:
                return add_working_days(died_on, looking.law.number("bereavement.tell_bureau_working_days"))
            except CalendarUnknown:
                return None
        case _:
            return None


def _concerns(errand: Errand, one: Bereavement, looking: Looking) -> bool:
    """Whether it is asked of somebody of that age; of whom no day of birth is known, everything is."""
    age = _AGES.get(errand.concerns)
    if age is None or one.birth_date is None:
        return True
    if one.died_on < birthday_on(one.birth_date, looking.law.number(age), looking.law):
        return False
    if errand.concerns != "at_work":
        return True
    return one.died_on < birthday_on(one.birth_date, looking.law.number("bereavement.working_until_age"), looking.law)


RULES: Final = (AgendaRule("social_security.after_a_death", "social_security", reading("family", after_a_death)),)
