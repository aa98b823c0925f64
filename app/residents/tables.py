"""Tables of residents, their identifiers and their kin."""

from piccolo.columns import UUID, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class ResidentRow(Table, tablename="resident"):
    """One person. Numbers and phones are sealed; they are found through `identifier`.

    Who signed in by phone only has no name yet; a newborn has none before the registration. `merged_into` names the
    resident that this one turned out to be: ids never change, so the row stays.
    """

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    known_since = Timestamptz(default=None)
    name = Text(default=None, null=True)
    birth_date = Date(default=None, null=True)
    sex = Text(default=None, null=True)
    division_code = Text(default=None, null=True, help_text="GB/T 2260 and below, where the person is registered.")
    died_on = Date(default=None, null=True)
    real_name_at = Timestamptz(default=None, null=True, help_text="When they proved who they are, if they did.")
    id_number = Bytea(default=None, null=True, help_text="公民身份号码, sealed.")
    phone = Bytea(default=None, null=True, help_text="Sealed.")
    birth_certificate_no = Bytea(default=None, null=True, help_text="出生医学证明编号, sealed.")
    document_type = Text(default=None, null=True, help_text="Kind of the travel document of who has no id_number.")
    document_number = Bytea(default=None, null=True, help_text="Its number, sealed.")
    merged_into = UUID(default=None, null=True)
    frozen_at = Timestamptz(default=None, null=True, help_text="Since when nobody may act as this person (冻结).")
    means_from = Timestamptz(
        default=None, null=True, help_text="What was given out before, such as a payer code, doesn't count."
    )


class IdentifierRow(Table, tablename="identifier"):
    """Whose a number is, by its blind index; a reference table, so that finding somebody asks one node only."""

    kind = Text(
        primary_key=True,
        default=None,
        help_text="id_number, phone, birth_certificate or the kind of a travel document.",
    )
    blind_index = Bytea(default=None)
    citizen_id = UUID(default=None)


class KinshipRow(Table, tablename="kinship"):
    """What one person is to another. Each side has a row in its own shard.

    A guardianship of a child ends by itself on `until`, the 18th birthday (民法典 art. 17).
    """

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    other_id = UUID(default=None)
    relation = Text(default=None)
    source = Text(default=None, help_text="Who says so: department and service.")
    since = Date(default=None)
    until = Date(default=None, null=True, help_text="The first day on which it no longer holds.")
    custody = Boolean(
        default=None,
        null=True,
        help_text="Of a guardianship: whether the ward lives with this guardian (直接抚养); null where nobody decided.",
    )
    decided_on = Date(default=None, null=True, help_text="From which day the newest decision about this tie holds.")
    custody_on = Date(default=None, null=True, help_text="From which day the newest decision about custody holds.")


class ReceivedPushRow(Table, tablename="received_push"):
    """A department's event that was taken in; a repeated id says nothing new."""

    department = Text(primary_key=True, default=None)
    id = UUID(default=None)
    kind = Text(default=None)
    at = Timestamptz(default=None)


class BirthdayRoundRow(Table, tablename="birthday_round"):
    """Until which day those who reach an age were looked through."""

    age = Integer(primary_key=True, default=None)
    through = Date(default=None)
