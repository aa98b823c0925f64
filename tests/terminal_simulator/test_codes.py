"""The bus reads codes as the published vectors say, though it shares no line with what makes them."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from hypothesis import given
from hypothesis import strategies as st

from demo.keys import Key
from terminal_simulator import codes
from terminal_simulator.bus import digest_of
from terminal_simulator.codes import CodeRefused

VECTORS: Any = json.loads(Path("docs/vectors/offline-codes.json").read_text(encoding="utf-8"))


def issuer_keys() -> dict[str, str]:
    known = load_der_public_key(bytes.fromhex(VECTORS["issuer"]["spki"]))
    pem = known.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return {VECTORS["issuer"]["kid"]: pem}


def judged(code: str) -> str:
    try:
        codes.check(codes.read(code), issuer_keys())
    except CodeRefused as refusal:
        return str(refusal.args[0])
    return "ok"


@pytest.mark.parametrize("vector", VECTORS["codes"], ids=lambda vector: vector["name"])
def test_vectors_are_taken_or_refused_by_name(vector: Any) -> None:
    assert judged(vector["code"]) == vector["expect"]


def test_what_a_phone_makes_is_read_back() -> None:
    good, key = VECTORS["good"], Key.new()
    shown = codes.read(codes.make(bytes.fromhex(good["certificate"]), key, at=1_795_305_600.9))

    assert (shown.at, shown.listed_as, shown.kid) == (1_795_305_600, good["listed_as"], VECTORS["issuer"]["kid"])
    with pytest.raises(CodeRefused, match="code_forged"):
        codes.check(shown, issuer_keys())


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", max_size=60))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(CodeRefused, match="payer_code_wrong"):
        codes.read(f"FH1:{text}")


def test_a_batchs_digest_is_that_of_the_page() -> None:
    sale = {"counter": 120, "sold_at": "2026-11-30T17:31:05+08:00", "amount_fen": 200, "payer_code": "FH1:A"}
    batch = {"batch_number": 7, "previous_digest": "0" * 64, "ended_at": "2026-11-30T18:00:00+08:00", "sales": [sale]}

    assert digest_of(batch) == digest_of({**batch, "ended_at": "2026-11-30T10:00:00+00:00"})
    assert digest_of(batch) != digest_of({**batch, "batch_number": 8})
