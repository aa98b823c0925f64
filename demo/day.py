"""The command `fuhai demo`: a citizen's whole day, and three things that a person with curl can't do by hand."""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import rich_click as click

from demo import papers, receipts
from demo.certificates import Trust
from demo.city import City
from demo.photograph import photograph
from demo.report import Hindered, NotSo, Report, require
from demo.scene import Scene
from demo.steps import application, arrival, campaign, card, decision, departure, disk, family, proof, recall, trust
from demo.web import Server, good

_PICTURE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--photo", type=_PICTURE, help="Your own photograph for the cloud disk (JPEG, PNG, GIF, WebP, HEIC).")
@click.option("--base", default="http://127.0.0.1:8000", show_default=True, help="Where the server is.")
@click.option("--city", default="http://127.0.0.1:8100", show_default=True, help="Where the sandbox city is.")
@click.option(
    "--var", default=Path("var"), show_default=True, type=click.Path(path_type=Path), help="The product's data folder."
)
@click.pass_context
def demo(context: click.Context, photo: Path | None, base: str, city: str, var: Path) -> None:
    """Live through a citizen's whole day against the running server, and check every promise from outside."""
    scene = context.obj = context.with_resource(Scene(Server(base), City(city), Report(click.echo), var))
    if context.invoked_subcommand is None:
        _plainly(lambda: live(scene, photo), "不属实 Not so")


@demo.command("officer-token")
@click.option("--who", help="The officer's code; the first demo officer unless given.")
@click.pass_obj
def officer_token(scene: Scene, who: str | None) -> None:
    """Sign a demo officer in (challenge and code of the moment) and print the access token."""
    _plainly(lambda: click.echo(scene.officer(who).sign_in(scene.portal, partial(click.echo, err=True)).token))


@demo.command("pay")
@click.option("--code", required=True, help="The payer's code, as GET /v1/card/code gave it.")
@click.option("--fen", required=True, type=click.IntRange(min=1), help="The amount in fen.")
@click.pass_obj
def pay(scene: Scene, code: str, fen: int) -> None:
    """Have the demo terminal sign a payment; print and keep the receipt."""

    def paid() -> None:
        trusted = Trust(scene.portal.send("GET", "/pki/ca.pem").content)
        terminal = scene.terminal(trusted)
        terminal.sign_on()
        signed = good(terminal.pay(terminal.order(code, fen)))
        said = receipts.check(signed, trusted)
        receipts.write(signed, scene.out)
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        click.echo(f"收据已保存 Kept with its signature and certificates in {scene.out}", err=True)

    _plainly(paid)


@demo.command("sms")
@click.argument("phone")
@click.pass_obj
def sms(scene: Scene, phone: str) -> None:
    """Read the newest text message on a phone in the sandbox city."""

    def read() -> None:
        messages = scene.city.messages(phone)
        require(bool(messages), f"没有发给 {phone} 的短信 No message came to {phone}")
        click.echo(messages[0]["text"])

    _plainly(read)


def live(scene: Scene, photo: Path | None) -> None:
    """Live through the day; raises `NotSo` at the first thing that isn't so."""
    picture = photograph(photo)
    trusted, keys = trust.meet(scene)
    mother = arrival.sign_in(scene, keys)
    arrival.prove_real_name(scene, mother)
    device = arrival.enrol_phone(scene, trusted, mother)
    stream = family.before(scene, mother)
    child = family.birth(scene, mother)
    family.agenda(scene, mother, child)
    application.find_matter(scene)
    draft = application.fill_in(scene, mother, child)
    case = application.submit(scene, mother, draft, device["certificate"])
    first, second = scene.officers(case["department"])[:2]
    officer = decision.decide(scene, trusted, first, case)
    licence = decision.licence(scene, trusted, mother, case)
    family.registered(scene, mother, child)
    decision.told(scene, stream, case)
    sent = campaign.campaign(scene, officer, second, case)
    campaign.arrives(scene, mother, stream, sent, officer)
    recall.recall(scene, mother, stream, case)
    card.open_and_top_up(scene, trusted, mother)
    signed = card.pay(scene, trusted, mother)
    card.record(scene, mother, signed)
    card.scan(scene, trusted, mother)
    disk.keep_photograph(scene, mother, picture)
    disk.licence_is_filed(scene, mother, licence)
    departure.who_looked(scene, mother, child, case)
    proof.log_is_sealed(scene, trusted, mother)
    proof.case_is_proved(scene, mother, case)
    departure.sign_out(scene, mother)
    _farewell(scene)


def _farewell(scene: Scene) -> None:
    report = scene.report
    report.say("")
    report.say(f"全部属实 All of it is so: {report.steps} steps in {report.seconds:.1f} s.")
    report.say("")
    report.say("留下的文件 What the day leaves behind:")
    report.say(papers.listed(scene.out))
    report.say("")
    report.say("用 openssl 自行核验 Verify it with openssl, without us:")
    report.say("")
    report.say(papers.commands(scene.out))


def _plainly(act: Callable[[], None], verdict: str = "未成功 It didn't work") -> None:
    """Do something; what isn't so, or what is wanting, is said in one line, and ends with 1."""
    try:
        act()
    except Hindered as reason:
        click.echo(f"\n无法继续 Can't go on: {reason}", err=True)
        sys.exit(1)
    except NotSo as reason:
        click.echo(f"\n{verdict}: {reason}", err=True)
        sys.exit(1)
