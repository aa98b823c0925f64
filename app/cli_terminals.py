"""`fuhai terminals`: points of sale, for whoever runs the machine."""

import msgspec
import rich_click as click

from app.cli_database import with_database
from app.kernel.settings import Settings


@click.group()
def terminals() -> None:
    """Points of sale (tills, gates, buses): invite them, see them, close them."""


@terminals.command()
@click.argument("code")
@click.argument("merchant")
@click.option("--offline", is_flag=True, help="It sells without a connection, such as in a bus.")
def invite(code: str, merchant: str, *, offline: bool) -> None:
    """Print a one-time code with which the terminal CODE (such as t-000002) enrols at MERCHANT (such as YT000001)."""
    from app.card.points_of_sale import invite as invited
    from app.identity.terminal_keys import DIRECTORY
    from app.identity.terminal_structs import TerminalInviting

    try:
        asked = msgspec.convert(
            {"terminal_code": code, "merchant_code": merchant, "offline": offline}, TerminalInviting
        )
    except msgspec.ValidationError as error:
        raise click.ClickException(str(error)) from error

    async def give(_settings: Settings) -> None:
        given = await invited(DIRECTORY, asked)
        click.echo(f"{given.terminal_code}  {given.merchant_code}  {given.enrolment_code}  {given.expires_at:%F %R}")

    with_database(give)


@terminals.command("list")
def list_() -> None:
    """List the terminals: state, merchant, until when their certificates hold, and what is odd."""
    from app.identity.terminal_invitations import known
    from app.identity.terminal_structs import TerminalView
    from app.kernel.paging import LARGEST_PAGE

    def line(one: TerminalView) -> str:
        kind = "offline" if one.offline else "online"
        until = f"until {one.certificate_ends_at:%F %R}" if one.certificate_ends_at else "no certificate"
        odd = f"  used code tried with another key at {one.disputed_at:%F %R}" if one.disputed_at else ""
        waiting = f"  code until {one.invitation_expires_at:%F %R}" if one.invitation_expires_at else ""
        return (
            f"{one.terminal_code}  {one.state}  {kind}  {one.merchant_code} {one.merchant_name}  {until}{waiting}{odd}"
        )

    async def show(_settings: Settings) -> None:
        after, more = "", True
        while more:
            page = await known(after, LARGEST_PAGE)
            for one in page.items:
                click.echo(line(one))
                after = one.terminal_code
            more = page.next is not None

    with_database(show)


@terminals.command()
@click.argument("code")
def close(code: str) -> None:
    """Close the terminal CODE: it is out from its next request on, and its certificates are revoked."""
    from app.card.points_of_sale import close as closed
    from app.identity.terminal_keys import DIRECTORY

    async def do(_settings: Settings) -> None:
        click.echo(f"{code}  {(await closed(DIRECTORY, code)).state}")

    with_database(do)
