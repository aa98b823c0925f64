"""The social security party (RSJ) on injuries at work: recognised within the law's days, graded once they have healed."""

from datetime import date, timedelta
from random import Random
from typing import Final

from integrations.city.chance import one_in, percent, weighted
from integrations.city.days import years_after
from integrations.city.employment import Employment, work
from integrations.city.people import Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, of_person
from integrations.city.world import City
from integrations.departments.work_injuries import Appraisal, SelfCare, WorkInjuries, WorkInjury

WORK_INJURY: Final = "410"
APPLY_WITHIN_DAYS: Final = 30
"""For the employer to ask for recognition (工伤保险条例 art. 17)."""
RECOGNISE_WITHIN_DAYS: Final = 60
"""After the application (art. 20)."""
APPRAISE_WITHIN_DAYS: Final = 60
"""After the application (art. 25)."""
AGAIN_WITHIN_DAYS: Final = 15
"""To ask the province's committee for another appraisal (art. 26)."""
REVIEW_AFTER_YEARS: Final = 1
"""From then on a change may be reviewed (art. 28)."""
_ONE_IN: Final = 40
_LOOKED_BACK_YEARS: Final = 10
_APPRAISED_PERCENT: Final = 80
_INJURIES: Final = (
    "右手中指骨折",
    "左腕部骨折",
    "腰部扭挫伤",
    "右足跖骨骨折",
    "左膝半月板损伤",
    "面部裂伤",
    "右前臂烧伤",
)
_GRADES: Final = ((10, 40), (9, 25), (8, 14), (7, 8), (6, 5), (5, 3), (4, 2), (3, 1), (2, 1), (1, 1))
_SELF_CARE: Final[dict[int, SelfCare]] = {1: "full", 2: "most", 3: "part", 4: "part"}


def work_injuries(city: City, person: Person) -> WorkInjuries | None:
    """Tell the injuries of who is insured against them; of all others the register knows nothing."""
    known = work(city.population, person)
    if known is None or all(one.insurance_code != WORK_INJURY for one in known.contributions):
        return None
    injury = _injury(city.population, person, known.employment) if known.employment else None
    return WorkInjuries((injury,) if injury else ())


def _injury(population: Population, person: Person, job: Employment) -> WorkInjury | None:
    """Draw an injury in the present job, if it was recognised by the reference day."""
    dice = population.dice("work injury", person.id_number)
    since = max(job.since, years_after(REFERENCE, -_LOOKED_BACK_YEARS))
    days = (REFERENCE - since).days
    if not one_in(dice, _ONE_IN) or days <= 0:
        return None
    injured = _later(since, dice, days)
    recognised = _later(_later(injured, dice, APPLY_WITHIN_DAYS), dice, RECOGNISE_WITHIN_DAYS)
    if recognised > REFERENCE:
        return None
    appraisal = _appraisal(recognised, dice)
    concluded = appraisal is not None and appraisal.concluded_on is not None
    return WorkInjury(
        case_no=f"GS{person.division_code}-{recognised.year}-{person.id_number[8:17]}",
        employer=job.employer.name,
        injured_on=injured,
        injury=dice.choice(_INJURIES),
        recognised_on=recognised,
        stage="recognised" if appraisal is None else "concluded" if concluded else "appraising",
        appraisal=appraisal,
    )


def _appraisal(recognised: date, dice: Random) -> Appraisal | None:
    """Draw the appraisal, asked for once the injury was stable, if that was before the reference day."""
    asked = percent(dice, _APPRAISED_PERCENT)
    applied = _later(recognised + timedelta(days=APPLY_WITHIN_DAYS), dice, 300)
    concluded = _later(applied, dice, APPRAISE_WITHIN_DAYS)
    grade = weighted(dice, _GRADES)
    if not asked or applied > REFERENCE:
        return None
    known = concluded <= REFERENCE
    return Appraisal(
        applied_on=applied,
        due_on=applied + timedelta(days=APPRAISE_WITHIN_DAYS),
        concluded_on=concluded if known else None,
        grade=grade if known else None,
        self_care=_SELF_CARE.get(grade, "none") if known else None,
        again_until=concluded + timedelta(days=AGAIN_WITHIN_DAYS) if known else None,
        review_from=years_after(concluded, REVIEW_AFTER_YEARS) if known else None,
    )


def _later(day: date, dice: Random, most: int) -> date:
    """Give a day after another one, so many days later at the most."""
    return day + timedelta(days=1 + dice.randrange(most))


SERVICES: Final[dict[str, Service]] = {"work_injuries": of_person(work_injuries)}
