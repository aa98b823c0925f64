"""Cases, what happened to them, what was signed; and the desk's projection of them."""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Date, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table


class MatterCase(Table, tablename="matter_case"):
    """One application for one matter, kept with the person whom it concerns (`citizen_id`).

    `applicant_id` is who opened it, and from submission on who signed it: the person, their guardian, or who holds a power from
    them (`applicant_as`). `answers` (what the citizen wrote) and `known` (what departments
    said, with source and time) are sealed under the person's key.
    """

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    applicant_id = UUID(default=None)
    applicant_as = Text(default=None, help_text="self, guardian or power.")
    matter_code = Text(default=None)
    matter_version = Integer(default=None)
    department = Text(default=None)
    division = Text(default=None)
    number = Text(default=None, null=True, help_text="办件号, from submission on.")
    state = Text(default=None)
    interrupted_in = Text(default=None, null=True)
    version = Integer(default=None, help_text="Counts every change; the ETag.")
    officer_id = UUID(default=None, null=True)
    answers = Bytea(default=None, null=True)
    known = Bytea(default=None, null=True)
    known_at = Timestamptz(default=None, null=True)
    opened_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)
    submitted_at = Timestamptz(default=None, null=True)
    clock = Text(default=None, null=True, help_text="What is awaited: acceptance, decision or correction.")
    clock_since = Date(default=None, null=True)
    clock_count = Integer(default=None, null=True)
    clock_unit = Text(default=None, null=True, help_text="wd (working days) or d.")
    due_on = Date(default=None, null=True, help_text="Its last day; nothing while holidays of that year aren't known.")
    stopped_clock = Text(default=None, null=True, help_text="The office's clock while it stands still.")
    stopped_left = Integer(default=None, null=True)
    stopped_unit = Text(default=None, null=True)
    warned_on = Date(default=None, null=True)
    bundle_id = UUID(default=None, null=True, help_text="The bundle of which it is a step.")
    overdue_on = Date(default=None, null=True)
    escalated_on = Date(default=None, null=True)
    proposed_step = Text(
        default=None, null=True, help_text="approve or reject, where a second officer is to confirm it."
    )
    proposed_by = Text(default=None, null=True)
    proposed_reason = Bytea(default=None, null=True, help_text="Sealed.")


class CaseEventRow(Table, tablename="case_event"):
    """One thing that happened to a case. Rows are never changed; `detail` (reasons, fields) is sealed."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    case_id = UUID(default=None)
    at = Timestamptz(default=None)
    what = Text(default=None)
    state = Text(default=None)
    actor = Text(default=None)
    detail = Bytea(default=None, null=True)


class CaseSignature(Table, tablename="case_signature"):
    """What a citizen signed or confirmed when submitting; never changed, so that it can be proved later."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    case_id = UUID(default=None)
    at = Timestamptz(default=None)
    kind = Text(default=None)
    payload = Bytea(default=None, help_text="The canonical form bytes, sealed.")
    proof = Bytea(default=None, null=True, help_text="The detached JWS with its certificate chain, sealed.")
    evidence = Bytea(default=None, null=True, help_text="`archiving.Archived`, sealed; none before evidence was kept.")


class CaseRatingRow(Table, tablename="case_rating"):
    """How the applicant rated the handling of a case (好差评), and what the office answered."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    case_id = UUID(default=None)
    at = Timestamptz(default=None)
    stars = SmallInt(default=None, help_text="5 very satisfied … 1 very dissatisfied.")
    text = Bytea(default=None, null=True, help_text="What they said, sealed.")
    answer = Bytea(default=None, null=True, help_text="What the office said, sealed.")
    answered_at = Timestamptz(default=None, null=True)
    answered_by = Text(default=None, null=True)
    version = Integer(default=None)


class RatingEntry(Table, tablename="rating_entry"):
    """A rating as the departments list it: fed by events, without personal data."""

    case_id = UUID(primary_key=True, default=None)
    department = Text(default=None)
    matter_code = Text(default=None)
    division = Text(default=None)
    number = Text(default=None)
    stars = SmallInt(default=None)
    rated_at = Timestamptz(default=None)
    answer_by = Date(default=None, null=True)
    answered_at = Timestamptz(default=None, null=True)
    version = Integer(default=None)


class CaseMaterialRow(Table, tablename="case_material"):
    """A material that was attached to a case; another file is another row. What was signed stays."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    case_id = UUID(default=None)
    field = Text(default=None)
    source = Text(default=None, help_text="disk or licence.")
    source_id = UUID(default=None, help_text="The file or licence that it is a copy of.")
    object_key = Text(default=None)
    name = Bytea(default=None, help_text="The file's name, sealed.")
    content_type = Text(default=None, help_text="As its bytes tell.")
    size_bytes = BigInt(default=None)
    sha256 = Text(default=None)
    attached_at = Timestamptz(default=None)
    signed_at = Timestamptz(default=None, null=True)
    bytes_gone_at = Timestamptz(default=None, null=True, help_text="When no law retained the bytes any more.")


class DeskEntry(Table, tablename="desk_entry"):
    """A case as the desks list it: keyed by department, fed by events, without personal data."""

    case_id = UUID(primary_key=True, default=None)
    department = Text(default=None)
    matter_code = Text(default=None)
    division = Text(default=None)
    state = Text(default=None)
    number = Text(default=None)
    submitted_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)
    officer_id = UUID(default=None, null=True)
    version = Integer(default=None)
    clock = Text(default=None, null=True)
    due_on = Date(default=None, null=True)
    proposed = Boolean(default=None, help_text="A decision waits for a second officer.")
    escalated = Boolean(default=None, help_text="So late that supervisors see it.")
