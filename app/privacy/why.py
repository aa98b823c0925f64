"""Everything that is held of a citizen, field by field, with why (个人信息保护法 art. 44, 48): shown masked, never in full.

The whole of it, unmasked, is what an export is for.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Final

from app.audit.withholding import withheld_acts
from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.text import masked_document_number, masked_id_number, masked_name, masked_phone
from app.privacy.errors import DataUnknown
from app.privacy.holdings import held
from app.privacy.provenance import Provenance, provenance_of, provenances
from app.privacy.retention import RETENTION
from app.privacy.rights import PagedExporter, Rows, exporters
from app.privacy.structs import DataView, FieldView, RetentionView, TableView

_KEEPER: Final = System("rights")
_MASKS: Final[dict[str, Callable[[str], str]]] = {
    "id_number": masked_id_number,
    "document_number": masked_document_number,
    "phone": masked_phone,
    "name": masked_name,
    "birth_certificate_no": lambda value: f"{value[:2]}*****{value[-2:]}",
    "number": lambda value: f"{value[:4]}****{value[-4:]}",
}
_AS_OF: Final = ("as_of", "real_name_at", "rotated_at", "changed_at", "happened_at", "at", "since", "known_since")
_SHOWN_WHOLE: Final = 40
_LOOKS: Final = "SELECT count(*) FROM act WHERE shard = $1 AND citizen_id = $2 AND actor_kind = 'officer' AND NOT id = ANY ($3::uuid[])"


async def my_data(citizen: Citizen, table: str | None) -> DataView:
    """What is held of the citizen, of every table or of one; refuses `DataUnknown`."""
    if table is not None and provenance_of(table) is None:
        raise DataUnknown
    hidden = await withheld_acts(citizen.id)
    async with transaction(_KEEPER):
        counts = await held([citizen.id])
        looks = await fetch_value(_LOOKS, shard_of(citizen.id), citizen.id, list(hidden))
    rows = await _newest(citizen)
    chosen = [one for one in provenances() if table in {None, one.table}]
    return DataView(
        as_of=clock.now(),
        looks_by_officers=looks,
        items=[_table(one, counts.get(one.table, 0), rows.get(one.table, ())) for one in chosen],
    )


async def _newest(citizen: Citizen) -> dict[str, Sequence[Mapping[str, object]]]:
    """Rows to show values of; long tables are counted only."""
    found: dict[str, Sequence[Mapping[str, object]]] = {}
    for exporter in exporters():
        if not isinstance(exporter, PagedExporter):
            rows: Rows = await exporter.export(citizen.id)
            found.update(rows)
    return found


def _table(known: Provenance, count: int, rows: Sequence[Mapping[str, object]]) -> TableView:
    newest = rows[-1] if rows else {}
    retained = RETENTION.get(known.table)
    return TableView(
        table=known.table,
        title=known.title,
        rows=count,
        purpose=known.purpose,
        law=known.law,
        article=known.article,
        retention=RetentionView(retained.law, retained.article, retained.years) if retained else None,
        correct=known.correct,
        department=known.department or None,
        source=known.source,
        source_of_newest=_text(newest.get("source") or newest.get("department")),
        as_of=_as_of(newest),
        fields=[
            FieldView(column, title, _masked(known.table, column, newest.get(column)))
            for column, title in known.columns.items()
        ],
    )


def _as_of(row: Mapping[str, object]) -> datetime | None:
    """When the row was last known to hold; a date is taken from its beginning."""
    said = next((value for name in _AS_OF if isinstance(value := row.get(name), date)), None)
    if said is None or isinstance(said, datetime):
        return said
    return datetime.combine(said, time.min, clock.SHANGHAI)


def _masked(table: str, column: str, value: object) -> str | None:
    """A value as it may be shown; what is long or has a structure isn't."""
    text = _text(value)
    if text is None:
        return None
    mask = _MASKS.get(column)
    if mask is not None and (table in {"resident", "card"} or column == "id_number"):
        return mask(text)
    return text if len(text) <= _SHOWN_WHOLE else "…"


def _text(value: object) -> str | None:
    match value:
        case None:
            return None
        case datetime():
            return clock.local(value).isoformat(timespec="seconds")
        case bool():
            return str(value).lower()
        case dict() | list() | tuple():
            return "…"
        case _:
            return str(value)
