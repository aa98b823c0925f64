"""Judging one rule for a person's facts on a day: the answer with the facts and the law that it rests on. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import msgspec

from app.kernel.words import Words
from lifecycle.entitlements.rules import EntitlementRule, entitlement_rules
from lifecycle.entitlements.verdicts import Answer, NeedsMore, Verdict, no
from lifecycle.rules.fact_kinds import DIED_ON
from lifecycle.rules.facts import FactDisputed, FactKind, FactMissing, Facts, Said
from lifecycle.rules.failing import Failure, RuleFailed
from lifecycle.rules.looking import Looking
from lifecycle.rules.parameters import Parameters, ParameterUnknown, Used

_DEAD: Final = Words(zh="已去世。", en="The person has died.")


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """How a rule answers. An unknown answer has no verdict: it `needs` facts, or a choice between `disputed` words, or a `figure` of law.

    Or the rule `failed` unforeseen. `again` is the next day on which it may be otherwise although no fact is.
    """

    rule: EntitlementRule
    as_of: date
    verdict: Verdict | None
    facts: tuple[Said[Any], ...] = ()
    law: tuple[Used, ...] = ()
    needs: tuple[FactKind[Any], ...] = ()
    disputed: tuple[Said[Any], ...] = ()
    figure: str = ""
    again: date | None = None
    failed: Failure | None = None

    @property
    def answer(self) -> Answer:
        """The answer in a word."""
        return "unknown" if self.verdict is None else self.verdict.answer

    @property
    def is_sure(self) -> bool:
        """Whether nothing that it rests on is only declared, and no figure is missing."""
        return self.verdict is not None and all(said.confidence != "declared" for said in self.facts)


def judge(rule: EntitlementRule, facts: Facts, as_of: date, parameters: Parameters | None = None) -> Judgement:
    """Judge one rule. One that fails unforeseen fails loudly, unless it is contained as registered ones are: then nothing is known."""
    looking = Looking(facts, as_of, parameters)
    needs: tuple[FactKind[Any], ...] = ()
    disputed: tuple[Said[Any], ...] = ()
    verdict, figure, failed = None, "", None
    try:
        verdict = _verdict(rule, looking)
    except NeedsMore as lacking:
        needs = lacking.kinds
    except FactMissing as lacking:
        needs = (lacking.kind,)
    except FactDisputed as dispute:
        needs, disputed = (dispute.kind,), dispute.said
    except ParameterUnknown as unknown:
        figure = str(unknown.facts.get("key", ""))
    except RuleFailed as failure:
        failed = failure.failure
    if verdict is not None and verdict.from_on is not None:
        looking.again(verdict.from_on)
    return Judgement(
        rule=rule,
        as_of=as_of,
        verdict=verdict,
        facts=looking.facts,
        law=looking.law.used,
        needs=needs,
        disputed=disputed,
        figure=figure,
        again=looking.next_change,
        failed=failed,
    )


def judge_all(facts: Facts, as_of: date, matter: str | None = None) -> list[Judgement]:
    """Judge every rule of a benefit, or all of a matter's."""
    return [judge(rule, facts, as_of) for rule in entitlement_rules(matter)]


def lacked(facts: Facts, as_of: date) -> Iterable[tuple[FactKind[Any], str | None]]:
    """Which facts rules lack, and for which matter."""
    for one in judge_all(facts, as_of):
        if not one.disputed:
            yield from ((kind, one.rule.matter) for kind in one.needs)


def _verdict(rule: EntitlementRule, looking: Looking) -> Verdict:
    if not rule.after_death and looking.find(DIED_ON) is not None:
        return no(_DEAD)
    return rule.work(looking)
