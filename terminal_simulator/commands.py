"""The command `fuhai terminal`: a till and a bus that are played by hand, and a thief who plays by himself."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import rich_click as click

from demo.city import City
from demo.report import NotSo, Report
from demo.scene import Scene
from demo.web import Server
from terminal_simulator.books import SHANGHAI, today
from terminal_simulator.bus import Bus
from terminal_simulator.codes import CodeRefused
from terminal_simulator.folder import Folder
from terminal_simulator.station import LeftOpen
from terminal_simulator.thief import steal
from terminal_simulator.till import Outcome, Till

_BASE: Final = "http://127.0.0.1:8000"
DECLINED, OPEN = 1, 2
"""How the command ends where money didn't move, and where nobody knows."""
_FOLDER: Final = click.Path(file_okay=False, path_type=Path)
_DAY: Final = click.DateTime(["%Y-%m-%d"])


class Yuan(click.ParamType[int]):
    """An amount as people write it, such as 12.50; gives fen."""

    name = "yuan"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read an amount; refuses fractions of a fen, and what isn't more than nothing."""
        if isinstance(value, int):
            return value
        try:
            fen = Decimal(value) * 100
        except InvalidOperation:
            self.fail(f"{value} isn't an amount in yuan", param, ctx)
        if not fen.is_finite() or fen != fen.to_integral_value() or fen <= 0:
            self.fail(f"{value} isn't an amount in yuan and fen", param, ctx)
        return int(fen)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def terminal() -> None:
    """Play a terminal against a running server: a till, a bus, or a thief who tries everything that must not work."""


@terminal.group(invoke_without_command=True)
@click.option("--base", default=_BASE, show_default=True, help="Where the server is.")
@click.option(
    "--folder",
    default=Path("var/till"),
    show_default=True,
    type=_FOLDER,
    help="Where this till keeps its key and its journal; killed, it goes on from there.",
)
@click.option("--enrol", metavar="CODE", help="Enrol first, by a one-time code of `fuhai terminals invite`.")
@click.pass_context
def till(context: click.Context, base: str, folder: Path, enrol: str | None) -> None:
    """A till. It signs on, settles what its last run left open, and then does what is asked of it.

    It ends with 0 where money moved, with 1 where it was declined, and with 2 where nobody answered: then the next run reverses it.
    """
    context.obj = lambda: _playing(folder, base, enrol)
    if context.invoked_subcommand is None:
        with context.obj():
            click.echo("已签到 Signed on.")


@till.command()
@click.argument("amount", type=Yuan())
@click.argument("code", required=False)
@click.pass_obj
def pay(playing: Callable[[], Any], amount: int, code: str | None) -> None:
    """Have AMOUNT (yuan, such as 12.50) paid by the CODE that the payer shows; a scanner may type it where it is asked for."""
    with playing() as played:
        shown = code if code is not None else click.prompt("付款码 Payer's code", err=True)
        _end(played.pay(amount, shown.strip()))


@till.command()
@click.argument("amount", type=Yuan())
@click.argument("payment", required=False)
@click.pass_obj
def refund(playing: Callable[[], Any], amount: int, payment: str | None) -> None:
    """Give AMOUNT (yuan) of the PAYMENT with this receipt back; of this till's last one, unless it is named."""
    with playing() as played:
        _end(played.refund(_named(played, payment), amount))


@till.command()
@click.argument("payment", required=False)
@click.pass_obj
def reverse(playing: Callable[[], Any], payment: str | None) -> None:
    """Undo the PAYMENT with this receipt; this till's last one, unless it is named."""
    with playing() as played:
        _end(played.reverse(_named(played, payment)))


@till.command("day-end")
@click.option("--day", type=_DAY, help="Which business day; the present one unless given.")
@click.pass_obj
def day_end(playing: Callable[[], Any], day: datetime | None) -> None:
    """Close a business day: tell its totals, and learn whether the ledger agrees. It may be closed again."""
    with playing() as played:
        said = played.close_day(day.date() if day else today())
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        sys.exit(0 if said.get("agrees") else DECLINED)


@terminal.group()
@click.option("--base", default=_BASE, show_default=True, help="Where the server is.")
@click.option(
    "--folder",
    default=Path("var/bus"),
    show_default=True,
    type=_FOLDER,
    help="Where this bus keeps its key and its journal; killed, it goes on from there.",
)
@click.pass_context
def bus(context: click.Context, base: str, folder: Path) -> None:
    """A bus. It sells by itself, without a line, and brings in what it sold when it has one."""
    context.obj = lambda: _driving(folder, base)


@bus.command("sign-on")
@click.option("--enrol", metavar="CODE", help="Enrol first, by a one-time code of `fuhai terminals invite --offline`.")
@click.pass_obj
def sign_on(driving: Callable[[], Any], enrol: str | None) -> None:
    """In the morning, with a line: learn whose codes to believe, and fetch the list of what doesn't pay."""
    with driving() as driven:
        if enrol is not None:
            driven.enrol(enrol)
        driven.start()
        click.echo(f"已签到 Signed on; list at version {driven.books.list_version}.")


@bus.command()
@click.argument("amount", type=Yuan())
@click.argument("code", required=False)
@click.pass_obj
def ride(driving: Callable[[], Any], amount: int, code: str | None) -> None:
    """Sell a ride for AMOUNT (yuan) by the CODE that the passenger's app shows; without any line."""
    with driving() as driven:
        shown = code if code is not None else click.prompt("乘车码 Passenger's code", err=True)
        click.echo(f"#{driven.sell(amount, shown)} 请上车 Welcome aboard: {amount / 100:.2f}")


@bus.command("bring-in")
@click.pass_obj
def bring_in(driving: Callable[[], Any]) -> None:
    """In the evening, with a line: bring in what was sold."""
    with driving() as driven:
        driven.start()
        for sale in driven.bring_in():
            click.echo(f"#{sale['counter']} {sale['state']} {sale['reason'] or ''}")


@bus.command("day-end")
@click.option("--day", type=_DAY, help="Which business day; the present one unless given.")
@click.pass_obj
def bus_day_end(driving: Callable[[], Any], day: datetime | None) -> None:
    """Bring in what was sold, and close a business day."""
    with driving() as driven:
        driven.start()
        said = driven.close_day(day.date() if day else today())
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        sys.exit(0 if said.get("agrees") else DECLINED)


@contextmanager
def _playing(folder: Path, base: str, enrol: str | None) -> Iterator[Till]:
    """A till that has signed on."""
    with _plainly(folder, base) as (held, server):
        played = Till(held, server)
        if enrol is not None:
            played.enrol(enrol)
        for outcome in played.start():
            click.echo(f"上次未完成 From the last run: {_said(outcome)}", err=True)
        yield played


@contextmanager
def _driving(folder: Path, base: str) -> Iterator[Bus]:
    """A bus, wherever it is."""
    with _plainly(folder, base) as (held, server):
        yield Bus(held, server)


@contextmanager
def _plainly(folder: Path, base: str) -> Iterator[tuple[Folder, Server]]:
    """A terminal's folder and line; what isn't so, or is wanting, is said in one line."""
    server = Server(base)
    try:
        with Folder(folder) as held:
            yield held, server
    except CodeRefused as reason:
        click.echo(f"未收款 Not taken: {reason.args[0]}", err=True)
        sys.exit(DECLINED)
    except LeftOpen as reason:
        click.echo(f"未决，下次运行时处理 Left open for the next run: {reason}", err=True)
        sys.exit(OPEN)
    except NotSo as reason:
        click.echo(f"未成功 It didn't work: {reason}", err=True)
        sys.exit(DECLINED)
    finally:
        server.close()


def _named(played: Till, payment: str | None) -> str:
    found = payment or played.books.last_payment()
    if found is None:
        raise click.ClickException("this till has no payment: name the receipt of one")
    return found


def _end(outcome: Outcome) -> None:
    click.echo(_said(outcome))
    sys.exit(0 if outcome.stands else DECLINED)


def _said(outcome: Outcome) -> str:
    """A receipt, or a refusal, as the till prints it."""
    receipt = outcome.receipt
    if receipt is None:
        return f"#{outcome.sequence} 未扣款 No money moved: {outcome.code}"
    lines = {
        "类型 Kind": receipt["kind"],
        "商户 Merchant": receipt["merchant"]["zh"] if receipt["merchant"] else receipt["merchant_code"],
        "金额 Amount": f"{receipt['amount_fen'] / 100:.2f} {receipt['currency']}",
        "卡号 Card": receipt["card"],
        "时间 Time": datetime.fromisoformat(receipt["at"]).astimezone(SHANGHAI).strftime("%F %T"),
        "流水号 Sequence": receipt["sequence"],
        "凭证 Receipt": receipt["id"],
        "签章 Seal": "有效 holds",
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items())


@terminal.command()
@click.option("--base", default=_BASE, show_default=True, help="Where the server is.")
@click.option("--city", default="http://127.0.0.1:8100", show_default=True, help="Where the sandbox city is.")
@click.option(
    "--var", default=Path("var"), show_default=True, type=click.Path(path_type=Path), help="The product's data folder."
)
def thief(base: str, city: str, var: Path) -> None:
    """A thief with two genuine tills and a payer's card tries what must not work; ends with 1 if anything gets through."""
    with Scene(Server(base), City(city), Report(click.echo), var) as scene:
        try:
            flaws = steal(scene)
        except NotSo as reason:
            click.echo(f"无法继续 Can't go on: {reason}", err=True)
            sys.exit(DECLINED)
    for flaw in flaws:
        click.echo(f"得手 Got through: {flaw}", err=True)
    click.echo("" if flaws else "一无所获 Nothing got through, and every refusal has its name.")
    sys.exit(DECLINED if flaws else 0)
