"""`/v1/disk`: folders and files."""

import re
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation

from app.kernel.actors import Citizen, Scope
from app.kernel.assurance import BY_NAME, LEVEL
from app.kernel.errors import PreconditionFailed
from app.kernel.idempotency import IdempotencyKeyReused, Once, StillRunning
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyWrong, problems
from cloud_disk import errors, nodes, uploads
from cloud_disk.names import NameNotAllowed
from cloud_disk.structs import DiskView, DownloadView, NewFolder, NewUpload, NodeChange, NodeView, UploadView
from integrations.object_store.port import ObjectStore, StoreUnavailable

_PLACING = (errors.NodeNotFound, errors.NotAFolder, errors.FolderTooDeep, errors.NameTaken, NameNotAllowed, BodyWrong)
_REPEATING = (IdempotencyKeyReused, StillRunning)
_ETAG: Final = re.compile(r'"?([0-9]{1,9})"?')
_NO_VERSION: Final = -1
_READ_FOR_OTHERS: Final = {"acting_for": Scope.DISK_READ}


class DiskController(Controller):
    """Folders and files of the citizen's disk."""

    path = "/v1/disk"
    tags = ("Cloud disk",)
    opt = {LEVEL: BY_NAME}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="getDisk", opt=_READ_FOR_OTHERS)
    async def disk(self, citizen: NamedDependency[Citizen]) -> DiskView:
        """Show how full your disk is."""
        return await nodes.disk(citizen)

    @get(
        "/nodes",
        operation_id="listNodes",
        opt=_READ_FOR_OTHERS,
        responses=problems(errors.NodeNotFound, errors.NotAFolder, CursorWrong),
    )
    async def listing(
        self,
        citizen: NamedDependency[Citizen],
        parent_id: FromQuery[UUID | None] = None,
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[NodeView]:
        """List a folder of yours, or the top."""
        return await nodes.listing(citizen, parent_id, cursor, limit)

    @post("/nodes", operation_id="makeFolder", responses=problems(*_PLACING, *_REPEATING))
    async def make_folder(
        self, citizen: NamedDependency[Citizen], data: JSONBody[NewFolder], once: NamedDependency[Once]
    ) -> NodeView:
        """Make a folder."""
        return await once(citizen, NodeView, lambda: nodes.make_folder(citizen, data))

    @get("/nodes/{node_id:uuid}", operation_id="getNode", opt=_READ_FOR_OTHERS, responses=problems(errors.NodeNotFound))
    async def node(self, citizen: NamedDependency[Citizen], node_id: FromPath[UUID]) -> Response[NodeView]:
        """Show a folder or file; its version is also the ETag."""
        return _tagged(await nodes.node(citizen, node_id))

    @patch(
        "/nodes/{node_id:uuid}",
        operation_id="changeNode",
        responses=problems(*_PLACING, errors.MoveIntoItself, PreconditionFailed),
    )
    async def change(
        self,
        request: Request[Any, Any, Any],
        citizen: NamedDependency[Citizen],
        node_id: FromPath[UUID],
        data: JSONBody[NodeChange],
    ) -> Response[NodeView]:
        """Rename or move a folder or file; with `If-Match`, only if nobody changed it meanwhile."""
        return _tagged(await nodes.change(citizen, node_id, data, _version(request.headers.get("if-match"))))

    @delete("/nodes/{node_id:uuid}", status_code=200, operation_id="trashNode", responses=problems(errors.NodeNotFound))
    async def put_into_trash(self, citizen: NamedDependency[Citizen], node_id: FromPath[UUID]) -> NodeView:
        """Put a folder or file into the trash."""
        return await nodes.put_into_trash(citizen, node_id)

    @get("/trash", operation_id="listTrash", responses=problems(CursorWrong))
    async def trash(
        self,
        citizen: NamedDependency[Citizen],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[NodeView]:
        """List what is in your trash."""
        return await nodes.trash(citizen, cursor, limit)

    @post(
        "/trash/{node_id:uuid}/restore",
        status_code=200,
        operation_id="restoreNode",
        responses=problems(errors.NodeNotFound, errors.NameTaken),
    )
    async def restore(self, citizen: NamedDependency[Citizen], node_id: FromPath[UUID]) -> NodeView:
        """Take something out of the trash."""
        return await nodes.restore(citizen, node_id)

    @post(
        "/uploads",
        operation_id="announceUpload",
        responses=problems(*_PLACING, errors.FileTooLarge, errors.DiskFull, *_REPEATING),
    )
    async def announce(
        self,
        citizen: NamedDependency[Citizen],
        data: JSONBody[NewUpload],
        store: NamedDependency[SkipValidation[ObjectStore]],
        once: NamedDependency[Once],
    ) -> UploadView:
        """Announce a file; post its bytes straight to the store with the form that you get."""
        return await once(citizen, UploadView, lambda: uploads.announce(citizen, data, store))

    @post(
        "/uploads/{node_id:uuid}/form",
        status_code=200,
        operation_id="renewUploadForm",
        responses=problems(errors.NodeNotFound, errors.FileNotReady),
    )
    async def form_again(
        self,
        citizen: NamedDependency[Citizen],
        node_id: FromPath[UUID],
        store: NamedDependency[SkipValidation[ObjectStore]],
    ) -> UploadView:
        """Get a new form for a file whose bytes haven't come yet."""
        return await uploads.form_again(citizen, node_id, store)

    @post(
        "/uploads/{node_id:uuid}/complete",
        status_code=200,
        operation_id="completeUpload",
        responses=problems(errors.NodeNotFound, errors.BytesMissing, StoreUnavailable),
    )
    async def complete(
        self,
        citizen: NamedDependency[Citizen],
        node_id: FromPath[UUID],
        store: NamedDependency[SkipValidation[ObjectStore]],
    ) -> NodeView:
        """Say that the bytes were posted; the file is checked and then ready."""
        return await uploads.complete(citizen, node_id, store)

    @get(
        "/nodes/{node_id:uuid}/download",
        operation_id="downloadFile",
        opt=_READ_FOR_OTHERS,
        responses=problems(errors.NodeNotFound, errors.FileNotReady),
    )
    async def download(
        self,
        citizen: NamedDependency[Citizen],
        node_id: FromPath[UUID],
        store: NamedDependency[SkipValidation[ObjectStore]],
    ) -> DownloadView:
        """Get an address that gives the file's bytes for about a minute."""
        return await uploads.download(citizen, node_id, store)


def _tagged(node: NodeView) -> Response[NodeView]:
    return Response(node, headers={"ETag": f'"{node.version}"'})


def _version(if_match: str | None) -> int | None:
    """The version in `If-Match`; what isn't one of our ETags matches nothing."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    return int(found[1]) if found else _NO_VERSION
