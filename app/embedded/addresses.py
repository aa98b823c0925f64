"""Where the embedded servers are, filled into the settings of a process that uses them."""

import msgspec

from app.embedded.processes import embedded_postgres, embedded_store
from app.kernel.settings import Settings, load, use


def completed(chosen: Settings) -> Settings:
    """The same settings with the addresses and credentials of the embedded database and store where they are used."""
    database, objects = embedded_postgres(chosen), embedded_store(chosen)
    if database is not None:
        chosen = msgspec.structs.replace(
            chosen, database_url=database.url(), database_owner_url=database.url("fuhai_owner")
        )
    if objects is not None:
        chosen = msgspec.structs.replace(
            chosen,
            store_endpoint=objects.endpoint,
            store_access_key=objects.access_key,
            store_secret_key=objects.secret_key,
        )
    return chosen


def settle() -> Settings:
    """Complete the settings of this process, and have everything in it use them."""
    return use(completed(load()))
