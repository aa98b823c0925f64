"""Two people where two are asked for (四眼原则), and nobody in an affair of their own (回避). One person with two accounts is one."""

from uuid import UUID

from app.kernel.actors import Officer, SameOfficer


def require_other_person(done_by: UUID | str | None, officer: Officer) -> None:
    """Refuse (`SameOfficer`) whoever did the first part, named by id or principal, in this account or in another one of theirs."""
    themselves = (officer.id, *officer.accounts)
    if done_by in themselves or done_by in [f"officer:{one}" for one in themselves]:
        raise SameOfficer


def require_not_ones_own(officer: Officer, *people: UUID | None) -> None:
    """Refuse (`SameOfficer`) an officer who is, as a citizen, one of the people concerned."""
    if officer.person_id is not None and officer.person_id in people:
        raise SameOfficer
