"""What issuing and revocation cost: a certificate from a request, an OCSP answer, and a list of many revoked certificates.

Run `python -m bench.pki [--quick]`. An embedded PostgreSQL of its own, fsync on. The yardstick is what can't be saved: one row
looked up in a transaction, and one ECDSA signature on P-256; it takes turns with the rest. Targets: a certificate in 5 ms with
its row written, an answer in 1 ms with its row looked up (medians), and a list that grows in proportion: 100,000 entries within
ten times what 10,000 take, give or take half.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable
from typing import Final, TypeVar

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from app.kernel import clock
from app.kernel.database import close_pool, fetch_one, open_pool, transaction
from app.kernel.ids import new_person_id
from app.kernel.migrating import migrate
from app.kernel.settings import load
from app.pki import responding
from app.pki.authorities import authorities
from app.pki.certificates import new_key
from app.pki.crls import Revocation, make_crl
from app.pki.enrolment import issue, opaque_label
from app.pki.profiles import Kind
from app.pki.revocation import PKI
from app.pki.setup import prepare
from bench.ledger import a_server
from bench.turns import median, worst
from tests.makers.pki import a_csr

T = TypeVar("T")
CERTIFICATE_MS: Final = 5.0
ANSWER_MS: Final = 1.0
FEW, MANY = 10_000, 100_000
GROWTH: Final = 15.0
_ECDSA: Final = ec.ECDSA(hashes.SHA256())


class Took(msgspec.Struct):
    """What each call took, in milliseconds."""

    certificate: list[float] = []
    answer: list[float] = []
    yardstick: list[float] = []

    def in_order(self) -> "Took":
        """The same, sorted."""
        return Took(sorted(self.certificate), sorted(self.answer), sorted(self.yardstick))


async def timed(into: list[float], work: Awaitable[T]) -> T:
    """Do something once, and note what it took."""
    start = time.perf_counter()
    done = await work
    into.append((time.perf_counter() - start) * 1_000)
    return done


async def look_up_and_sign(key: ec.EllipticCurvePrivateKey, serial: str) -> bytes:
    """The yardstick."""
    async with transaction(PKI):
        await fetch_one("SELECT serial FROM certificate WHERE serial = $1", serial)
    return key.sign(serial.encode(), _ECDSA)


async def in_turns(times: int) -> Took:
    """A certificate, an answer about it, and the yardstick, again and again."""
    took, key, issuer = Took(), new_key(), authorities().issuer(Kind.DEVICE).certificate
    for _ in range(times):
        csr, owner, label = a_csr(), new_person_id(), f"d1.cit-{opaque_label()}"
        issued = await timed(took.certificate, issue(Kind.DEVICE, csr, owner, label))
        leaf = x509.load_pem_x509_certificate(issued.certificate.encode())
        asked = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA256()).build()
        await timed(took.answer, responding.answer(asked.public_bytes(Encoding.DER)))
        await timed(took.yardstick, look_up_and_sign(key, issued.serial))
    return took.in_order()


def list_ms(entries: int) -> float:
    """What making a list of so many revoked certificates takes; the best of three."""
    now, signer = clock.now(), authorities().issuer(Kind.DEVICE).signer
    revoked = [Revocation(x509.random_serial_number(), now, x509.ReasonFlags.superseded) for _ in range(entries)]
    took = []
    for _ in range(3):
        start = time.perf_counter()
        make_crl(signer, revoked, now)
        took.append((time.perf_counter() - start) * 1_000)
    return min(took)


async def measure(times: int) -> dict[str, object]:
    """Migrate, set up and measure."""
    await migrate(load())
    await asyncio.to_thread(prepare, load())
    await open_pool(load())
    await in_turns(20)
    took = await in_turns(times)
    await close_pool()
    few, many = list_ms(FEW), list_ms(MANY)
    yardstick = median(took.yardstick)
    for name, each, target in (
        ("certificate from a request", took.certificate, CERTIFICATE_MS),
        ("OCSP answer", took.answer, ANSWER_MS),
    ):
        ratio = median(each) / yardstick
        print(f"{name:28} {median(each):7.3f} ms, p99 {worst(each):7.3f} ms  {ratio:5.1f} x (target {target:.0f} ms)")
    print(f"{'one row and one signature':28} {yardstick:7.3f} ms")
    print(f"list of {FEW:,} / {MANY:,}     {few:7.1f} / {many:.1f} ms")
    return {
        "bench": "pki",
        "ours": round(median(took.answer), 3),
        "yardstick": round(yardstick, 3),
        "yardstick_name": "one row looked up and one ECDSA signature (ms)",
        "ratio": round(median(took.answer) / yardstick, 1),
        "p50_ms": round(median(took.answer), 3),
        "p99_ms": round(worst(took.answer), 3),
        "certificate_p50_ms": round(median(took.certificate), 3),
        "certificate_p99_ms": round(worst(took.certificate), 3),
        "list_ms": {str(FEW): round(few, 1), str(MANY): round(many, 1)},
        "met": median(took.answer) <= ANSWER_MS and median(took.certificate) <= CERTIFICATE_MS and many <= GROWTH * few,
    }


def main() -> None:
    """Measure and print; the last line is one JSON object, the exit code says whether the targets are met."""
    with a_server():
        said = asyncio.run(measure(100 if "--quick" in sys.argv else 1_000))
    print(json.dumps(said))
    raise SystemExit(not said["met"])


if __name__ == "__main__":
    main()
