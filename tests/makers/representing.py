"""Calls in somebody else's name, and what the log says of them."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import httpx

from app.audit.acts import Act
from app.identity.sessions import IDENTITY
from app.kernel.actors import Citizen, Scope
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of
from tests.makers.callers import headers

LICENCES: Final = "/v1/licences"
READ: Final[Mapping[Scope, tuple[str, ...]]] = {
    Scope.CASES: ("/v1/cases",),
    Scope.RECORDS_READ: ("/v1/me/timeline", "/v1/me/timeline/buckets"),
    Scope.LICENCES_READ: (LICENCES,),
    Scope.NOTICES_READ: ("/v1/inbox",),
    Scope.CARD_READ: ("/v1/card", "/v1/card/transactions", "/v1/card/spending", "/v1/card/statements"),
    Scope.DISK_READ: ("/v1/disk", "/v1/disk/nodes"),
}
"""What can be read with each scope, by its address."""


async def acting(delegate: Citizen, person: Citizen | UUID) -> dict[str, str]:
    return await headers(delegate) | {"Fuhai-Acting-For": str(person.id if isinstance(person, Citizen) else person)}


async def acted_for(person: UUID) -> list[tuple[str, str, str]]:
    """Actor, kind and id of the basis of everything done in a person's name."""
    async with transaction(IDENTITY):
        rows = await fetch_all(
            "SELECT actor, basis_kind, basis_id FROM act WHERE shard = $1 AND citizen_id = $2 AND act = $3 ORDER BY id",
            *(shard_of(person), person, Act.ACTED_FOR.value),
        )
    return [tuple(row) for row in rows]


async def code_of(http: httpx.AsyncClient, path: str, told: dict[str, str]) -> str:
    answer = await http.get(path, headers=told)
    return str(answer.json()["code"]) if answer.status_code >= 400 else "ok"
