"""The `fuhai` command.

Each command imports what it runs when it runs: the tree of processes behind `make run` is small and starts at once,
since the rooms are imported by its children only.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import rich_click as click

from app import __version__
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
def city(people: int | None, seed: int | None) -> None:
    """Run the sandbox city, which plays every outside party."""
    from integrations.city.server import run

    settings = _settled()
    chosen = msgspec.structs.replace(
        settings, city_people=people or settings.city_people, city_seed=settings.city_seed if seed is None else seed
    )
    run(chosen)


@main.command()
@click.option(
    "--output", type=click.Path(path_type=Path), default=Path("openapi/fuhai.json"), help="Where to write it."
)
@click.option("--check", is_flag=True, help="Only say whether the file is current.")
def contract(output: Path, *, check: bool) -> None:
    """Export the API's contract (OpenAPI 3.1)."""
    from app.contract import text as exported
    from app.main import create_app

    text = exported(create_app())
    if check:
        if not output.exists() or output.read_text(encoding="utf-8") != text:
            click.echo(f"{output} isn't current: run `fuhai contract`.")
            sys.exit(1)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    click.echo(f"{output} is current.")


@main.command()
def check() -> None:
    """Look at database, store, clock, certificates, catalogue and ledger, and say what is wrong."""
    from app.checking import findings as found

    findings = asyncio.run(found(_settled()))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.good else 'BAD '} {finding.what}: {finding.detail}")
    sys.exit(0 if all(finding.good for finding in findings) else 1)


@main.command(add_help_option=False, context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def demo(arguments: tuple[str, ...]) -> None:
    """Live through a citizen's whole day from outside, against a running server."""
    from demo.day import demo as day

    day.main(arguments, prog_name="fuhai demo")


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
