"""What the contract says in words: its introduction, its tags, how callers prove who they are, and headers."""

from collections.abc import Callable
from typing import Any, Final

from litestar.handlers import HTTPRouteHandler

DESCRIPTION: Final = """\
The portal of a city for its citizens' whole lives.

JSON in UTF-8, snake_case. Times are RFC 3339 at +08:00, dates `YYYY-MM-DD` in Asia/Shanghai, money whole fen (`*_fen`).
Lists come in pages: `?cursor=&limit=` gives `{"items": […], "next": "…" | null}`.

Refusals are problem documents (RFC 9457, `application/problem+json`) whose `code` is stable; facts stand beside it, and
`errors` points at bad fields. Titles are Chinese, or English where `Accept-Language` prefers it.

What citizens may do needs a level of assurance: 1 by phone, 2 by real name, 3 on an enrolled device (`x-required-level`). Below
it the answer is `assurance_too_low` with `ways`: the operations that lead up.

Whoever acts for another, by a power that they gave or as their guardian, names them in `Fuhai-Acting-For`, where the operation takes it.

Every request with an effect may carry `Idempotency-Key`: a repeat is answered as the first was. The API only grows: ignore
fields and values that you don't know.
"""

TAGS: Final = {
    "Operations": "Is it alive, and can it work?",
    "Trust": "The keys that access tokens are signed with.",
    "Signing in": "Getting, keeping and leaving a session.",
    "Identity": "Who I am: real name, devices, family.",
    "Life": "My whole life on one page, and the lifelong record.",
    "Access log": "Who looked at my data.",
    "Access questions": "Citizens ask officers why they looked.",
    "Sealed log": "Checkpoints and proofs of the log that nobody can rewrite.",
    "Rights": "What my data may be used for.",
    "Catalogue": "Stages of life and their matters, search, calculators.",
    "Catalogue review": "Changes of matters' texts: one officer proposes, another one publishes.",
    "Agenda": "What comes next.",
    "Life events": "What happened in my life, and what follows; a wrong one is taken back.",
    "Entitlements": "What I am entitled to, by which law and which facts.",
    "Benefits": "Benefits without an application: confirmed or declined.",
    "Facts": "What is known of me, who says so, and what is missing.",
    "Queries": "Live answers of departments.",
    "Cases": "Applications, from draft to decision.",
    "Licences": "Electronic licences (电子证照).",
    "Inbox": "What I was told.",
    "Card": "The citizen card: balance, payments, top-ups.",
    "Cloud disk": "My files.",
    "Terminals": "Points of sale; every request is signed.",
    "Settlement": "What merchants are paid, and what differs between the books; two officers resolve it.",
    "Terminal keeping": "Who lets points of sale in, and closes them.",
    "Officers": "Signing in as an officer.",
    "Administration": "Officers and their rights; system, security and audit administrators are three people.",
    "Looks": "An officer's look at a person: on a basis, or by break-glass that a second officer sees.",
    "Desk": "The departments' desk.",
    "Bundles": "Several matters of several departments by one form, signed once.",
    "Appointments": "Times at departments' venues: booked, waited for, given back, kept.",
    "Subscriptions": "What departments may send: off until it is switched on, off again at once.",
    "Bills": "What you owe departments and the city's companies, paid from your card.",
    "Campaigns": "Audiences and campaigns; two officers approve.",
    "Departments": "What departments push, signed.",
    "Callbacks": "What payment channels tell us.",
    "Certificates": "Authorities, revocation, time-stamps.",
    "Verification": "Is what I was shown genuine?",
}

SECURITY_SCHEMES: Final[dict[str, Any]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of 5 minutes (at+jwt, ES256) that isn't bound to a key; assurance level 2 at the most.",
    },
    "dpop": {
        "type": "http",
        "scheme": "DPoP",
        "description": (
            "An access token bound to a device's key, with a proof of it in the header `DPoP` of each request (RFC 9449)."
        ),
    },
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": (
            "HTTP message signature (RFC 9421) with `Signature-Input` and `Content-Digest` (RFC 9530), ES256 or Ed25519, "
            "one signature, a tag per use, created within 60 s, a nonce used once; docs/vectors has examples."
        ),
    },
}

Belongs = Callable[[HTTPRouteHandler], bool]


def _asks_for(name: str) -> Belongs:
    return lambda handler: name in handler.parsed_fn_signature.parameters


HEADERS: Final[dict[str, tuple[Belongs, dict[str, Any]]]] = {
    "Idempotency-Key": (
        _asks_for("once"),
        {
            "description": "Chosen by the caller, new for each act; makes a retry harmless (kept at least 24 hours).",
            "schema": {"type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[\\x21-\\x7e]+$"},
        },
    ),
    "Fuhai-Acting-For": (
        lambda handler: "acting_for" in handler.opt,
        {
            "description": (
                "The id of the person for whom you act, by a power that they gave you or as their guardian. Other operations "
                "refuse it."
            ),
            "schema": {"type": "string", "format": "uuid"},
        },
    ),
    "DPoP": (
        _asks_for("proved_key"),
        {"description": "A proof of a key (RFC 9449), to bind the session to it.", "schema": {"type": "string"}},
    ),
    "Last-Event-ID": (
        lambda handler: handler.media_type == "text/event-stream",
        {
            "description": "The last event that was received; the stream goes on after it.",
            "schema": {"type": "string", "format": "uuid"},
        },
    ),
}
"""Headers that endpoints read without declaring them: to whom each belongs, and what it is."""
