"""`fuhai merchants`: who takes the card, and the codes that they show."""

from pathlib import Path

import msgspec
import rich_click as click

from app.cli_database import with_database
from app.kernel.settings import Settings


@click.group()
def merchants() -> None:
    """Merchants who take the citizen card, and the codes that they print or show."""


@merchants.command()
@click.argument("merchant")
@click.argument("name_zh")
@click.argument("name_en")
def add(merchant: str, name_zh: str, name_en: str) -> None:
    """Make a merchant known by a code such as YT000001, or correct their names."""
    from app.card.merchants import register_merchant
    from app.kernel.structs import Code, ShortLine
    from app.kernel.words import Words

    try:
        named = msgspec.convert(merchant, Code)
        name = Words(zh=msgspec.convert(name_zh, ShortLine), en=msgspec.convert(name_en, ShortLine))
    except msgspec.ValidationError as error:
        raise click.ClickException(str(error)) from error
    with_database(lambda _: register_merchant(named, name))


@merchants.command()
@click.argument("merchant")
@click.option("--category", required=True, help="The merchant category code (ISO 18245), such as 5411.")
@click.option("--amount", help="In yuan, such as 198.42; without it the payer says how much.")
@click.option("--reference", help="A bill's number, with which the code pays once; without it, again and again.")
@click.option("--terminal", help="The till.")
@click.option("--output", type=click.Path(path_type=Path), help="Where to draw the QR code, as SVG.")
def code(merchant: str, output: Path | None, **said: str | None) -> None:
    """Issue a merchant's code, and print what it says."""
    from app.card import emvco, merchant_codes

    async def issued(_settings: Settings) -> None:
        amount_fen = emvco.fen_of(said["amount"]) if said["amount"] is not None else None
        order = merchant_codes.Order(merchant, said["category"] or "", amount_fen, said["reference"], said["terminal"])
        text = await merchant_codes.issue(order)
        click.echo(text)
        if output is not None:
            merchant_codes.drawn(text).save(str(output), kind="svg", scale=8)

    with_database(issued)


@merchants.command("stop-code")
@click.argument("text")
def stop_code(text: str) -> None:
    """Withdraw a code, by what it says; nobody pays by it any more."""
    from app.card.merchant_codes import stop

    with_database(lambda _: stop(text))
