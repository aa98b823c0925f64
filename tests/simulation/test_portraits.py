"""docs/citizens.md: what the rules say to ten citizens, as a caseworker would check it."""

from pathlib import Path
from typing import Final

import pytest

from simulation.citizens import AS_OF, TEN
from simulation.portraits import FILES, Language, Read, page

DOCS: Final = Path(__file__).parents[2] / "docs"
BY_NAME: Final = {one.name: one for one in TEN}


def read(name: str) -> Read:
    """A citizen with what their page says."""
    return Read.of(BY_NAME[name])


def codes(name: str) -> set[str]:
    """The codes on a citizen's agenda."""
    return {one.item.code for one in read(name).book.open()}


def answers(name: str) -> dict[str, str]:
    """How rules of entitlement answer for a citizen."""
    return {one.rule.name: one.answer for one in read(name).judged}


class TestPage:
    @pytest.mark.parametrize("language", list(FILES))
    def test_is_current(self, language: Language) -> None:
        written = (DOCS / FILES[language]).read_text(encoding="utf-8")

        assert written == page(language), "run `fuhai citizens`, and commit docs/"

    def test_tells_of_ten_of_all_ages(self) -> None:
        born = sorted(read(one.name).portrait.known["residents"]["birth_date"] for one in TEN)

        assert len(TEN) == 10
        assert (AS_OF.year - born[0].year, AS_OF.year - born[-1].year) == (80, 0)

    def test_is_in_one_language_but_for_names_and_sources(self) -> None:
        assert "**What comes next**" in page("en")
        assert "**接下来**" in page("zh")
        assert "**What" not in page("zh")


class TestCitizens:
    def test_a_newborn_is_registered_first_and_has_nothing_paid_before(self) -> None:
        assert "birth_household_registration" in codes("于安然")
        assert not any(code.startswith("childcare_subsidy") for code in codes("于安然"))
        assert answers("于安然")["childcare_subsidy"] == "no"

    def test_a_toddler_catches_up_and_is_paid(self) -> None:
        late = {one.item.code for one in read("林小满").book.open() if one.item.late}

        assert {"infant_immunization.mmr.1", "infant_immunization.dtp.3"} <= late
        assert answers("林小满")["childcare_subsidy"] == "yes"

    def test_a_child_born_before_the_cut_off_enters_school_next_autumn(self) -> None:
        assert "school_entry.primary" in codes("王一诺")
        assert answers("王一诺")["primary_school_admission"] == "yes_from"

    def test_a_girl_of_thirteen_is_offered_the_hpv_vaccine(self) -> None:
        assert "infant_immunization.hpv.1" in codes("李想")

    def test_a_boy_of_sixteen_applies_for_his_card(self) -> None:
        assert answers("陈晓东")["identity_card"] == "yes"

    def test_who_is_pregnant_has_visits_ahead_and_an_allowance(self) -> None:
        visits = {code for code in codes("张婷") if "visit" in code}

        assert len(visits) >= 3
        assert answers("张婷")["maternity_allowance"] == "yes_from"

    def test_who_drives_has_a_test_and_a_licence_to_renew(self) -> None:
        found = codes("刘强")

        assert any("inspection" in code or "mark" in code for code in found)
        assert answers("刘强")["driving_licence_renewal"] == "yes"

    def test_who_lost_work_is_asked_how_before_anything_is_promised(self) -> None:
        assert answers("孙丽")["unemployment_benefit"] == "unknown"
        assert answers("孙丽")["pension_earlier"] == "yes_from"

    def test_who_was_ill_is_covered_above_the_line(self) -> None:
        assert answers("周建国")["catastrophic_cover"] == "yes"
        assert answers("周建国")["home_to_inherit"] == "yes"

    def test_who_is_eighty_has_the_allowance(self) -> None:
        assert answers("吴秀英")["old_age_allowance"] == "yes"
        assert "old_age_allowance" in codes("吴秀英")
