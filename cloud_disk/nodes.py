"""Folders and files of one citizen: making, listing, renaming, moving, trashing."""

from typing import Final
from uuid import UUID

import asyncpg

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction, violated_constraint
from app.kernel.errors import PreconditionFailed
from app.kernel.ids import new_id, shard_of
from app.kernel.paging import Page, after_id, page
from cloud_disk import names
from cloud_disk.errors import FolderTooDeep, MoveIntoItself, NameTaken, NodeNotFound, NotAFolder
from cloud_disk.rules import LIMITS
from cloud_disk.structs import DiskView, NewFolder, NodeChange, NodeView

"""Before the name is proved an account may still become somebody else's id, under which nothing kept here would be found."""
_ANCESTORS: Final = """
WITH RECURSIVE up AS (
    SELECT id, parent_id, 1 AS depth FROM disk_node WHERE shard = $1 AND citizen_id = $2 AND id = $3
    UNION ALL
    SELECT n.id, n.parent_id, up.depth + 1 FROM disk_node n JOIN up ON n.shard = $1 AND n.id = up.parent_id WHERE up.depth < 100
) SELECT array_agg(id) AS ids, max(depth) AS depth FROM up
"""
_IN_TRASH: Final = """
WITH RECURSIVE up AS (
    SELECT parent_id, trashed_at, 1 AS depth FROM disk_node WHERE shard = $1 AND id = $2
    UNION ALL
    SELECT n.parent_id, n.trashed_at, up.depth + 1 FROM disk_node n JOIN up ON n.shard = $1 AND n.id = up.parent_id WHERE up.depth < 100
) SELECT bool_or(trashed_at IS NOT NULL) FROM up
"""
_LIST: Final = """
SELECT * FROM disk_node WHERE shard = $1 AND citizen_id = $2 AND parent_id IS NOT DISTINCT FROM $3 AND trashed_at IS NULL
AND state <> 'refused' AND ($4::uuid IS NULL OR id > $4) ORDER BY id LIMIT $5
"""
_TRASH: Final = """
SELECT * FROM disk_node WHERE shard = $1 AND citizen_id = $2 AND trashed_at IS NOT NULL
AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""


async def make_folder(citizen: Citizen, folder: NewFolder) -> NodeView:
    """Make a folder; refuses a name that its place holds already."""
    async with transaction(citizen):
        await require_folder(citizen, folder.parent_id)
        node_id, now = new_id(citizen.id), clock.now()
        made = await execute(
            "INSERT INTO disk_node (id, shard, citizen_id, parent_id, kind, name, compared_name, created_at, changed_at, state) "
            "VALUES ($1, $2, $3, $4, 'folder', $5, $6, $7, $7, 'ready') ON CONFLICT DO NOTHING",
            *(node_id, shard_of(node_id), citizen.id, folder.parent_id),
            *(names.kept(folder.name), names.compared(folder.name), now),
        )
        if not made:
            raise NameTaken
        return view(await find(citizen, node_id))


async def listing(citizen: Citizen, parent_id: UUID | None, cursor: str | None, limit: int) -> Page[NodeView]:
    """What a folder (or the top) holds, oldest first."""
    async with transaction(citizen):
        if parent_id is not None:
            await require_folder(citizen, parent_id)
        rows = await fetch_all(_LIST, shard_of(citizen.id), citizen.id, parent_id, after_id(cursor), limit + 1)
    return _page(rows, limit)


async def trash(citizen: Citizen, cursor: str | None, limit: int) -> Page[NodeView]:
    """What was put into the trash, newest first."""
    async with transaction(citizen):
        rows = await fetch_all(_TRASH, shard_of(citizen.id), citizen.id, after_id(cursor), limit + 1)
    return _page(rows, limit)


async def node(citizen: Citizen, node_id: UUID) -> NodeView:
    """One folder or file."""
    async with transaction(citizen):
        return view(await find(citizen, node_id))


async def change(citizen: Citizen, node_id: UUID, wanted: NodeChange, version: int | None) -> NodeView:
    """Rename or move; refuses (`PreconditionFailed`) where somebody changed it since `version`."""
    async with transaction(citizen):
        if wanted.parent_id is not None:
            await lock_disk(citizen)
        row = await find(citizen, node_id, lock=True)
        if version is not None and version != row["version"]:
            raise PreconditionFailed(version=row["version"])
        parent_id = None if wanted.to_top else wanted.parent_id or row["parent_id"]
        if parent_id != row["parent_id"] and parent_id is not None:
            await _refuse_moving_into_itself(citizen, node_id, parent_id)
        name = row["name"] if wanted.name is None else names.kept(wanted.name)
        with naming():
            await execute(
                "UPDATE disk_node SET name = $3, compared_name = $4, parent_id = $5, changed_at = $6, version = version + 1 "
                "WHERE shard = $1 AND id = $2",
                *(shard_of(node_id), node_id, name, names.compared(name), parent_id, clock.now()),
            )
        return view(await find(citizen, node_id))


async def put_into_trash(citizen: Citizen, node_id: UUID) -> NodeView:
    """Put a file or folder into the trash; again changes nothing."""
    async with transaction(citizen):
        row = await find(citizen, node_id, lock=True, trashed=True)
        if row["trashed_at"] is None:
            await _set_trashed(node_id, trashed=True)
            await seal_act(Act.FILE_TRASHED, citizen, about=citizen.id, subject=node_id)
        return view(await find(citizen, node_id, trashed=True))


async def restore(citizen: Citizen, node_id: UUID) -> NodeView:
    """Take something out of the trash, to the top if its folder is in the trash; refuses where its name was taken meanwhile."""
    async with transaction(citizen):
        row = await find(citizen, node_id, lock=True, trashed=True)
        with naming():
            if await lies_in_trash(row["parent_id"]):
                await execute(
                    "UPDATE disk_node SET parent_id = NULL WHERE shard = $1 AND id = $2", shard_of(node_id), node_id
                )
            await _set_trashed(node_id, trashed=False)
        return view(await find(citizen, node_id))


async def disk(citizen: Citizen) -> DiskView:
    """How full the citizen's disk is; what is in the trash counts."""
    async with transaction(citizen):
        return DiskView(used_bytes=await used_bytes(citizen), quota_bytes=LIMITS.on(clock.today(), "quota_bytes"))


async def used_bytes(citizen: Citizen) -> int:
    """Bytes in use or announced, in the transaction in progress."""
    used: int = await fetch_value(
        "SELECT coalesce(sum(size_bytes), 0)::int8 FROM disk_node WHERE shard = $1 AND citizen_id = $2 AND state <> 'refused'",
        *(shard_of(citizen.id), citizen.id),
    )
    return used


async def find(citizen: Citizen, node_id: UUID, *, lock: bool = False, trashed: bool = False) -> Row:
    """A node of the citizen's; another's doesn't exist."""
    row = await fetch_one(
        "SELECT * FROM disk_node WHERE shard = $1 AND id = $2 AND citizen_id = $3 AND ($4 OR trashed_at IS NULL)"
        + (" FOR UPDATE" if lock else ""),
        *(shard_of(node_id), node_id, citizen.id, trashed),
    )
    if row is None:
        raise NodeNotFound
    return row


async def require_folder(citizen: Citizen, parent_id: UUID | None) -> None:
    """Refuse a place that isn't a folder of the citizen's, or is nested too deeply for another level."""
    if parent_id is None:
        return
    if (await find(citizen, parent_id))["kind"] != "folder":
        raise NotAFolder
    deepest = LIMITS.on(clock.today(), "deepest_folder")
    if (
        await fetch_value(f"SELECT depth FROM ({_ANCESTORS}) a", shard_of(parent_id), citizen.id, parent_id)
    ) >= deepest:
        raise FolderTooDeep(deepest=deepest)


async def _refuse_moving_into_itself(citizen: Citizen, node_id: UUID, parent_id: UUID) -> None:
    await require_folder(citizen, parent_id)
    row = await fetch_one(_ANCESTORS, shard_of(parent_id), citizen.id, parent_id)
    if row is not None and node_id in row["ids"]:
        raise MoveIntoItself


async def lock_disk(citizen: Citizen) -> None:
    """Let moves and announcements in one disk follow each other: two at once could make a loop, or pass the quota."""
    await fetch_value("SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", f"disk {citizen.id}")


async def lies_in_trash(folder_id: UUID | None) -> bool:
    """Whether a folder, or one above it, was put into the trash."""
    return folder_id is not None and bool(await fetch_value(_IN_TRASH, shard_of(folder_id), folder_id))


async def _set_trashed(node_id: UUID, *, trashed: bool) -> None:
    await execute(
        "UPDATE disk_node SET trashed_at = $3, version = version + 1 WHERE shard = $1 AND id = $2",
        *(shard_of(node_id), node_id, clock.now() if trashed else None),
    )


class naming:  # noqa: N801 - reads as a word: `with naming():`
    """Say `NameTaken` where the place holds something of that name."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Name the constraint's refusal."""
        if isinstance(error, asyncpg.UniqueViolationError) and violated_constraint(error) == "disk_node_name_once":
            raise NameTaken from error


def _page(rows: list[Row], limit: int) -> Page[NodeView]:
    return page([view(row) for row in rows], limit, rows[limit - 1]["id"] if len(rows) > limit else None)


def view(row: Row) -> NodeView:
    """A node's row as it is shown."""
    shown = {name: row[name] for name in NodeView.__struct_fields__}
    return NodeView(**shown)
