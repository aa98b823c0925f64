"""Running a town: its districts side by side, each with its own chance, so that the result is the same on any machine."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from typing import Final

import msgspec

from app.wired_agenda import agenda_rules_of_stages
from lifecycle.rules.ages import add_months
from simulation.town import District, Lived

BEGINS: Final = date(2026, 12, 1)
DISTRICTS: Final = 4
MONTHS: Final = 12


class Plan(msgspec.Struct, frozen=True):
    """What is to be simulated: a district's people, how many years, and its seed."""

    people: int
    years: int
    seed: str


class Outcome(msgspec.Struct, frozen=True):
    """How the whole town's life went."""

    counted: dict[str, int]
    digest: str


def districts(people: int, years: int, seed: int) -> list[Plan]:
    """Share a town's people out among its districts."""
    number = min(DISTRICTS, max(1, people // _FEWEST))
    shares = [people // number + (at < people % number) for at in range(number)]
    return [Plan(share, years, f"{seed}/{at}") for at, share in enumerate(shares)]


def run(plan: Plan) -> Lived:
    """Live through a district's years; refuses (`Broken`) where an invariant doesn't hold."""
    district = District(plan.people, plan.seed, BEGINS, agenda_rules_of_stages())
    for at in range(plan.years * MONTHS):
        district.live(add_months(BEGINS, at))
    return district.lived()


def lives(plans: list[Plan], processes: int) -> Iterator[Lived]:
    """Run districts side by side in so many processes; in their order."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(run, plans)


def outcome(lived: list[Lived]) -> Outcome:
    """A town's life from its districts'."""
    counted = sum((Counter(one.counted) for one in lived), Counter[str]())
    return Outcome(dict(counted), hashlib.sha256("".join(one.digest for one in lived).encode()).hexdigest()[:16])


_FEWEST: Final = 50
