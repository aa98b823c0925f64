"""What is paid to social insurance each month: shares of the base, and the flat amounts of residents."""

from datetime import date

import msgspec

from integrations.city.registers import listed


class ResidentFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What residents pay for a year, and in which months they enrol for the next one."""

    pension_year_fen: tuple[int, ...]
    medical_year_fen: dict[str, int]
    enrol_from_month: int
    enrol_until_month: int


class ContributionRates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Thousandths of the base by insurance (险种): of workers, employers, and of who pays alone (灵活就业)."""

    source: str
    valid_from: date
    own_per_mille: dict[str, int]
    employer_per_mille: dict[str, int]
    alone_per_mille: dict[str, int]
    resident: ResidentFigures


def rates() -> ContributionRates:
    """Give the rates in force."""
    figures: ContributionRates = listed("contribution_rates", ContributionRates)
    return figures


def own_fen(code: str, base_fen: int) -> int:
    """Give what a worker pays a month."""
    return base_fen * rates().own_per_mille.get(code, 0) // 1_000


def employer_fen(code: str, base_fen: int) -> int:
    """Give what the employer pays a month."""
    return base_fen * rates().employer_per_mille.get(code, 0) // 1_000


def alone_fen(code: str, base_fen: int) -> int:
    """Give what somebody without an employer pays a month."""
    return base_fen * rates().alone_per_mille.get(code, 0) // 1_000
