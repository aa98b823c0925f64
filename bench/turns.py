"""Measuring acts beside their yardstick in the same run, in turns, so that whatever else the machine does hits all alike."""

import time
from collections.abc import Callable, Mapping

Act = Callable[[], object]


def in_turns(acts: Mapping[str, Act], *, rounds: int, times: int) -> dict[str, list[float]]:
    """How long each call of each act took, in milliseconds, sorted; a round calls every act `times` times."""
    took: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            for _ in range(times):
                start = time.perf_counter()
                act()
                took[name].append((time.perf_counter() - start) * 1_000)
    return {name: sorted(each) for name, each in took.items()}


def median(took: list[float]) -> float:
    """The median of sorted times."""
    return took[len(took) // 2]


def worst(took: list[float]) -> float:
    """The 99th percentile of sorted times."""
    return took[len(took) * 99 // 100]
