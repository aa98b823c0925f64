"""`fuhai channel`: the payment channel's bills, and the money that waits for a person."""

from datetime import datetime
from uuid import UUID

import rich_click as click

from app.cli_database import with_database
from app.kernel.settings import Settings


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

    with_database(fetched)


@channel.command()
def waiting() -> None:
    """List what waits for a person: refunds that failed, orders paid otherwise than ordered, payouts at the counter."""

    async def listed(_: Settings) -> None:
        from app.card.channel_checking import waiting_for_a_person

        for one in await waiting_for_a_person():
            click.echo(f"{one.at:%Y-%m-%d %H:%M} {one.what:24} {one.amount_fen:>9} fen  {one.id}")

    with_database(listed)


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

    with_database(paid)


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

    with_database(settled)
