"""Licences, made without a case, and what is presented of them."""

import base64
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, Officer
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import new_id, shard_of
from app.kernel.words import Words
from lifecycle.licences import ending, presenting, reading
from lifecycle.licences.ending_structs import Proposing, Stepping
from lifecycle.licences.issuing import issue
from lifecycle.licences.kinds import CERT_HUKOU
from lifecycle.licences.presentation_structs import NewPresentation, PresentationShown
from lifecycle.licences.stepping import ISSUER
from lifecycle.licences.structs import Grant, LicenceView, Line
from tests.makers.people import a_grant, an_officer

NAME = Line(Words(zh="姓名", en="Name"), "王小红", "name")
NUMBER = Line(Words(zh="公民身份号码", en="Identity number"), "370602199001011234", "identity_number")
ADDRESS = Line(Words(zh="住址", en="Address"), "芝罘区向阳街道1号", "address")
UNNAMED = Line(Words(zh="备注", en="Note"), "首次签发")
LINES = (NAME, NUMBER, ADDRESS, UNNAMED)
INQUIRY = Stepping("under_inquiry", "有人举报登记信息有误，正在核查。")
CLEARED = Stepping("cleared", "核查完毕，登记信息无误。")
FRAUD = Proposing("annul", "fraud", "登记材料系伪造。")
ASKED = Proposing("revoke", "holder_asked", "持证人申请注销。")


async def a_licence_of(holder_id: UUID, **changes: Any) -> LicenceView:
    """A licence of somebody's, just issued."""
    grant = Grant(
        type_code=CERT_HUKOU,
        holder_id=holder_id,
        department="GAJ",
        lines=LINES,
        case_id=new_id(holder_id),
        case_number="YT2026112201000001",
        matter_code="birth_household_registration",
        division="370602",
    )
    async with transaction(ISSUER):
        return await reading.find(await issue(msgspec.structs.replace(grant, **changes)))


def a_licence_officer(division: str = "370602", department: str = "GAJ") -> Officer:
    """Somebody who may suspend and end licences."""
    return an_officer(a_grant(ending.RIGHT, division=division), department=department)


async def state_of(licence: LicenceView) -> str:
    """How a licence stands now."""
    async with transaction(ISSUER):
        return (await reading.find(licence.id)).state


async def a_presentation(citizen: Citizen, licence: LicenceView, *lines: str, **told: str) -> PresentationShown:
    """Some lines (the name, if none are said) of a licence, shown to somebody."""
    return await presenting.present(citizen, licence.id, NewPresentation(lines or ("name",), **told))


async def verified(http: httpx.AsyncClient, **shown: str) -> dict[str, Any]:
    """What anybody is told by `/v1/verify`."""
    answer = await http.post("/v1/verify", json=shown)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


def facts(said: dict[str, Any]) -> dict[str, str]:
    """What was told beside yes or no, by its English name."""
    return {one["name"]["en"]: one["value"] for one in (said["finding"] or {"facts": []})["facts"]}


async def issued_on(licence: LicenceView, day: date, valid_to: date) -> None:
    """Let a licence have been issued on a day, to be valid to another."""
    async with transaction(ISSUER):
        at = clock.now() - timedelta(days=(clock.today() - day).days)
        await execute("UPDATE licence SET issued_at = $2, valid_to = $3 WHERE id = $1", licence.id, at, valid_to)


async def told_of(person: UUID, kind: str) -> list[Any]:
    """The notices of a kind that somebody got."""
    async with transaction(ISSUER):
        return await fetch_all(
            "SELECT * FROM notice WHERE shard = $1 AND citizen_id = $2 AND phrase LIKE $3 ORDER BY id",
            *(shard_of(person), person, kind),
        )


async def acts_about(person: UUID) -> list[str]:
    """What was done about somebody, in order."""
    async with transaction(ISSUER):
        rows = await fetch_all(
            "SELECT act FROM act WHERE shard = $1 AND citizen_id = $2 ORDER BY id", shard_of(person), person
        )
    return [row["act"] for row in rows]


def part(token: str, place: int) -> dict[str, Any]:
    """A part of a JWT: the header (0) or the claims (1)."""
    text = token.split("~", maxsplit=1)[0].split(".")[place]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found
