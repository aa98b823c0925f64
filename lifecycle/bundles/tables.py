"""Bundles and where each of their steps is."""

from piccolo.columns import UUID, Array, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class BundleRow(Table, tablename="bundle"):
    """One bundle that somebody opened, with its master form and what they signed."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None, help_text="Whom it is about.")
    applicant_id = UUID(default=None)
    code = Text(default=None)
    state = Text(default=None)
    version = Integer(default=None)
    left_out = Array(base_column=Text(), default=None, help_text="Steps that the applicant unticked.")
    answers = Bytea(default=None, null=True, help_text="The master form by field, sealed.")
    known = Bytea(default=None, null=True, help_text="What departments said, by step, sealed.")
    known_at = Timestamptz(default=None, null=True)
    opened_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)
    submitted_at = Timestamptz(default=None, null=True)
    payload = Bytea(default=None, null=True, help_text="The canonical bytes that were signed, sealed.")
    proof = Bytea(default=None, null=True, help_text="A device's signature (detached JWS), sealed.")
    evidence = Bytea(default=None, null=True, help_text="`archiving.Archived`, sealed.")


class BundleStepRow(Table, tablename="bundle_step"):
    """A step that was begun: by its case, or by what came of trying."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    bundle_id = UUID(default=None)
    code = Text(default=None)
    case_id = UUID(default=None, null=True)
    outcome = Text(default=None, null=True, help_text="`done_already` or `not_admitted`, where there is no case.")
    reason = Text(default=None, null=True, help_text="The refusal's code.")
    at = Timestamptz(default=None)
