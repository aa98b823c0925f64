"""Rules that are put together from conditions, each a rule itself. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from app.kernel.words import Words
from lifecycle.entitlements.verdicts import NeedsMore, Verdict, no, yes, yes_from
from lifecycle.rules.facts import FactKind, FactMissing
from lifecycle.rules.looking import Looking

Work = Callable[[Looking], Verdict]


def every(*conditions: Work) -> Work:
    """All conditions at once: the first that isn't met says no, whatever else is unknown; what is lacked is asked for together.

    Where some are met from a day on, all are from the latest of them on, if none has ended by then.
    """

    def work(looking: Looking) -> Verdict:
        met: list[Verdict] = []
        lacked: dict[str, FactKind[Any]] = {}
        for condition in conditions:
            try:
                verdict = condition(looking)
            except FactMissing as missing:
                kinds = missing.kinds if isinstance(missing, NeedsMore) else (missing.kind,)
                lacked |= {kind.name: kind for kind in kinds}
                continue
            if verdict.answer == "no":
                return verdict
            met.append(verdict)
        if lacked:
            raise NeedsMore(tuple(lacked.values()))
        return _together(met)

    return work


def noting(work: Work, *steps: Words) -> Work:
    """A rule whose every answer also says what somebody else looks at, or how to go about it."""

    def noted(looking: Looking) -> Verdict:
        verdict = work(looking)
        return msgspec.structs.replace(verdict, steps=(*verdict.steps, *steps))

    return noted


def open_to(because: Words, *steps: Words) -> Work:
    """Open without anything being known of somebody, to whom the words say; `steps` are what is judged elsewhere."""
    return lambda _: yes(because, steps=steps)


def _together(met: Sequence[Verdict]) -> Verdict:
    steps = tuple(dict.fromkeys(step for one in met for step in one.steps))
    until = min((one.until for one in met if one.until is not None), default=None)
    waiting = [one for one in met if one.from_on is not None]
    latest = max((one.from_on for one in waiting if one.from_on is not None), default=None)
    if latest is None:
        return yes(_joined(one.because for one in met), until=until, steps=steps)
    because = _joined(one.because for one in waiting)
    if until is not None and until < latest:
        return no(because, steps=steps)
    return yes_from(latest, because, steps=steps)


def _joined(words: Iterable[Words]) -> Words:
    said = tuple(dict.fromkeys(words))
    return Words(zh="".join(one.zh for one in said), en=" ".join(one.en for one in said))
