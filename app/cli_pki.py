"""`fuhai pki`: the authorities, in an operator's hands."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

import rich_click as click

from app.kernel.settings import Settings, load

T = TypeVar("T")
ACCESS_TOKENS: Final = "access-tokens"
_REASONS: Final = {
    reason.replace("_", "-"): reason
    for reason in (
        *("unspecified", "key_compromise", "affiliation_changed", "superseded"),
        *("cessation_of_operation", "privilege_withdrawn"),
    )
}


@click.group()
def pki() -> None:
    """Make, rotate, revoke, show and publish certificates. What needs the root's key says so."""


@pki.command()
def make() -> None:
    """Make the authorities and seals, or renew what comes near its end; safe to repeat."""
    from app.pki import operating

    made = _with_database(operating.make)
    click.echo(f"{len(made.all_issuers())} authorities and {len(made.own)} seals are in place.")


@pki.command()
@click.argument("name")
def rotate(name: str) -> None:
    """Give NAME a new key: an authority (such as device), a seal (such as documents), or access-tokens.

    What the old key signed stays valid. Authorities need the root's key.
    """
    from app.pki import operating

    if name == ACCESS_TOKENS:
        from app.identity import tokens

        click.echo(f"{tokens.rotate()} signs access tokens from now on; older ones hold for their few minutes.")
        return
    click.echo(
        f"{_with_database(lambda settings: operating.rotate_key(settings, name))} is made. It signs from now on."
    )


@pki.command()
@click.argument("what", metavar="SERIAL|NAME|AUTHORITY")
@click.option("--reason", type=click.Choice(sorted(_REASONS)), required=True, help="Why (RFC 5280, 5.3.1).")
def revoke(what: str, reason: str) -> None:
    """Revoke a certificate by its serial number, every one that bears a DNS name, or an authority; at once and for good.

    An authority must have been rotated before. Nothing that it issued holds any more: its holders enrol anew.
    """
    from cryptography.x509 import ReasonFlags

    from app.pki import operating

    for one in _with_database(lambda settings: operating.revoke(settings, what, ReasonFlags[_REASONS[reason]])):
        click.echo(f"{one.serial} {one.what} is revoked since {one.at:%Y-%m-%d %H:%M:%S}")
        if one.falling:
            click.echo(f"{one.falling} certificates fall with it: whoever holds one enrols anew.")


@pki.command()
def show() -> None:
    """List authorities and seals: until when they are valid, and how many certificates they issued."""
    from app.pki import operating

    click.echo(f"{'name':16} {'what':22} {'ends':10} {'issued':>8} {'valid':>8} {'revoked':>8}  serial")
    for one in _with_database(operating.held):
        counts = f"{one.issued:8} {one.valid:8} {one.revoked:8}"
        click.echo(f"{one.name:16} {one.what:22} {one.ends:%Y-%m-%d} {counts}  {one.serial}")


@pki.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def publish(folder: Path) -> None:
    """Write certificates and lists into FOLDER, which a host of static files serves at /pki."""
    from app.pki import operating

    done = _with_database(lambda _: operating.publish(folder))
    click.echo(f"{done.files} files in {folder}; publish again by {done.again_by:%Y-%m-%d %H:%M}.")


def _with_database(act: Callable[[Settings], Awaitable[T]]) -> T:
    """Run something with the database's pool open; where it can't, say so in one plain sentence."""
    from app.embedded.addresses import settle
    from app.kernel import logs
    from app.kernel.errors import Refusal
    from app.keys.provider import KeyMissing
    from app.pki.operating import CertificateInUse
    from app.pki.setup import KeyForGood, RootOffline

    logs.configure(load())
    try:
        return asyncio.run(_run(act, settle()))
    except Refusal as refusal:
        facts = "".join(f" ({name}: {value})" for name, value in refusal.facts.items())
        raise click.ClickException(f"{refusal.title.zh} {refusal.title.en}{facts}") from refusal
    except (RootOffline, KeyForGood, CertificateInUse) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except KeyMissing as refusal:
        raise click.ClickException(f"there is no key called {refusal}") from refusal
    except OSError as refusal:
        raise click.ClickException(f"the database doesn't answer ({refusal}): is it running?") from refusal


async def _run(act: Callable[[Settings], Awaitable[T]], settings: Settings) -> T:
    from app.kernel.database import close_pool, open_pool

    await open_pool(settings)
    try:
        return await act(settings)
    finally:
        await close_pool()
