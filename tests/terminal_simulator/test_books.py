"""What follows from a journal: numbers, what is open, days."""

from datetime import UTC, date, datetime, tzinfo
from typing import Any

import pytest

from terminal_simulator import books
from terminal_simulator.books import day_of, read, today


def asked(sequence: int, kind: str = "payment") -> dict[str, Any]:
    facts = {"key": "k" * 8, "amount_fen": 100, "body": "{}", "payer_code": "A"}
    return {"did": "asked", "kind": kind, "sequence": sequence, "at": "2026-11-30T01:00:00+00:00", **facts}


def answered(sequence: int, code: str = "paid", at: str = "2026-11-30T09:00:00+08:00", **facts: Any) -> dict[str, Any]:
    receipt = {"id": f"r{sequence}", "at": at, "kind": "payment", "amount_fen": 100, "reference": None, **facts}
    return {"did": "answered", "sequence": sequence, "code": code, "receipt": receipt if code == "paid" else None}


def test_what_is_asked_is_open_until_it_is_answered() -> None:
    books = read([asked(1), asked(2), answered(1), asked(3, "refund"), answered(2, "balance_too_low")])

    assert list(books.open) == [3]
    assert books.last_sequence == 3
    assert books.last_payment() == "r1"


def test_numbers_of_which_nothing_came_are_told() -> None:
    assert read([asked(1), answered(1, "payer_code_wrong"), asked(2), answered(2, "card_lost")]).unused == [1]


def test_a_payment_that_was_undone_isnt_the_last_one() -> None:
    undone = answered(2, id="r3", kind="reversal", reference="r2")

    assert read([asked(1), answered(1), asked(2), answered(2), undone]).last_payment() == "r1"


def test_totals_are_of_one_day_and_kind() -> None:
    late = answered(2, at="2026-11-30T23:00:00+08:00")
    back = answered(3, id="r9", kind="refund", amount_fen=40)
    books = read([asked(1), answered(1), asked(2), late, asked(3, "refund"), back])

    assert books.totals(date(2026, 11, 30), "payment") == {"count": 1, "total_fen": 100}
    assert books.totals(date(2026, 12, 1), "payment") == {"count": 1, "total_fen": 100}
    assert books.totals(date(2026, 11, 30), "refund") == {"count": 1, "total_fen": 40}
    assert books.totals(date(2026, 11, 30), "reversal") == {"count": 0, "total_fen": 0}


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-11-30T22:59:59.999999+08:00", date(2026, 11, 30)),
        ("2026-11-30T23:00:00+08:00", date(2026, 12, 1)),
        ("2026-11-30T15:00:00+00:00", date(2026, 12, 1)),
        ("2026-11-29T16:00:00+00:00", date(2026, 11, 30)),
    ],
)
def test_a_day_ends_at_the_cut_off_in_shanghai(at: str, day: date) -> None:
    assert day_of(at) == day


def test_the_day_that_runs_is_the_business_day_and_not_the_one_of_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            return cls(2026, 11, 30, 21, 24, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(books, "datetime", Clock)

    assert today() == date(2026, 12, 1)
