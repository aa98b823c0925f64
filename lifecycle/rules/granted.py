"""What was granted here, by the cases that are known of somebody. Pure."""

from lifecycle.rules.fact_kinds import CASES, CaseStanding
from lifecycle.rules.looking import Looking


def granted(looking: Looking, matter: str) -> tuple[CaseStanding, ...]:
    """The cases of a matter that were granted; none also where no cases are known."""
    return tuple(case for case in looking.find(CASES) or () if case.matter == matter and case.issued)
