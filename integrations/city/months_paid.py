"""What was paid to an insurance this year, month by month, up to the reference day."""

from datetime import date

from integrations.city.contribution_rates import alone_fen, employer_fen, own_fen
from integrations.city.contributions import Contribution
from integrations.city.days import months_after
from integrations.city.employment import Work
from integrations.city.population import REFERENCE
from integrations.departments.pensions import MonthPaid


def months_paid(known: Work, code: str) -> tuple[MonthPaid, ...]:
    """Tell the months of this year that were paid: in a job since it began, alone the last ones, unemployed up to when work ended."""
    paid = next((one for one in known.contributions if one.insurance_code == code), None)
    if paid is None or paid.base_fen == 0:
        return ()
    end = known.unemployment.ended_on.replace(day=1) if known.unemployment else REFERENCE.replace(day=1)
    first = max(date(REFERENCE.year, 1, 1), months_after(end, -paid.months))
    if known.employment is not None:
        first = max(first, known.employment.since.replace(day=1))
    months, month = list[MonthPaid](), first
    while month < end:
        months.append(_month(known, paid, month))
        month = months_after(month, 1)
    return tuple(months)


def _month(known: Work, paid: Contribution, month: date) -> MonthPaid:
    code, base = paid.insurance_code, paid.base_fen
    if known.occupation == "flexible":
        return MonthPaid(month, base, alone_fen(code, base), 0)
    return MonthPaid(month, base, own_fen(code, base), employer_fen(code, base))
