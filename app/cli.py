"""The `fuhai` command.

Each command imports what it runs when it runs: the tree of processes behind `make run` is small and starts at once,
since the rooms are imported by its children only.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import msgspec
import rich_click as click

from app import __version__
from app.cli_bench import bench
from app.cli_channel import channel
from app.cli_merchants import merchants
from app.cli_officers import officers
from app.cli_pki import pki
from app.cli_settlement import settlement
from app.cli_simulate import simulate
from app.cli_terminals import terminals
from app.embedded.errors import CannotRun
from app.kernel.settings import Settings, SettingUnknown, load


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fuhai")
def main() -> None:
    """Fuhai (福海): the backend that a city's citizens carry through life.

    Settings are FUHAI_* variables; docs/settings.md lists them.
    """
    try:
        load()
    except (SettingUnknown, msgspec.ValidationError) as refusal:
        raise click.ClickException(f"{refusal} (docs/settings.md)") from refusal


for _command in (bench, channel, merchants, officers, pki, settlement, simulate, terminals):
    main.add_command(_command)


@main.command()
@click.option(
    "--everything", is_flag=True, help="Also run PostgreSQL, the object store, the sandbox city and the worker."
)
def serve(*, everything: bool) -> None:
    """Run the HTTP server (with --everything: the whole product, as `make run` does)."""
    if everything:
        _plainly(_run_everything)
    else:
        from app.serving import serve as serve_http

        serve_http(_settled())


@main.command()
def worker() -> None:
    """Deliver events and run jobs."""
    from app.working import work

    asyncio.run(work(_settled()))


@main.command()
def migrate() -> None:
    """Bring database, keys, certificates and catalogue up to date; safe to repeat."""
    from app.preparing import bring_up_to_date

    asyncio.run(bring_up_to_date(_settled()))


@main.command()
@click.option("--people", type=click.IntRange(min=4), help="How many people live there.")
@click.option("--seed", type=int, help="The same seed gives the same city.")
@click.option("--check", "checks", is_flag=True, help="Only draw the city, and say whether it agrees with itself.")
def city(people: int | None, seed: int | None, *, checks: bool) -> None:
    """Run the sandbox city, which plays every outside party."""
    settings = _settled()
    chosen = msgspec.structs.replace(
        settings, city_people=people or settings.city_people, city_seed=settings.city_seed if seed is None else seed
    )
    if checks:
        _check_city(chosen.city_seed, chosen.city_people)
    from integrations.city.server import run

    run(chosen)


def _check_city(seed: int, people: int) -> NoReturn:
    from integrations.city.consistency import check as checked
    from integrations.city.consistency import lines
    from integrations.city.drawing import draw

    report = checked(draw(seed, people))
    for line in lines(report):
        click.echo(line)
    sys.exit(1 if report.violations else 0)


@main.command()
@click.option(
    "--output", type=click.Path(path_type=Path), default=Path("openapi/fuhai.json"), help="Where to write it."
)
@click.option("--check", is_flag=True, help="Only say whether the file is current.")
def contract(output: Path, *, check: bool) -> None:
    """Export the API's contract (OpenAPI 3.1)."""
    from app.contract import text as exported
    from app.main import create_app

    _write_or_check(output, exported(create_app()), "contract", check=check)


@main.command()
@click.option("--output", type=click.Path(path_type=Path), default=Path("docs/services.md"), help="Where to write it.")
@click.option("--check", is_flag=True, help="Only say whether the file is current.")
def services(output: Path, *, check: bool) -> None:
    """Write the table of every matter, and which of its kinds work today."""
    from lifecycle.catalogue.published import from_files
    from lifecycle.catalogue.table import services as table

    _write_or_check(output, table(from_files()), "services", check=check)


@main.command()
@click.option("--output", type=click.Path(path_type=Path), default=Path("docs"), help="The folder to write to.")
@click.option("--check", is_flag=True, help="Only say whether the files are current.")
def citizens(output: Path, *, check: bool) -> None:
    """Write what the life page says to ten citizens, and why, in both languages."""
    from simulation.portraits import FILES, page

    for language, name in FILES.items():
        _write_or_check(output / name, page(language), "citizens", check=check)


def _write_or_check(output: Path, text: str, command: str, *, check: bool) -> None:
    """Write a generated file, or say whether it is current."""
    if not check:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    elif not output.exists() or output.read_text(encoding="utf-8") != text:
        click.echo(f"{output} isn't current: run `fuhai {command}`.")
        sys.exit(1)
    click.echo(f"{output} is current.")


@main.group(invoke_without_command=True)
@click.pass_context
def check(context: click.Context) -> None:
    """Look at database, store, clock, certificates, catalogue and ledger, and say what is wrong; or at the ledger alone (`ledger`), or at a file of the sealed log (`log`)."""
    if context.invoked_subcommand is not None:
        return
    from app.checking import findings as found

    findings = asyncio.run(found(_settled()))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.good else 'BAD '} {finding.what}: {finding.detail}")
    sys.exit(0 if all(finding.good for finding in findings) else 1)


@check.command(name="log")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--ca",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The root authority's certificate, PEM, as you got it from where you trust (GET /pki/ca.pem).",
)
@click.option(
    "--kept",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint's note that you kept from before; may be given several times.",
)
def check_log(files: tuple[Path, ...], ca: Path, kept: tuple[Path, ...]) -> None:
    """Verify a file of the whole sealed log, or the pages of a citizen's proof, without database and network."""
    from app.audit.log_reading import check_files

    report = check_files(files, ca, kept)
    for fact in report.facts:
        click.echo(f"ok   {fact}")
    for flaw in report.flaws:
        click.echo(f"BAD  {flaw.kind}: {flaw.said}")
    sys.exit(1 if report.flaws else 0)


@check.command(name="ledger")
@click.option(
    "--every-transfer",
    is_flag=True,
    help="Compare every transfer of every closed day with its digest; else those of the last.",
)
def check_ledger(*, every_transfer: bool) -> None:
    """Prove the ledger: every account is the sum of its transfers, the total is zero, and no closed day was changed."""
    from app.card import checking
    from app.cli_database import with_database

    try:
        proof = with_database(lambda _: checking.check_ledger(every_transfer=every_transfer))
        click.echo(f"ok   ledger: {checking.told(proof)}")
    except checking.LedgerWrong as wrong:
        click.echo(f"BAD  ledger: {wrong}")
        sys.exit(1)


@main.group()
def export() -> None:
    """Write what the product holds into a file."""


@export.command(name="log")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_log(file: Path) -> None:
    """Write the whole sealed log, which `fuhai check log` verifies. It says who acted on whom: keep it as what it is."""
    from app.audit.log_reading import write_log
    from app.kernel.errors import Refusal
    from app.wiring import connect

    settings = _settled()
    connect(settings)
    try:
        size = asyncio.run(write_log(settings, file))
    except Refusal as refusal:
        raise click.ClickException(refusal.title.en) from refusal
    click.echo(f"{size} bytes in {file}")


@main.command(add_help_option=False, context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def demo(arguments: tuple[str, ...]) -> None:
    """Live through a citizen's whole day from outside, against a running server."""
    from demo.day import demo as day

    day.main(arguments, prog_name="fuhai demo")


@main.command(add_help_option=False, context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def terminal(arguments: tuple[str, ...]) -> None:
    """Play a terminal from outside, against a running server: a till, a bus, a thief."""
    from terminal_simulator.commands import terminal as played

    played.main(arguments, prog_name="fuhai terminal")


@main.command()
@click.argument("person", type=click.UUID)
@click.option("--reference", required=True, help="The number of the order that asks for it; it stands in the log.")
def retained(person: UUID, reference: str) -> None:
    """Print, as JSON, what a law retains of an erased PERSON (their id)."""
    from app.key_commands import print_retained

    asyncio.run(print_retained(_settled(), person, reference))


@main.group()
def keys() -> None:
    """Rotate the master key, and retire its older versions."""


@keys.command("show")
def show_keys() -> None:
    """Say which versions there are, and what still lies under the older ones."""
    from app.key_commands import show

    asyncio.run(show(_settled()))


@keys.command("rotate")
def rotate_keys() -> None:
    """Add a version that seals from now on; the worker seals everything anew under it."""
    from app.key_commands import rotate

    asyncio.run(rotate(_settled()))


@keys.command("retire")
@click.argument("version", type=click.IntRange(min=1))
def retire_key(version: int) -> None:
    """Destroy an older VERSION for good; refused while anything still needs it."""
    from app.key_commands import retire

    asyncio.run(retire(_settled(), version))


def _settled() -> Settings:
    """The settings of this process with the embedded servers' addresses; its log is set up."""
    from app.embedded.addresses import settle
    from app.kernel import logs

    logs.configure(load())
    return settle()


def _run_everything(settings: Settings) -> None:
    from app.announcing import announce
    from app.embedded.processes import run_everything

    run_everything(settings, lambda: announce(settings))


def _plainly(run: Callable[[Settings], None]) -> None:
    """Run something; where it can't, say so in one plain sentence."""
    try:
        run(load())
    except CannotRun as refusal:
        click.echo(f"{refusal.words.zh}\n{refusal.words.en}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main(prog_name="fuhai")
