"""What a till and a thief live through at the running product; called by test_whole_day, which starts it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from demo.report import Report
from demo.scene import Scene
from terminal_simulator.books import day_of
from terminal_simulator.bus import Bus
from terminal_simulator.codes import CodeRefused
from terminal_simulator.folder import Folder
from terminal_simulator.gang import Gang, gathered
from terminal_simulator.station import LeftOpen
from terminal_simulator.thief import ATTACKS, Attack, steal
from tests.makers.product import Product
from tests.makers.tills import BadLine, Counter, Killed

PRICE_FEN = 100
NOBODY = "http://127.0.0.1:9"


def terminals_live_through_the_day(product: Product, folder: Path) -> None:
    """A till, a bus, and a thief with some of his attacks, with one gang."""
    with product.scene as scene:
        gang = gathered(scene)
        a_till_finds_its_way_back(gang, folder)
        a_bus_needs_no_line(gang, folder)
        a_thief_gets_nothing(scene, gang, ATTACKS[::3])


def a_till_finds_its_way_back(gang: Gang, folder: Path) -> None:
    counter, code = Counter(folder / "till", gang.origin), gang.invited()
    counter.enrol(code)
    counter.enrol(code)
    before = gang.balance_fen()

    paid_once_though_an_answer_is_lost(counter, gang, before)
    undone_where_nobody_answers(counter, gang, before - PRICE_FEN)
    back_after_a_kill(counter, gang, before - PRICE_FEN)
    refunded_once(counter, gang, before - PRICE_FEN)
    its_day_agrees(counter)


def paid_once_though_an_answer_is_lost(counter: Counter, gang: Gang, before: int) -> None:
    for how in ("answer", "request", "forge"):
        code = gang.code()
        outcome = counter.run(lambda till, code=code: till.pay(PRICE_FEN, code), how)
        assert outcome.stands
        counter.run(lambda till: till.reverse(till.books.last_payment()))
    code = gang.code()
    assert counter.run(lambda till: till.pay(PRICE_FEN, code), "answer", "answer").code == "paid"
    assert gang.balance_fen() == before - PRICE_FEN


def undone_where_nobody_answers(counter: Counter, gang: Gang, before: int) -> None:
    code = gang.code()
    assert counter.run(lambda till: till.pay(PRICE_FEN, code), *["answer"] * 3).code == "reversed"
    assert counter.run(lambda till: till.pay(PRICE_FEN, gang.code()), *["request"] * 3).code == "not_paid"
    for how, became in (("answer", "reversed"), ("request", "not_paid")):
        with pytest.raises(LeftOpen):
            counter.run(lambda till: till.pay(PRICE_FEN, gang.code()), *[how] * 6)
        counter.run(lambda _till: None)
        assert [one.code for one in counter.settled] == [became]
    assert gang.balance_fen() == before


def back_after_a_kill(counter: Counter, gang: Gang, before: int) -> None:
    with pytest.raises(Killed):
        counter.run(lambda till: till.pay(PRICE_FEN, gang.code()), "kill")
    assert gang.balance_fen() == before - PRICE_FEN

    counter.run(lambda _till: None)

    assert [(one.code, one.stands) for one in counter.settled] == [("reversed", True)]
    assert gang.balance_fen() == before


def refunded_once(counter: Counter, gang: Gang, before: int) -> None:
    assert counter.run(lambda till: till.refund(till.books.last_payment(), 40), "answer", "answer").stands
    with pytest.raises(Killed):
        counter.run(lambda till: till.refund(till.books.last_payment(), 30), "kill")
    counter.run(lambda _till: None)
    assert [one.code for one in counter.settled] == ["paid"]
    assert gang.balance_fen() == before + 70


def its_day_agrees(counter: Counter) -> None:
    today = day_of(datetime.now(UTC).isoformat())

    said = counter.run(lambda till: till.close_day(today), "answer")
    again = counter.run(lambda till: till.close_day(today))

    assert said["agrees"], said
    assert again == said
    assert said["reversals"] == {"count": 6, "total_fen": 600}


def a_bus_needs_no_line(gang: Gang, folder: Path) -> None:
    """It signs on with a line, sells without one, is killed in between, and brings in what it sold; the day agrees."""
    before, codes = gang.balance_fen(), [gang.app_code() for _ in range(3)]
    bus(folder, gang.origin, lambda bus: (bus.enrol(gang.invited()), bus.start()))

    for code in codes:
        bus(folder, NOBODY, lambda bus, code=code: bus.sell(PRICE_FEN, code))
    with pytest.raises(CodeRefused, match="code_repeated"):
        bus(folder, NOBODY, lambda bus: bus.sell(PRICE_FEN, codes[0]))
    with pytest.raises(CodeRefused, match="amount_over_limit"):
        bus(folder, NOBODY, lambda bus: bus.sell(90_000, gang.app_code()))
    with pytest.raises(Killed):
        bus(folder, gang.origin, lambda bus: (bus.start(), bus.bring_in()), "kill", skip=2)
    became = bus(folder, gang.origin, lambda bus: (bus.start(), bus.bring_in())[1])

    assert [(sale["counter"], sale["state"]) for sale in became] == [(1, "posted"), (2, "posted"), (3, "posted")]
    assert gang.balance_fen() == before - 3 * PRICE_FEN
    today = day_of(datetime.now(UTC).isoformat())
    said = bus(folder, gang.origin, lambda bus: (bus.start(), bus.close_day(today))[1])
    assert (said["agrees"], said["offline"]["total_fen"]) == (True, 3 * PRICE_FEN), said


def bus(folder: Path, origin: str, act: Any, *lose: str, skip: int = 0) -> Any:
    """Start a bus's computer, do something, and switch it off; `lose` says how its signed exchanges go wrong after some."""
    line = BadLine(origin)
    line.lose = [*[""] * skip, *lose]
    try:
        with Folder(folder / "bus") as held:
            return act(Bus(held, line, pause=lambda _seconds: None))
    finally:
        line.close()


def a_thief_gets_nothing(scene: Scene, gang: Gang | None, attacks: Sequence[Attack]) -> None:
    lines: list[str] = []
    honest = Attack("正常签到", "Signing on", lambda gang: [gang.ask("/v1/terminal/sign-on", {})], ("key_unknown",))
    shown = Scene(scene.portal, scene.city, Report(lines.append), scene.var)

    flaws = steal(shown, [*attacks, honest], gang)

    assert flaws == ["Signing on: 200 got through"], "\n".join(lines)
    assert sum("✓" in line for line in lines) == len(attacks)
