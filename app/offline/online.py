"""Codes that an app made by itself, at a terminal that has a line: they pay like those of the server."""

from datetime import timedelta
from typing import Final

from app.card.codes import Code
from app.card.errors import PayerCodeWrong
from app.card.numbers import last_digits
from app.card.terminal_structs import SignedOnOffline
from app.identity.limits import limit_today as identity_limit
from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.assurance import BY_DEVICE
from app.kernel.database import Row, fetch_one, transaction
from app.kernel.ids import shard_of
from app.offline.accounts import certificate_of
from app.offline.codes import PREFIX, CodeMalformed, Shown, read_code
from app.offline.denials import list_version
from app.offline.issuer import OFFLINE, issuer_keys
from app.offline.limits import limit_on
from app.offline.reading import FIRST_DIGEST

_CERTIFICATE: Final = (
    "SELECT o.card_id, o.account, o.not_after, d.enrolled_at, d.removed_at, c.number FROM offline_certificate o "
    "JOIN card c ON c.shard = o.shard AND c.id = o.card_id "
    "JOIN device d ON d.shard = o.shard AND d.id = o.device_id WHERE o.shard = $1 AND o.id = $2"
)
_LAST: Final = """
SELECT batch_number, digest, (SELECT max(counter) FROM offline_counter WHERE principal = $1) AS counter FROM offline_batch
WHERE principal = $1 AND state IN ('received', 'judged') ORDER BY batch_number DESC LIMIT 1
"""


class AppCodes:
    """Reads such codes for payments at terminals, and tells terminals at sign-on how to take them by themselves."""

    prefix = PREFIX

    async def read(self, text: str) -> Code:
        """What a code stands for; refuses (`PayerCodeWrong`) one that isn't genuine, or of a time that hasn't come.

        It ends when its minute, its certificate, or its device's standing does.
        """
        shown = await _genuine(text)
        row = await _certificate(shown)
        day, made = clock.today(), clock.from_epoch(shown.token.at)
        if made > clock.now() + timedelta(seconds=limit_on(day, "clock_skew_seconds")):
            raise PayerCodeWrong
        ends = [made + timedelta(seconds=limit_on(day, "token_seconds")), row["not_after"], row["removed_at"]]
        hours = timedelta(hours=identity_limit("new_device_hours"))
        return Code(
            shown.code_id(shard_of(row["card_id"])),
            row["card_id"],
            min(one for one in ends if one is not None),
            made < row["enrolled_at"] + hours,
            BY_DEVICE,
            last_digits(row["number"]),
        )

    async def terms(self, terminal: Terminal) -> SignedOnOffline:
        """Keys, caps and the list's version, as of now, and where the terminal stands."""
        day = clock.today()
        async with transaction(OFFLINE):
            last = await fetch_one(_LAST, terminal.principal)
        return SignedOnOffline(
            issuer_keys=await issuer_keys(),
            token_seconds=limit_on(day, "token_seconds"),
            clock_skew_seconds=limit_on(day, "clock_skew_seconds"),
            batch_sales=limit_on(day, "batch_sales"),
            batch_sum_fen=limit_on(day, "batch_sum_fen"),
            upload_hours=limit_on(day, "upload_hours"),
            list_hours=limit_on(day, "list_hours"),
            list_version=await list_version(),
            last_batch_number=last["batch_number"] if last else 0,
            last_batch_digest=last["digest"] if last else FIRST_DIGEST,
            last_counter=last["counter"] if last else 0,
        )


async def _genuine(text: str) -> Shown:
    try:
        shown = read_code(text)
    except CodeMalformed as error:
        raise PayerCodeWrong from error
    key = next((one for one in await issuer_keys() if one.kid == shown.kid), None)
    if key is None or not shown.is_issued_by(key.public_key) or not shown.is_of_device():
        raise PayerCodeWrong
    return shown


async def _certificate(shown: Shown) -> Row:
    certificate_id = certificate_of(shown.certificate.account)
    if certificate_id is None:
        raise PayerCodeWrong
    async with transaction(OFFLINE):
        row = await fetch_one(_CERTIFICATE, shard_of(certificate_id), certificate_id)
    if row is None or row["account"] != shown.certificate.listed_as:
        raise PayerCodeWrong
    return row
