"""The synthetic town: the same for the same seed, whole in every month, and loud when it isn't."""

from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from app.cli import main
from app.wired_agenda import agenda_rules_of_stages
from lifecycle.agenda.book import progress
from lifecycle.agenda.outlook import look
from lifecycle.rules.ages import add_months
from lifecycle.rules.immunisation import Given
from simulation import invariants, sample
from simulation.fund import Fund
from simulation.invariants import Broken
from simulation.people import Inhabitant
from simulation.running import BEGINS, Plan, districts, outcome, run
from simulation.town import District


def a_district(people: int = 40) -> District:
    """A small district before its first month."""
    return District(people, "tests", BEGINS, agenda_rules_of_stages())


def a_child(district: District) -> Inhabitant:
    """The youngest of a district."""
    return max(district.living, key=lambda one: one.born)


class TestTown:
    def test_is_the_same_for_the_same_seed_and_another_for_another(self) -> None:
        lives = [run(Plan(30, 3, seed)) for seed in ("1/0", "1/0", "2/0")]

        assert lives[0] == lives[1]
        assert lives[0].digest != lives[2].digest

    def test_lives_on_whole(self) -> None:
        district = a_district(60)
        for at in range(36):
            district.live(add_months(BEGINS, at))

        counted = district.lived().counted
        assert counted["living"] > 0
        assert counted["looks"] > counted["living"]
        assert counted["benefits"] > 0
        assert counted["repeats refused"] > 0

    @pytest.mark.parametrize(("people", "shares"), [(2, [2]), (101, [51, 50]), (2000, [500] * 4)])
    def test_is_shared_out_among_districts(self, people: int, shares: list[int]) -> None:
        assert [plan.people for plan in districts(people, 1, 1)] == shares

    def test_adds_up_from_its_districts(self) -> None:
        lives = [run(Plan(20, 1, f"1/{at}")) for at in range(2)]

        found = outcome(lives)

        assert found.counted["living"] == sum(one.counted["living"] for one in lives)
        assert found.digest == outcome(lives).digest != outcome(lives[::-1]).digest


class TestInvariants:
    def test_a_minor_without_a_guardian_is_found(self) -> None:
        district = a_district()
        a_child(district).guardians = []

        with pytest.raises(Broken, match="no guardian"):
            invariants.month_is_whole(district.living, BEGINS, district.fund)

    def test_money_out_of_nothing_is_found(self) -> None:
        fund = Fund()
        fund.balances["people"] += 1

        with pytest.raises(Broken, match="add up"):
            invariants.month_is_whole([], BEGINS, fund)

    def test_a_benefit_beside_the_books_is_found(self) -> None:
        fund, district = Fund(), a_district()
        fund.move("fund.pension", "people", 100)

        with pytest.raises(Broken, match="differ"):
            invariants.month_is_whole(district.living, BEGINS, fund)

    def test_a_benefit_is_paid_once(self) -> None:
        fund, one = Fund(), a_district().living[0]

        assert [fund.pay_benefit(one.id, "pension", "2026-12", 100) for _ in range(2)] == [True, False]
        assert (fund.balances["people"], fund.repeats) == (100, 1)

    def test_a_dose_before_its_time_is_found(self) -> None:
        child = a_child(a_district())
        child.born = date(2026, 6, 1)
        child.doses = [Given(date(2026, 6, 1), "HepB"), early := Given(date(2026, 6, 30), "HepB")]

        with pytest.raises(Broken, match="not possible before 2026-07-01"):
            invariants.doses_are_timely(child, [early])

    def test_an_item_that_vanished_is_found(self) -> None:
        one, day = a_child(a_district()), date(2026, 12, 31)
        one.born, one.registered = date(2026, 12, 1), False
        before, reminders = progress(None, look(agenda_rules_of_stages(), one.facts(day), day), day)
        after, _ = progress(None, look((), one.facts(day), day), day + timedelta(days=1))

        invariants.nothing_is_lost(one, None, before, reminders)
        with pytest.raises(Broken, match="lost"):
            invariants.nothing_is_lost(one, before, after, ())

    def test_the_dead_with_something_to_do_are_found(self) -> None:
        one, day = a_child(a_district()), date(2026, 12, 31)
        one.born, one.registered = date(2026, 12, 1), False
        one.book, _ = progress(None, look(agenda_rules_of_stages(), one.facts(day), day), day)

        with pytest.raises(Broken, match="died"):
            invariants.dead_rest(one)


class TestCommand:
    def test_ends_with_a_summary(self) -> None:
        said = CliRunner().invoke(
            main, ["simulate", "--people", "20", "--years", "1", "--sample", "0", "--processes", "1"]
        )

        assert said.exit_code == 0, said.output
        assert said.stdout.splitlines()[-1].startswith("clean: 20 people, 1 years, seed 1: digest ")

    def test_fails_where_an_invariant_is_broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(_plans: object, _processes: object) -> object:
            raise Broken("money doesn't add up")

        monkeypatch.setattr("simulation.running.lives", broken)
        said = CliRunner().invoke(main, ["simulate", "--people", "20", "--years", "1"])

        assert said.exit_code != 0
        assert "money doesn't add up" in said.output


@pytest.mark.long
class TestSample:
    def test_goes_through_the_real_case_engine(self) -> None:
        assert sample.run(3, 1) == {"births": 3, "cases issued": 3}
