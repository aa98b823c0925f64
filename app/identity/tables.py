"""Tables of sessions, devices, officers and terminals."""

from piccolo.columns import UUID, Array, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class SessionRow(Table, tablename="session"):
    """One sign-in. Refresh tokens are stored hashed; `pair` (sealed) is the last answer, for those who asked at once."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    client_id = Text(default=None)
    device_id = UUID(default=None, null=True)
    jkt = Text(default=None, null=True, help_text="Thumbprint of the key that the session is bound to (RFC 7638).")
    started_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None, help_text="The absolute end; no refresh moves it.")
    ended_at = Timestamptz(default=None, null=True)
    end_reason = Text(default=None, null=True)
    generation = Integer(default=None)
    refresh_hash = Bytea(default=None)
    previous_hash = Bytea(default=None, null=True)
    rotated_at = Timestamptz(default=None)
    pair = Bytea(default=None, null=True)
    level = Integer(
        default=None, help_text="What was proved when it was opened or since; what it reaches is read anew each time."
    )
    binding_id = UUID(default=None, null=True, help_text="The WeChat account that opened it.")
    used_at = Timestamptz(default=None, help_text="When it was last used, exact to a few minutes.")
    network = Text(default=None, null=True, help_text="From which network it was last used: a /24, or an IPv6's /48.")


class DeviceRow(Table, tablename="device"):
    """A phone that holds a certified key of a citizen."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    name = Text(default=None)
    serial = Text(default=None, help_text="Of the certificate, 40 hexadecimal digits.")
    jkt = Text(default=None)
    certificate = Text(default=None, help_text="PEM with its authority.")
    enrolled_at = Timestamptz(default=None)
    not_after = Timestamptz(default=None)
    removed_at = Timestamptz(default=None, null=True)


class OfficerRow(Table, tablename="officer"):
    """A caseworker. The secret of the time-based code is sealed; `last_step` is the last step of it that was used.

    Who is appointed and not enrolled yet has no certificate. `person_index` is the blind index of their own identity number.
    """

    id = UUID(primary_key=True, default=None)
    code = Text(default=None)
    department = Text(default=None)
    post = Text(default=None)
    name = Text(default=None)
    serial = Text(default=None, null=True)
    certificate = Text(default=None, null=True)
    not_after = Timestamptz(default=None, null=True)
    totp_secret = Bytea(default=None, null=True)
    last_step = Integer(default=None)
    dismissed_at = Timestamptz(default=None, null=True)
    person_index = Bytea(default=None, null=True)
    enrolment_hash = Bytea(default=None, null=True)
    enrolment_ends_at = Timestamptz(default=None, null=True)
    appointed_by = Text(default=None, null=True)
    appointed_at = Timestamptz(default=None, null=True)
    dismissed_by = Text(default=None, null=True)


class OfficerSessionRow(Table, tablename="officer_session"):
    """One sign-in of an officer: as long as its token."""

    id = UUID(primary_key=True, default=None)
    officer_id = UUID(default=None)
    jkt = Text(default=None, null=True, help_text="Thumbprint of the key that the token is bound to (RFC 7638).")
    started_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True)
    end_reason = Text(default=None, null=True)


class OfficerGrantRow(Table, tablename="officer_grant"):
    """One right of an officer: an action on matters in divisions, for a time, showing kinds of data.

    Rows are never overwritten: a right that isn't confirmed doesn't hold yet, and one that was withdrawn doesn't any more.
    """

    id = UUID(primary_key=True, default=None)
    officer_id = UUID(default=None)
    action = Text(default=None)
    matters = Array(base_column=Text(), default=None)
    divisions = Array(base_column=Text(), default=None)
    valid_from = Date(default=None)
    valid_to = Date(default=None)
    data_classes = Array(base_column=Text(), default=None)
    granted_by = Text(default=None)
    granted_at = Timestamptz(default=None)
    confirmed_by = Text(default=None, null=True)
    confirmed_at = Timestamptz(default=None, null=True)
    withdrawn_by = Text(default=None, null=True)
    withdrawn_at = Timestamptz(default=None, null=True)
    withdrawn_because = Text(default=None, null=True)


class TerminalRow(Table, tablename="terminal"):
    """A point of sale."""

    id = UUID(primary_key=True, default=None)
    code = Text(default=None)
    merchant_code = Text(default=None)
    merchant_name = Text(default=None)
    state = Text(default=None, help_text="active or closed.")
    offline = Boolean(default=None, help_text="Whether it sells without a connection.")


class TerminalKeyRow(Table, tablename="terminal_key"):
    """A certified key of a terminal. `keyid`, the DNS name in its certificate, is how signatures name it."""

    keyid = Text(primary_key=True, default=None)
    terminal_id = UUID(default=None)
    generation = Integer(default=None, help_text="Counts a terminal's keys; the newest one renews.")
    serial = Text(default=None)
    certificate = Text(default=None, help_text="PEM with its authority.")
    not_after = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True, help_text="Since when it is superseded.")


class TerminalInvitationRow(Table, tablename="terminal_invitation"):
    """A one-time code for a terminal; once used, it belongs to the key that used it."""

    id = UUID(primary_key=True, default=None)
    terminal_id = UUID(default=None)
    terminal_code = Text(default=None)
    merchant_code = Text(default=None)
    merchant_name = Text(default=None)
    offline = Boolean(default=None)
    label = Text(default=None, help_text="The code's first symbols, by which it is found.")
    code_hash = Bytea(default=None)
    invited_by = Text(default=None)
    invited_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(default=None, null=True)
    used_at = Timestamptz(default=None, null=True)
    key_digest = Bytea(default=None, null=True)
    keyid = Text(default=None, null=True)
    disputed_at = Timestamptz(default=None, null=True, help_text="When another key first came with the used code.")


class TerminalKnownKeyRow(Table, tablename="terminal_known_key"):
    """A key that a terminal has or had; no other gets it certified."""

    digest = Bytea(primary_key=True, default=None)
    terminal_id = UUID(default=None)
