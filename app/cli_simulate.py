"""`fuhai simulate`: a synthetic town lives through the real rules at an accelerated clock."""

import os
import time

import rich_click as click


@click.command()
@click.option("--people", default=2000, show_default=True, type=click.IntRange(2, 1_000_000), help="How many at first.")
@click.option("--years", default=80, show_default=True, type=click.IntRange(1, 150), help="How long it is simulated.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same town.")
@click.option("--sample", default=6, show_default=True, type=click.IntRange(0, 500), help="Families in real cases.")
@click.option(
    "--processes", default=os.cpu_count() or 1, show_default=True, type=click.IntRange(1, 64), help="At once."
)
def simulate(people: int, years: int, seed: int, sample: int, processes: int) -> None:
    """Let a town live through births, schools, jobs, marriages, moves, retirement and deaths by the real rules.

    What must always hold is checked each simulated month: every minor has a guardian, no dose comes before its time, no benefit is
    paid twice, no item of an agenda is lost, and money adds up. A sample of families goes through the real case engine. The exit
    code says whether all of it held; the last line sums it up, and is the same for the same seed.
    """
    from simulation import sample as cases
    from simulation.invariants import Broken
    from simulation.running import districts, lives, outcome

    begun = time.monotonic()
    try:
        found = outcome(list(lives(districts(people, years, seed), processes)))
        through = cases.run(sample, seed) if sample else {}
    except Broken as broken:
        raise click.ClickException(f"an invariant is broken: {broken}") from broken
    click.echo(f"{time.monotonic() - begun:.0f} s", err=True)
    for name, count in sorted(through.items()):
        click.echo(f"through the case engine: {count} {name}")
    for name, count in sorted(found.counted.items()):
        click.echo(f"in the town: {count} {name}")
    click.echo(f"clean: {people} people, {years} years, seed {seed}: digest {found.digest}")
