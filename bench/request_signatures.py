"""How long it takes to verify a signed request, beside the curve alone and the library.

Run `python -m bench.request_signatures [--quick]`. The target is at most three times what ECDSA on P-256 takes by itself.
"""

import json
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import http_message_signatures
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.kernel import clock
from app.keys.algorithms import LocalKey, verifying_key
from app.keys.request_signatures import TERMINAL, Request, Signer, sign_request, verify_request
from bench.turns import in_turns, median, worst

TIMES, ROUNDS = (200, 2) if "--quick" in sys.argv else (500, 20)
TARGET_RATIO = 3.0
KEYID = "t-000123.term.fuhai.example"
PRIVATE = ec.generate_private_key(ec.SECP256R1())
PUBLIC = PRIVATE.public_key()
ECDSA = ec.ECDSA(hashes.SHA256())
BODY = b'{"sequence":7,"amount_fen":1250,"payer":"6FHL:0123456789ABCDEF"}'


class _Keys(http_message_signatures.HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> Any:  # noqa: ARG002 - the library's shape
        return PUBLIC


def a_request(now: int) -> Request:
    """A terminal's payment."""
    headers = {"content-type": "application/json", "idempotency-key": "0193-0001"}
    plain = Request("POST", "https://portal.fuhai.example/v1/terminal/payments", headers, BODY)
    added = sign_request(plain, Signer(KEYID, LocalKey(PRIVATE)), profile=TERMINAL, now=now, nonce="A" * 22)
    return Request(plain.method, plain.target_uri, headers | added, BODY)


def main() -> None:
    """Measure and print; the exit code says whether the target is met."""
    now = int(clock.now().timestamp())
    request = a_request(now)
    message = SimpleNamespace(method="POST", url=request.target_uri, headers=dict(request.headers))
    library = http_message_signatures.HTTPMessageVerifier(
        signature_algorithm=http_message_signatures.algorithms.ECDSA_P256_SHA256, key_resolver=_Keys()
    )
    keys = {KEYID: verifying_key(PUBLIC)}.get
    der, data = PRIVATE.sign(BODY * 8, ECDSA), BODY * 8
    took = in_turns(
        {
            "curve": lambda: PUBLIC.verify(der, data, ECDSA),
            "ours": lambda: verify_request(request, keys, profile=TERMINAL, now=now),
            "library": lambda: library.verify(message, max_age=timedelta(minutes=10), body=BODY),
        },
        rounds=ROUNDS,
        times=TIMES,
    )
    curve, ours, theirs = (median(took[name]) for name in ("curve", "ours", "library"))
    print(f"ECDSA P-256 alone        {curve * 1_000:7.1f} µs")
    print(
        f"verify_request           {ours * 1_000:7.1f} µs  {ours / curve:.2f} x (target: at most {TARGET_RATIO:.0f} x)"
    )
    print(f"http-message-signatures  {theirs * 1_000:7.1f} µs  {theirs / curve:.2f} x")
    print(json.dumps(report(took, ours / curve)))
    raise SystemExit(ours > TARGET_RATIO * curve)


def report(took: dict[str, list[float]], ratio: float) -> dict[str, object]:
    """What is printed last."""
    return {
        "bench": "request_signatures",
        "ours": round(median(took["ours"]), 4),
        "yardstick": round(median(took["curve"]), 4),
        "yardstick_name": "ECDSA P-256 verified (ms)",
        "ratio": round(ratio, 2),
        "target_ratio": TARGET_RATIO,
        "p50_ms": round(median(took["ours"]), 4),
        "p99_ms": round(worst(took["ours"]), 4),
    }


if __name__ == "__main__":
    main()
