"""`fuhai channel`: the payment channel's bills, and the money that waits for a person."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import rich_click as click

from app.kernel.settings import Settings, load


@click.group()
def channel() -> None:
    """The channel by which money comes onto cards and goes back (WeChat Pay)."""


@channel.command()
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
def bill(day: datetime) -> None:
    """Fetch the channel's bill of a DAY that is over, verify it, and keep it; safe to repeat."""

    async def fetched(settings: Settings) -> None:
        from app.card.channel_bills import fetch_bill
        from app.wiring import connect

        outside = connect(settings).outside
        async with outside.running():
            kept = await fetch_bill(outside.payments, day.date())
        click.echo(
            f"{kept.day}: {kept.payments} payments of {kept.paid_fen} fen, {kept.refunds} refunds of {kept.refunded_fen} fen, "
            f"SHA-1 {kept.digest}; {kept.asked} orders asked about"
        )

    _with_database(fetched)


@channel.command()
def waiting() -> None:
    """List what waits for a person: refunds that failed, orders paid otherwise than ordered, payouts at the counter."""

    async def listed(_: Settings) -> None:
        from app.card.channel_checking import waiting_for_a_person

        for one in await waiting_for_a_person():
            click.echo(f"{one.at:%Y-%m-%d %H:%M} {one.what:24} {one.amount_fen:>9} fen  {one.id}")

    _with_database(listed)


@channel.command("pay-out")
@click.argument("payout", type=click.UUID)
@click.option("--reference", required=True, help="The number of the counter's voucher; it stands on the receipt.")
def pay_out(payout: UUID, reference: str) -> None:
    """Write down that the counter paid a PAYOUT (its id) to the owner of a cancelled card."""

    async def paid(settings: Settings) -> None:
        from app.card import payouts
        from app.wiring import connect

        connect(settings)
        await payouts.pay_out(payout, reference)
        click.echo(f"{payout} is paid out: {reference}")

    _with_database(paid)


@channel.command("settle-by-hand")
@click.argument("waiting_id", metavar="ID", type=click.UUID)
@click.option("--reference", required=True, help="The number under which it was settled.")
def settle_by_hand(waiting_id: UUID, reference: str) -> None:
    """Write down that a person settled what `waiting` lists under an ID: a refund that failed, or another amount."""

    async def settled(settings: Settings) -> None:
        from app.card import channel_checking
        from app.wiring import connect

        connect(settings)
        await channel_checking.settle_by_hand(waiting_id, reference)
        click.echo(f"{waiting_id} is settled: {reference}")

    _with_database(settled)


def _with_database(work: Callable[[Settings], Awaitable[None]]) -> None:
    """Run something with the database open; a refusal is one plain line."""
    from app.embedded.addresses import settle
    from app.kernel import logs
    from app.kernel.database import close_pool, open_pool
    from app.kernel.errors import Refusal

    async def run() -> None:
        settings = settle()
        await open_pool(settings)
        try:
            await work(settings)
        finally:
            await close_pool()

    logs.configure(load())
    try:
        asyncio.run(run())
    except Refusal as refusal:
        facts = ", ".join(f"{name}: {fact}" for name, fact in refusal.facts.items())
        raise click.ClickException(f"{refusal.title.zh} {refusal.title.en} {facts}".strip()) from refusal
