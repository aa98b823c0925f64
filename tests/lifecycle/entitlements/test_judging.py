"""How a rule is judged: nothing is guessed, both words of a dispute are shown, and a promised day is kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.words import Words
from lifecycle.entitlements import rules
from lifecycle.entitlements.judging import judge, judge_all, lacked
from lifecycle.entitlements.rules import EntitlementRule, entitlement_rule
from lifecycle.entitlements.verdicts import Verdict
from lifecycle.rules.declared_kinds import (
    MEDICAL_SCHEME,
    RESIDENT_PENSION_MONTHS,
)
from lifecycle.rules.fact_kinds import (
    BIRTH_DATE,
    DIED_ON,
    DRIVING,
    INSURED,
    JOB,
    MARITAL_STATUS,
    PREGNANCY,
    SEX,
    WAGE_FEN,
    WORKER_KIND,
    Driving,
    Insured,
    Job,
    Pregnancy,
)
from lifecycle.rules.facts import Facts, Said
from lifecycle.rules.looking import Looking
from tests.makers.facts import (
    ADULT,
    AS_OF,
    DAY,
    RULES,
    Known,
    a_person,
    aged,
    facts,
    keeps_its_word,
)


class TestJudging:
    @pytest.mark.parametrize("name", sorted(RULES))
    def test_without_any_fact_guesses_nothing(self, name: str) -> None:
        found = judge(RULES[name], Facts(), AS_OF)

        if RULES[name].gives == "service" and found.answer == "yes":
            assert not found.facts
        else:
            assert found.answer == "unknown"
            assert found.needs

    @pytest.mark.parametrize("name", sorted(RULES))
    def test_of_the_dead_answers_no(self, name: str) -> None:
        assert judge(RULES[name], aged(85, more={DIED_ON: DAY}), AS_OF).answer == "no"

    @pytest.mark.parametrize("name", sorted(RULES))
    def test_where_equals_disagree_shows_both(self, name: str) -> None:
        known = aged(85).also(
            Said(BIRTH_DATE.name, date(1999, 9, 9), "other", DAY, "told"), Said(SEX.name, "male", "other", DAY, "told")
        )
        found = judge(RULES[name], known, AS_OF)

        if found.disputed:
            assert found.answer == "unknown"
            assert {one.source for one in found.disputed} == {"tests", "other"}
        else:
            assert not {one.kind for one in found.facts} & {BIRTH_DATE.name, SEX.name}

    def test_the_surer_source_holds(self) -> None:
        known = aged(85).also(Said(BIRTH_DATE.name, date(1999, 9, 9), "gaj", DAY, "registered"))

        assert judge(RULES["old_age_allowance"], known, AS_OF).answer == "yes_from"

    def test_names_facts_and_law(self) -> None:
        found = judge(RULES["old_age_allowance"], aged(85), AS_OF)

        assert {one.kind for one in found.facts} == {"birth_date", "division", "registered"}
        assert "old_age_allowance.steps" in {one.key for one in found.law}

    @pytest.mark.usefixtures("app")
    def test_says_what_is_missing_and_for_which_matter(self) -> None:
        found = {(kind.name, matter) for kind, matter in lacked(a_person(ADULT), AS_OF)}

        assert ("household_income_fen", "social_assistance_info") in found
        assert ("driving", "driver_service") in found

    @pytest.mark.usefixtures("app")
    def test_every_rule_is_registered(self) -> None:
        assert len(judge_all(Facts(), AS_OF)) >= sum(rule.gives == "benefit" for rule in RULES.values())
        assert entitlement_rule("marriage").matter == "marriage_registration"

    @given(
        born=st.dates(date(1925, 1, 1), AS_OF),
        sex=st.sampled_from(["male", "female"]),
        months=st.integers(0, 480),
        ahead=st.integers(0, 4000),
    )
    def test_a_promised_day_is_kept(self, born: date, sex: str, months: int, ahead: int) -> None:
        """Whoever is told `yes from` a day is told yes on it by the same facts, however they were born and whenever they ask."""
        more: Known = {
            INSURED: Insured(months, DAY),
            WORKER_KIND: "man" if sex == "male" else "woman_worker" if months % 2 else "woman_cadre",
            RESIDENT_PENSION_MONTHS: months,
            MARITAL_STATUS: "single",
            JOB: Job(date(2020, 1, 1)),
            PREGNANCY: Pregnancy(date(2026, 8, 1)),
            MEDICAL_SCHEME: "employee",
            WAGE_FEN: 660_000,
            DRIVING: Driving(date(2020, 5, 18), date(2028, 5, 18), "C1", months % 15),
        }
        known = a_person(born, more, sex)
        for rule in RULES.values():
            keeps_its_word(rule, known, AS_OF + timedelta(days=ahead))

    @given(born=st.dates(date(1925, 1, 1), AS_OF), days=st.integers(1, 1500))
    def test_an_answer_holds_until_the_day_on_which_it_says_that_it_changes(self, born: date, days: int) -> None:
        known = a_person(
            born, {MARITAL_STATUS: "single", RESIDENT_PENSION_MONTHS: 200, INSURED: Insured(300, DAY)}, "male"
        )
        for name in ("old_age_allowance", "childcare_subsidy", "newborn_insurance", "pension_of_residents", "marriage"):
            now = judge(RULES[name], known, AS_OF)
            day = AS_OF + timedelta(days=days)
            if now.again is None or day < now.again:
                then = judge(RULES[name], known, day)
                assert (then.answer, then.verdict and then.verdict.period) == (
                    now.answer,
                    now.verdict and now.verdict.period,
                )


def test_facts_of_two_sources_stay_apart() -> None:
    assert len(facts({SEX: "male"}).also(*facts({SEX: "female"}, by="other").said()).all(SEX)) == 2


class TestARuleThatFails:
    def test_is_loud_by_itself_and_unknown_where_it_is_registered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def breaks(looking: Looking) -> Verdict:
            looking.find(BIRTH_DATE)
            raise ZeroDivisionError

        words = Words(zh="试", en="Test")
        rule = EntitlementRule(name="breaks", matter=None, stage="", title=words, law=words, work=breaks)
        monkeypatch.setitem(rules._RULES, "breaks", rule)
        known = facts({BIRTH_DATE: date(1990, 1, 1)})

        with pytest.raises(ZeroDivisionError):
            judge(rule, known, AS_OF)
        found = {one.rule.name: one for one in judge_all(known, AS_OF)}

        assert found["breaks"].answer == "unknown"
        assert found["breaks"].failed is not None
        assert found["breaks"].failed.error == "ZeroDivisionError"
        assert len(found) > 1
