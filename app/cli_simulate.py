"""`fuhai simulate`: a synthetic town lives through the real rules at an accelerated clock."""

import os
import time

import rich_click as click


@click.command()
@click.option("--people", default=2000, show_default=True, type=click.IntRange(2, 1_000_000), help="How many at first.")
@click.option("--years", default=80, show_default=True, type=click.IntRange(1, 150), help="How long it is simulated.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same town.")
@click.option(
    "--processes", default=os.cpu_count() or 1, show_default=True, type=click.IntRange(1, 64), help="Side by side."
)
def simulate(people: int, years: int, seed: int, processes: int) -> None:
    """Let a town live through births, schools, jobs, marriages, moves, retirement and deaths by the real rules.

    What must always hold is checked each simulated month: every minor has a guardian, no dose comes before its time, no benefit is
    paid twice, no item of an agenda is lost, and money adds up. The exit code says whether it did; the last line sums it up.
    """
    from simulation.invariants import Broken
    from simulation.running import districts, lives, outcome

    begun = time.monotonic()
    plans = districts(people, years, seed)
    try:
        lived = []
        for plan, one in zip(plans, lives(plans, processes), strict=True):
            lived.append(one)
            click.echo(
                f"district {plan.seed}: {one.counted['living']} of {plan.people} and their children live, {one.digest[:16]}"
            )
    except Broken as broken:
        raise click.ClickException(f"an invariant is broken: {broken}") from broken
    found = outcome(lived)
    told = ", ".join(f"{count} {name}" for name, count in sorted(found.counted.items()))
    click.echo(f"{people} people, {years} years, seed {seed}: {told}")
    click.echo(f"clean: digest {found.digest}, {time.monotonic() - begun:.0f} s")
