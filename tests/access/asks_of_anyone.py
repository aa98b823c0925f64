"""What is asked by anyone, by departments and by channels."""

import base64
import secrets
from typing import Final
from urllib.parse import quote
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from rfc3161_client import TimestampRequestBuilder

from app.kernel import clock
from app.pki.authorities import TIMESTAMPS, authorities
from integrations.exchange.messages import digest_of
from integrations.exchange.structs import LateAnswer, Push
from tests.access.ask import Ask, media, said
from tests.access.scene import Scene
from tests.makers.people import an_id_number


def _ocsp_request(_scene: Scene) -> bytes:
    trusted = authorities()
    leaf, issuer = trusted.own[TIMESTAMPS.label].certificate, trusted.issuer(TIMESTAMPS.kind).certificate
    return ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA256()).build().public_bytes(Encoding.DER)


async def _asked_by_address(scene: Scene) -> None:
    scene.things["ocsp_request"] = quote(base64.b64encode(_ocsp_request(scene)), safe="")


def _stamp_request(_scene: Scene) -> bytes:
    return TimestampRequestBuilder().data(b"something").build().as_bytes()


def _push(_scene: Scene) -> bytes:
    told = {
        "certificate_no": f"Y37{secrets.randbelow(10**7):07d}",
        "hospital": "烟台市妇幼保健院",
        "child": {"sex": "male", "born_at": clock.now(), "weight_g": 3200, "length_mm": 500},
        "mother": {"name": "于晓彤", "id_number": an_id_number()},
        "father": None,
    }
    push = Push(
        UUID(bytes=secrets.token_bytes(16), version=4),
        "child_born",
        clock.now(),
        "WJW",
        msgspec.Raw(msgspec.json.encode(told)),
    )
    return msgspec.json.encode(push)


def _late_answer(_scene: Scene) -> bytes:
    """An answer that nobody waits for."""
    request_id = UUID(bytes=secrets.token_bytes(16), version=4)
    late = LateAnswer(
        id=UUID(bytes=secrets.token_bytes(16), version=4),
        request_id=request_id,
        question_digest=digest_of(b"{}"),
        ticket="WJW-1",
        department="WJW",
        at=clock.now(),
        as_of=clock.now(),
        status="not_found",
    )
    return msgspec.json.encode(late)


OF_ANYONE: Final[dict[str, Ask]] = {
    "getStage": Ask(path={"stage": "stage_birth"}),
    "getMatter": Ask(path={"code": "matter"}),
    "getMatterForm": Ask(path={"code": "matter"}),
    "describeMatterQuery": Ask(path={"code": "vaccination"}),
    "describeCalculation": Ask(path={"code": "vaccination"}),
    "calculateMatter": Ask(path={"code": "vaccination"}, body=said(birth_date="2026-01-05", sex="female")),
    "queryMatter": Ask(path={"code": "vaccination"}, body=lambda scene: {"child_id": str(scene.things["child_new"])}),
    "prefillCalculation": Ask(path={"code": "vaccination"}),
    "getRevocationList": Ask(path={"name": "crl"}),
    "askStatus": Ask(content=_ocsp_request, headers=media("application/ocsp-request")),
    "getStatus": Ask(before=_asked_by_address, path={"asked": "ocsp_request"}),
    "stampTime": Ask(content=_stamp_request, headers=media("application/timestamp-query")),
    "takeWeChatPayCallback": Ask(body=said(id="EV-1")),
    "takeWeChatPayRefund": Ask(body=said(id="EV-1")),
    "pushDepartmentEvent": Ask(content=_push, headers=media("application/json")),
    "pushLateAnswer": Ask(content=_late_answer, headers=media("application/json")),
    "verify": Ask(body=said(code="YT-NOTHING")),
}
