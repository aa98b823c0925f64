"""Every matter of the catalogue says to whom it is open, by rules that answer whoever they are asked about."""

from collections import defaultdict
from datetime import date
from typing import Final

import pytest

from app.kernel.words import Words
from lifecycle.catalogue.published import from_files
from lifecycle.entitlements.judging import Judgement, judge
from lifecycle.entitlements.reading import view
from lifecycle.rules.facts import Facts
from lifecycle.rules.parameters import shipped
from simulation.citizens import AS_OF, TEN
from tests.makers.facts import BY_DAY, RULES, keeps_its_word

FOUR_YEARS: Final = date(2030, 11, 29)


def said(one: Judgement) -> list[Words]:
    """All that an answer says in words."""
    found = [one.rule.title, one.rule.law, *(kind.title for kind in one.needs)]
    if one.verdict is not None:
        found += [one.verdict.because, *one.verdict.steps]
        found += [one.verdict.would_be_if] if one.verdict.would_be_if else []
    return found


def in_both_languages(one: Judgement) -> bool:
    """Whether whatever an answer says is said in Chinese and in English."""
    return all(
        _is_chinese(words.zh) and any(letter.isascii() and letter.isalpha() for letter in words.en)
        for words in said(one)
    )


def _is_chinese(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)


def names_what_it_needs(one: Judgement) -> bool:
    """Whether an unknown answer says what is missing, and a known one asks for nothing."""
    return bool(one.needs or one.disputed or one.figure) == (one.answer == "unknown")


def test_every_matter_has_a_rule() -> None:
    """A matter without one would leave people to read prose."""
    ruled = defaultdict(list)
    for rule in RULES.values():
        ruled[rule.matter].append(rule.name)

    assert [one.code for one in from_files().matters if one.code not in ruled] == []


def test_rules_are_of_matters_in_their_own_stage() -> None:
    """What is open is said by the stage whose matter it is."""
    stages = {one.code: one.stage for one in from_files().matters}

    assert [rule.name for rule in RULES.values() if rule.matter and stages.get(rule.matter) != rule.stage] == []


def test_a_service_pays_nothing() -> None:
    """What pays is a benefit, and is listed."""
    services = [rule for rule in RULES.values() if rule.gives == "service"]
    verdicts = [judge(rule, one.facts, AS_OF).verdict for rule in services for one in TEN]

    assert all(verdict is None or verdict.amount is None for verdict in verdicts)
    assert not any(rule.without_application for rule in services)


@pytest.mark.parametrize("name", sorted(RULES))
class TestAnswers:
    def test_of_whom_nothing_is_known(self, name: str) -> None:
        found = judge(RULES[name], Facts(), AS_OF)

        assert found.answer in {"yes", "unknown"}
        assert found.answer == "unknown" or RULES[name].gives == "service"
        assert names_what_it_needs(found)
        assert in_both_languages(found)
        assert view(found).code == name

    @pytest.mark.parametrize("as_of", [AS_OF, date(2027, 3, 1), date(2031, 7, 1), date(2045, 12, 31)])
    def test_of_the_ten_citizens(self, name: str, as_of: date) -> None:
        """Years on as well, a rule answers and keeps the day that it promises, or names what is missing, be it a figure."""
        for person in TEN:
            found = keeps_its_word(RULES[name], person.facts, as_of)

            assert names_what_it_needs(found), person.name
            assert in_both_languages(found), person.name
            assert view(found).answer == found.answer, person.name

    def test_holds_until_the_day_on_which_it_says_that_it_changes(self, name: str) -> None:
        """Of the ten citizens, over four years, by the law that is on file."""
        for person in TEN:
            now = judge(RULES[name], person.facts, AS_OF)
            last = FOUR_YEARS if now.again is None else min(now.again - BY_DAY, FOUR_YEARS)
            then = judge(RULES[name], person.facts, last)

            assert then.figure or then.answer == now.answer, (person.name, now.again)


def test_no_rule_rests_on_an_unnamed_source() -> None:
    """Every figure that an answer used says where it is from."""
    used = [each for rule in RULES.values() for one in TEN for each in judge(rule, one.facts, AS_OF, shipped()).law]

    assert used
    assert all(each.source and each.verified_on <= AS_OF for each in used)
