"""`/v1/licences`."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from app.kernel.actors import Citizen, Scope
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import ParameterWrong, problems
from lifecycle.licences import documents, reading
from lifecycle.licences.errors import LicenceBeingMade, LicenceNotFound
from lifecycle.licences.structs import LicenceView


class LicenceController(Controller):
    """Electronic licences of oneself and one's wards."""

    path = "/v1/licences"
    tags = ("Licences",)
    opt = {LEVEL: BY_NAME, DATA: ("identity", "family"), "acting_for": Scope.LICENCES_READ}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listLicences", responses=problems(CursorWrong, ParameterWrong))
    async def licences(
        self, citizen: NamedDependency[Citizen], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[LicenceView]:
        """List your licences and your wards', newest first."""
        return await reading.licences(citizen, cursor, limit)

    @get("/{licence_id:uuid}", operation_id="getLicence", responses=problems(LicenceNotFound, ParameterWrong))
    async def licence(self, citizen: NamedDependency[Citizen], licence_id: FromPath[UUID]) -> LicenceView:
        """Show one licence with everything that stands on it."""
        return await reading.licence(citizen, licence_id)

    @get(
        "/{licence_id:uuid}/pdf",
        operation_id="getLicencePdf",
        responses=problems(LicenceNotFound, LicenceBeingMade, ParameterWrong),
    )
    async def pdf(self, citizen: NamedDependency[Citizen], licence_id: FromPath[UUID]) -> Response[bytes]:
        """Get the licence as a PDF that carries the city's seal and a time-stamp (PAdES B-LT)."""
        view, pdf = await documents.pdf(citizen, licence_id)
        return Response(
            pdf,
            media_type="application/pdf",
            headers={
                "Content-Disposition": f'attachment; filename="{view.number}.pdf"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )
