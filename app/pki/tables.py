"""Certificates that were issued, so that a hot path finds out by serial number whether one was revoked."""

from piccolo.columns import UUID, Text, Timestamptz
from piccolo.table import Table


class Certificate(Table):
    """One issued certificate (a reference table; its owner is named by value).

    `serial` is 40 hexadecimal digits. `owner_id` is the resident, officer, terminal or nobody (a department, a seal of the
    product). Rows are never deleted: a certificate that has ended may still be asked about.
    """

    serial = Text(primary_key=True, default=None)
    kind = Text(default=None)
    name = Text(default=None, help_text="The DNS name in it.")
    owner_id = UUID(null=True, default=None)
    issued_at = Timestamptz(default=None)
    not_after = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)
    reason = Text(null=True, default=None)
    authority = Text(default=None, help_text="Which authority issued it: its kind, with a generation after a rotation.")
    revocation_list = Text(
        null=True, default=None, help_text="The list it points at; none if issued before lists were cut."
    )


class RevokedAuthority(Table):
    """An issuing authority that was revoked: nothing that it issued holds from then on (the view `certificate_standing`)."""

    authority = Text(primary_key=True, default=None, help_text="Its kind, with a generation after a rotation.")
    serial = Text(default=None)
    revoked_at = Timestamptz(default=None)
    reason = Text(default=None)
