"""`fuhai officers`: what no administrator can do over the API."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec
import rich_click as click

from app.cli_database import with_database

if TYPE_CHECKING:
    from app.identity.officer_structs import EnrolmentCode


@click.group()
def officers() -> None:
    """Officers, where no administrator can do it: the first three, and a way back in."""


@officers.command()
@click.option("--department", required=True, help="Code of the department that they work for, such as BIGDATA.")
@click.option("--system", required=True, nargs=2, metavar="CODE NAME", help="Appoints and dismisses officers.")
@click.option("--security", required=True, nargs=2, metavar="CODE NAME", help="Grants and withdraws rights.")
@click.option("--audit", required=True, nargs=2, metavar="CODE NAME", help="Reads the log and its findings.")
def first(department: str, system: tuple[str, str], security: tuple[str, str], audit: tuple[str, str]) -> None:
    """Appoint the first administrators, three people, and print the enrolment code of each once."""
    from app.identity.first_administrators import chosen, make_first
    from app.kernel.actors import ADMINISTRATIONS

    try:
        people = [chosen(*one) for one in (system, security, audit)]
    except msgspec.ValidationError as error:
        raise click.ClickException(str(error)) from error
    _print_codes(lambda: make_first(department, dict(zip(ADMINISTRATIONS, people, strict=True))))


@officers.command()
@click.argument("officer_code")
def code(officer_code: str) -> None:
    """Print a new enrolment code for an officer, once; whatever they held before ends when it is used."""
    from app.identity.first_administrators import code_for

    _print_codes(lambda: code_for(officer_code))


def _print_codes(work: Callable[[], Awaitable[list["EnrolmentCode"]]]) -> None:
    """Run something with the database open, and print the codes that it gives."""
    for given in with_database(lambda _: work()):
        click.echo(f"{given.officer.code}  {given.officer.name}  {given.enrolment_code}  {given.expires_at:%F %R}")
