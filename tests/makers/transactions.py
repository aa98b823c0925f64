"""What tests of transactions write, and who acts in them."""

from datetime import timedelta
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import execute, fetch_one, fetch_value, transaction
from app.kernel.ids import new_person_id

SYSTEM = System("tests")


def somebody(*wards: UUID) -> Citizen:
    """A citizen of whom the database knows nothing."""
    person = new_person_id()
    return Citizen(id=person, level=2, session_id=person, client_id="tests", wards=wards)


async def kept(key: str) -> bool:
    """Whether what `keep` wrote is there."""
    async with transaction(SYSTEM):
        return bool(await fetch_value("SELECT count(*) FROM short_lived WHERE purpose = 'tests' AND key = $1", key))


async def keep(key: str) -> None:
    """Write something in the transaction in progress."""
    await execute(
        "INSERT INTO short_lived (purpose, key, expires_at) VALUES ('tests', $1, $2)",
        *(key, clock.now() + timedelta(hours=1)),
    )


async def whoami() -> tuple[str, str, str]:
    """Role, principal and people, as the database sees them now."""
    row = await fetch_one(
        "SELECT current_user::text, current_setting('fuhai.principal'), current_setting('fuhai.people')"
    )
    assert row is not None
    return tuple(row)
