"""`fuhai settlement`: settling days by hand, and their files."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import rich_click as click

from app.cli_database import with_database
from app.kernel.settings import Settings

if TYPE_CHECKING:
    from integrations.object_store.port import ObjectStore

T = TypeVar("T")
_DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.group()
def settlement() -> None:
    """What merchants are paid for their days, and the sealed files of it."""


@settlement.command()
@click.option("--day", type=_DAY, help="A business day that is over; without it, every day that is due.")
def run(day: datetime | None) -> None:
    """Settle business days that are over: harmless when repeated, and goes on where a run was stopped."""
    from app.settlement import running

    async def settled(settings: Settings) -> list[date]:
        store = _store(settings)
        days = [day.date()] if day else await running.days_to_settle()
        for one in days:
            await running.settle(store, one)
        return days

    days = with_database(settled)
    click.echo("\n".join(f"{one} is settled." for one in days) or "Nothing is due.")


@settlement.command()
@click.argument("day", type=_DAY)
@click.option("--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder.")
def files(day: datetime, folder: Path) -> None:
    """Write the files of a settled DAY, with their sealed manifest, into a folder."""
    from app.settlement import files as settlement_files

    names = with_database(lambda settings: settlement_files.fetch(_store(settings), day.date(), folder))
    click.echo("\n".join(str(folder / name) for name in names))


@settlement.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--ca",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The root authority's certificate, PEM, as you got it from where you trust (GET /pki/ca.pem); without it, this machine's own.",
)
def verify(manifest: Path, ca: Path | None) -> None:
    """Verify a MANIFEST and the files beside it, without database and network."""
    from app.settlement.manifests import check

    checked = check(manifest, ca.read_bytes() if ca else _own_root())
    for fact in checked.facts:
        click.echo(f"ok   {fact}")
    for flaw in checked.flaws:
        click.echo(f"BAD  {flaw}")
    sys.exit(1 if checked.flaws else 0)


def _own_root() -> bytes:
    from app.pki.authorities import authorities, pem

    return pem(authorities().root)


def _store(settings: Settings) -> "ObjectStore":
    from integrations.object_store.s3 import S3Store

    return S3Store(settings)
