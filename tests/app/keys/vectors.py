"""Writes docs/vectors/request-signatures.json: messages that another implementation must accept, or refuse by the same code.

Run `python -m tests.app.keys.vectors` after a change of the profile; a test says when the file is out of date.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec.structs import replace

from tests.makers.signed import (
    ANSWER,
    BODY,
    ED25519,
    ES256,
    NOW,
    POLICE,
    PORTAL,
    PRIVATE,
    TARGET,
    WITH_BODY,
    Draft,
    base_of,
    digest_of,
    input_of,
    signed,
)

FILE = Path(__file__).parents[3] / "docs" / "vectors" / "request-signatures.json"
ABOUT = (
    "Messages in, or not quite in, Fuhai's profile of RFC 9421 and RFC 9530. `now` and `created` are seconds since 1970; `expect` is "
    "`ok` or the code of the refusal; header fields stand in the order received; `answers` is what an answer repeats of its request. "
    "The private keys are published and worthless."
)
READ = Draft(
    tag="fuhai-terminal-read",
    method="GET",
    target=TARGET + "?since=0",
    headers={},
    body=b"",
    components=("@method", "@target-uri"),
)
PAY = Draft()
ASK = Draft(keyid=PORTAL, tag="fuhai-exchange", target="https://gaj.dept.fuhai.example/exchange/household")


def _signature(draft: Draft) -> str:
    return dict(signed(draft))["signature"]


RECEIPT = replace(
    PAY,
    tag="fuhai-terminal-answer",
    keyid=PORTAL,
    components=ANSWER,
    nonce=None,
    headers={"content-type": "application/json"},
    request_signature=_signature(PAY),
)


def vectors() -> Iterator[dict[str, Any]]:
    """Every vector, in order."""
    yield from _accepted()
    yield from _refused_by_form()
    yield from _refused_by_cover()
    yield from _refused_by_truth()
    yield from _answers()


def _accepted() -> Iterator[dict[str, Any]]:
    yield _vector("a payment, ES256", PAY)
    yield _vector("a payment, Ed25519", replace(PAY, keyid=ED25519))
    yield _vector("an empty body is a body", replace(PAY, body=b""))
    yield _vector("a body in Chinese", replace(PAY, body='{"备注":"福海"}'.encode()))
    yield _vector("components in another order", replace(PAY, components=WITH_BODY[::-1]))
    yield _vector("alg is named, and is the key's, ES256", replace(PAY, extra=';alg="ecdsa-p256-sha256"'))
    yield _vector("alg is named, and is the key's, Ed25519", replace(PAY, keyid=ED25519, extra=';alg="ed25519"'))
    yield _vector("a read, ES256", READ)
    yield _vector("a read, Ed25519", replace(READ, keyid=ED25519))
    yield _vector("a question to a department", ASK)
    yield _vector("as old as may be", replace(PAY, created=NOW - 60))
    yield _vector("as far ahead as clocks may differ", replace(PAY, created=NOW + 60))


def _refused_by_form() -> Iterator[dict[str, Any]]:
    malformed = "signature_malformed"
    yield _vector("no signature", PAY, "signature_missing", drop="signature")
    yield _vector("no signature input", PAY, "signature_missing", drop="signature-input")
    yield _vector("another label", replace(PAY, label="sig2"), malformed)
    both = dict(signed(PAY))["signature-input"] + ", " + dict(signed(replace(PAY, label="sig2")))["signature-input"]
    yield _vector("two signatures", PAY, malformed, put={"signature-input": both})
    yield _vector("a component twice", replace(PAY, components=(*WITH_BODY, "@method")), malformed)
    yield _vector("an unknown parameter", replace(PAY, extra=f";expires={NOW + 60}"), malformed)
    yield _vector("a parameter twice", replace(PAY, extra=f";created={NOW}"), malformed)
    yield _vector("created is a string", replace(PAY, created=f'"{NOW}"'), malformed)
    spaced = dict(signed(PAY))["signature-input"].replace("t-000123.", "t-000123 ")
    yield _vector("a keyid with a space", PAY, malformed, put={"signature-input": spaced})
    yield _vector("no nonce", replace(PAY, nonce=None), malformed)
    yield _vector("a short nonce", replace(PAY, nonce="short"), malformed)
    yield _vector("white space before a parameter", replace(PAY, extra=f'; alg="{ES256}"'), malformed)
    yield _vector(
        "63 bytes of signature", PAY, malformed, put={"signature": f"sig1=:{base64.b64encode(bytes(63)).decode()}:"}
    )
    spare = _signature(PAY)[:-4] + chr(ord(_signature(PAY)[-4]) + 1) + "==:"
    yield _vector("base64 with spare bits set", PAY, malformed, put={"signature": spare})
    yield _vector("two digests", _digested(f"{digest_of(BODY)}, {digest_of(BODY, 'sha-512')}"), malformed)
    yield _vector("SHA-512 only", _digested(digest_of(BODY, "sha-512")), malformed)
    yield _vector("a content type twice", PAY, malformed, add=("Content-Type", "application/json"))
    yield _vector("a fragment in the target", replace(PAY, target=TARGET + "#a"), malformed)


def _refused_by_cover() -> Iterator[dict[str, Any]]:
    uncovered = "signature_not_covering"
    for left_out in WITH_BODY:
        kept = tuple(name for name in WITH_BODY if name != left_out)
        yield _vector(f"{left_out} isn't covered", replace(PAY, components=kept), uncovered)
    yield _vector("nothing is covered", replace(PAY, components=()), uncovered)
    yield _vector(
        "more is covered", replace(PAY, components=(*WITH_BODY, "date"), headers=PAY.headers | {"date": "x"}), uncovered
    )
    wide = replace(READ, components=(*READ.components, "content-type"), headers={"content-type": "application/json"})
    yield _vector("a read that covers more", wide, uncovered)
    yield _vector("a covered field isn't there", PAY, uncovered, drop="idempotency-key")
    yield _vector("a read's cover on a payment", replace(PAY, components=READ.components), uncovered)
    yield _vector("another profile", replace(PAY, tag="fuhai-exchange"), "signature_of_another_profile")
    yield _vector("a read's tag on a payment", replace(PAY, tag="fuhai-terminal-read"), "signature_of_another_profile")


def _refused_by_truth() -> Iterator[dict[str, Any]]:
    wrong = "signature_wrong"
    yield _vector("too old", replace(PAY, created=NOW - 61), "signature_too_old")
    yield _vector("from the future", replace(PAY, created=NOW + 61), "signature_from_future")
    yield _vector("alg of another key", replace(PAY, extra=';alg="ed25519"'), "signature_algorithm_wrong")
    yield _vector("another body", PAY, "digest_mismatch", message={"body": BODY.decode().replace("1250", "1251")})
    yield _vector(
        "another body and its digest", PAY, wrong, put={"content-digest": digest_of(b"{}")}, message={"body": "{}"}
    )
    yield _vector("another method", PAY, wrong, message={"method": "PUT"})
    yield _vector("another target", PAY, wrong, message={"target_uri": TARGET + "/reverse"})
    yield _vector("another content type", PAY, wrong, put={"content-type": "text/plain"})
    yield _vector("another idempotency key", PAY, wrong, put={"idempotency-key": "0193-0002"})
    yield _vector(
        "a nonce put in later", PAY, wrong, put={"signature-input": f"sig1={input_of(replace(PAY, nonce='A' * 20))}"}
    )
    other = dict(signed(PAY))["signature-input"].replace(ES256, PORTAL)
    yield _vector("another's keyid", PAY, wrong, put={"signature-input": other})
    unknown = dict(signed(PAY))["signature-input"].replace("t-000123", "t-999999")
    yield _vector("an unknown keyid", PAY, "key_unknown", put={"signature-input": unknown})


def _answers() -> Iterator[dict[str, Any]]:
    yield _vector("an answer, ES256", RECEIPT)
    yield _vector("an answer, Ed25519", replace(RECEIPT, keyid=ED25519))
    yield _vector("an answer with another status", RECEIPT, "signature_wrong", message={"status": 201})
    yield _vector("an answer with another body", RECEIPT, "digest_mismatch", message={"body": "{}"})
    another = replace(PAY, nonce="bm9uY2UtMi1ub25jZS0yLQ")
    yield _vector("an answer to another request", RECEIPT, "signature_wrong", message={"answers": _binding(another)})
    bare = replace(RECEIPT, components=ANSWER[:2])
    yield _vector("an answer that repeats nothing of its request", bare, "signature_not_covering")
    yield _vector(
        "an answer under a request's tag", replace(RECEIPT, tag="fuhai-terminal"), "signature_of_another_profile"
    )
    yield _vector("an answer with a nonce", replace(RECEIPT, nonce="A" * 20), "signature_malformed")
    reply = replace(RECEIPT, keyid=POLICE, tag="fuhai-exchange-answer")
    yield _vector("a department's answer", reply)


def _digested(digest: str) -> Draft:
    return replace(PAY, headers=PAY.headers | {"content-digest": digest})


def _binding(draft: Draft) -> dict[str, str]:
    return {"method": draft.method, "target_uri": draft.target, "signature": _signature(draft)}


def _vector(name: str, draft: Draft, expect: str = "ok", **surgery: Any) -> dict[str, Any]:
    """One vector: the draft as signed, then what was done to it."""
    answered = bool(draft.request_signature)
    put, drop, add = surgery.get("put", {}), surgery.get("drop"), surgery.get("add")
    headers = [[field, put.get(field, value)] for field, value in signed(draft) if field != drop]
    start: dict[str, Any] = (
        {"status": draft.status} if answered else {"method": draft.method, "target_uri": draft.target}
    )
    message: dict[str, Any] = start | {"headers": [*headers, list(add)] if add else headers}
    message |= {"body": draft.body.decode()} | ({"answers": _binding(PAY)} if answered else {})
    base = base_of(draft, dict(signed(draft)), input_of(draft)).decode()
    profile = (
        "fuhai-exchange"
        if draft.tag.startswith("fuhai-exchange") and "another profile" not in name
        else "fuhai-terminal"
    )
    kind = "answer" if answered else "request"
    made = {"name": name, "kind": kind, "profile": profile, "now": NOW, "expect": expect, "signed_base": base}
    return made | {"message": message | surgery.get("message", {})}


def _keys() -> dict[str, Any]:
    return {keyid: _key(key) for keyid, key in PRIVATE.items()}


def _key(key: Any) -> dict[str, str]:
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if isinstance(key, Ed25519PrivateKey):
        return {
            "algorithm": "ed25519",
            "spki": base64.b64encode(spki).decode(),
            "secret": key.private_bytes_raw().hex(),
        }
    secret = format(key.private_numbers().private_value, "064x")
    return {"algorithm": "ecdsa-p256-sha256", "spki": base64.b64encode(spki).decode(), "secret": secret}


def document() -> str:
    """The whole file."""
    return (
        json.dumps({"about": ABOUT, "keys": _keys(), "vectors": list(vectors())}, ensure_ascii=False, indent=1) + "\n"
    )


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
