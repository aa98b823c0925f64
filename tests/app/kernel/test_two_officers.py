"""Two people where two are asked for, and nobody in their own affair."""

from uuid import UUID, uuid4

import pytest

from app.kernel.actors import Officer, SameOfficer
from app.kernel.two_officers import require_not_ones_own, require_other_person

OTHER_ACCOUNT = uuid4()


def an_officer(person_id: UUID | None = None) -> Officer:
    return Officer(uuid4(), "李建国", "GAJ", person_id=person_id, accounts=(OTHER_ACCOUNT,))


class TestOtherPerson:
    def test_is_needed_by_id_and_by_principal_in_every_account(self) -> None:
        officer = an_officer()

        for done_by in (officer.id, officer.principal, OTHER_ACCOUNT, f"officer:{OTHER_ACCOUNT}"):
            with pytest.raises(SameOfficer):
                require_other_person(done_by, officer)
        for other in (UUID(int=1), "officer:somebody", "system:officers", None):
            require_other_person(other, officer)


class TestOnesOwn:
    def test_affair_is_anothers_to_handle(self) -> None:
        person = uuid4()

        with pytest.raises(SameOfficer):
            require_not_ones_own(an_officer(person), uuid4(), person)
        require_not_ones_own(an_officer(person), uuid4(), None)

    def test_is_nothing_where_nobody_said_who_the_officer_is(self) -> None:
        require_not_ones_own(an_officer(), uuid4(), None)
