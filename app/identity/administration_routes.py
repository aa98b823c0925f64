"""Officers and their rights, for administrators."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from app.identity import departments, officer_accounts, officer_grants
from app.identity.officer_errors import (
    ActionUnknown,
    AdministrationsExclude,
    DepartmentNotKnown,
    GrantBeyondReach,
    GrantUnknown,
    GrantWithdrawn,
    OfficerCodeTaken,
    OfficerDismissed,
    OfficerUnknown,
)
from app.identity.officer_structs import (
    DepartmentList,
    EnrolmentCode,
    GrantBody,
    GrantView,
    OfficerAppointing,
    OfficerView,
    Withdrawal,
)
from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import problems


class DepartmentController(Controller):
    """Departments and posts."""

    path = "/v1/officer/departments"
    tags = ("Administration",)

    @get("/", operation_id="listDepartments")
    async def departments(self, officer: NamedDependency[Officer]) -> DepartmentList:
        """List the city's departments with their posts."""
        return await departments.departments(officer)


class OfficerAdministrationController(Controller):
    """Officers, for system administrators."""

    path = "/v1/officer/officers"
    tags = ("Administration",)

    @get("/", operation_id="listOfficers", responses=problems(NoRight, CursorWrong))
    async def officers(
        self, officer: NamedDependency[Officer], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[OfficerView]:
        """List the officers of your department (of the whole city, if you administer it), newest first."""
        return await officer_accounts.officers(officer, cursor, limit)

    @post(
        "/",
        operation_id="appointOfficer",
        responses=problems(NoRight, GrantBeyondReach, DepartmentNotKnown, OfficerCodeTaken),
    )
    async def appoint(self, officer: NamedDependency[Officer], data: JSONBody[OfficerAppointing]) -> EnrolmentCode:
        """Appoint an officer. The enrolment code is shown once; the officer's own machine sends it with its key."""
        return await officer_accounts.appoint(officer, data)

    @post(
        "/{officer_id:uuid}/enrolment-code",
        operation_id="giveEnrolmentCode",
        responses=problems(NoRight, SameOfficer, OfficerUnknown, OfficerDismissed),
    )
    async def give_code(self, officer: NamedDependency[Officer], officer_id: FromPath[UUID]) -> EnrolmentCode:
        """Give an officer a new enrolment code, for another machine or after their certificate ended; the one before is void."""
        return await officer_accounts.give_enrolment_code(officer, officer_id)

    @post(
        "/{officer_id:uuid}/dismiss",
        operation_id="dismissOfficer",
        status_code=200,
        responses=problems(NoRight, SameOfficer, OfficerUnknown),
    )
    async def dismiss(
        self, officer: NamedDependency[Officer], officer_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> OfficerView:
        """Dismiss an officer: from their next request on they are out, and their rights are withdrawn."""
        return await once(officer, OfficerView, lambda: officer_accounts.dismiss(officer, officer_id))


class GrantController(Controller):
    """Officers' rights, for security administrators."""

    path = "/v1/officer/officers/{officer_id:uuid}/grants"
    tags = ("Administration",)

    @get("/", operation_id="listGrants", responses=problems(NoRight, OfficerUnknown, CursorWrong))
    async def grants(
        self,
        officer: NamedDependency[Officer],
        officer_id: FromPath[UUID],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[GrantView]:
        """List the rights that an officer holds or held, newest first."""
        return await officer_grants.grants_of(officer, officer_id, cursor, limit)

    @post(
        "/",
        operation_id="grantRight",
        responses=problems(
            *(NoRight, SameOfficer, OfficerUnknown, OfficerDismissed),
            *(ActionUnknown, GrantBeyondReach, AdministrationsExclude),
        ),
    )
    async def grant(
        self,
        officer: NamedDependency[Officer],
        officer_id: FromPath[UUID],
        data: JSONBody[GrantBody],
        once: NamedDependency[Once],
    ) -> GrantView:
        """Grant a right; a sensitive one is proposed, and holds once a second administrator has confirmed it."""
        return await once(officer, GrantView, lambda: officer_grants.propose(officer, officer_id, data))

    @post(
        "/{grant_id:uuid}/confirm",
        operation_id="confirmGrant",
        status_code=200,
        responses=problems(
            *(NoRight, SameOfficer, OfficerUnknown, OfficerDismissed),
            *(GrantUnknown, GrantBeyondReach, GrantWithdrawn),
        ),
    )
    async def confirm(
        self,
        officer: NamedDependency[Officer],
        officer_id: FromPath[UUID],
        grant_id: FromPath[UUID],
        once: NamedDependency[Once],
    ) -> GrantView:
        """Confirm a sensitive right that another administrator proposed."""
        return await once(officer, GrantView, lambda: officer_grants.confirm(officer, officer_id, grant_id))

    @post(
        "/{grant_id:uuid}/withdraw",
        operation_id="withdrawGrant",
        status_code=200,
        responses=problems(NoRight, OfficerUnknown, GrantUnknown, GrantBeyondReach),
    )
    async def withdraw(
        self,
        officer: NamedDependency[Officer],
        officer_id: FromPath[UUID],
        grant_id: FromPath[UUID],
        data: JSONBody[Withdrawal],
    ) -> GrantView:
        """Withdraw a right, with the reason; from the officer's next request on it is gone. Again it changes nothing."""
        return await officer_grants.withdraw(officer, officer_id, grant_id, data.reason)
