"""`POST /v1/me/export`, and fetching what was ordered."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, SkipValidation

from app.kernel.actors import DATA_CLASSES, Citizen
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.errors import Unauthorized
from app.kernel.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused, IdempotencyKeyWrong, Once, StillRunning
from app.kernel.problems import ParameterWrong, problems
from app.privacy import exporting
from app.privacy.errors import DecidesThemselves, ExportNotFound, ExportNotReady, ExportTooSoon, NotYoursToDecide
from app.privacy.structs import ExportDownload, ExportList, ExportView
from integrations.object_store.port import ObjectStore


class ExportController(Controller):
    """Everything that the portal holds about you, or about a ward below 14, as a sealed archive."""

    path = "/v1/me"
    tags = ("Rights",)
    opt = {LEVEL: BY_NAME}  # noqa: RUF012 - litestar's own shape

    @post(
        "/export",
        operation_id="orderExport",
        status_code=202,
        responses=problems(
            *(Unauthorized, ExportTooSoon, NotYoursToDecide, DecidesThemselves, ParameterWrong),
            *(IdempotencyKeyMissing, IdempotencyKeyWrong, IdempotencyKeyReused, StillRunning),
        ),
    )
    async def order(
        self,
        citizen: NamedDependency[Citizen],
        once: NamedDependency[Once],
        person_id: FromQuery[UUID | None] = None,
    ) -> ExportView:
        """Order an archive of everything about you (or a ward below 14), at most one a day; you are told when it is ready."""
        once.required()
        return await once(citizen, ExportView, lambda: exporting.order(citizen, person_id))

    @get(
        "/exports",
        operation_id="listExports",
        responses=problems(Unauthorized, NotYoursToDecide, DecidesThemselves, ParameterWrong),
    )
    async def mine(self, citizen: NamedDependency[Citizen], person_id: FromQuery[UUID | None] = None) -> ExportList:
        """List the exports about you (or a ward below 14), newest first."""
        return await exporting.my_exports(citizen, person_id)

    @get(
        "/exports/{export_id:uuid}",
        operation_id="getExport",
        responses=problems(Unauthorized, ExportNotFound, DecidesThemselves),
    )
    async def one(self, citizen: NamedDependency[Citizen], export_id: FromPath[UUID]) -> ExportView:
        """See how far an export is."""
        return await exporting.my_export(citizen, export_id)

    @get(
        "/exports/{export_id:uuid}/download",
        operation_id="downloadExport",
        opt={DATA: DATA_CLASSES},
        responses=problems(Unauthorized, ExportNotFound, ExportNotReady, DecidesThemselves),
    )
    async def download(
        self,
        citizen: NamedDependency[Citizen],
        export_id: FromPath[UUID],
        store: NamedDependency[SkipValidation[ObjectStore]],
    ) -> ExportDownload:
        """Get an address that gives the archive for about a minute."""
        return await exporting.download(citizen, export_id, store)
