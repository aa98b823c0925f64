"""What `fuhai keys` does: rotate the master key, show how far that came, and retire an older version; and `fuhai retained`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec
import rich_click as click

from app import retained
from app.bytes_at_rest import UNDER_MASTER, key_folders
from app.kernel.database import close_pool, open_pool
from app.kernel.settings import Settings
from app.keys import master, rotation
from app.keys.persons import PersonErased


async def show(settings: Settings) -> None:
    """Print the versions, and per place how many values are sealed anew and how many aren't yet."""
    async with _ready(settings):
        versions = master.read_or_make(settings.secrets).versions
        done, needed = await rotation.progress(), await rotation.needed()
    click.echo(f"versions: {', '.join(str(version) for version in sorted(versions))} (the last one seals)")
    for place in needed:
        older = ", ".join(f"{count} under version {version}" for version, count in sorted(place.by_version.items()))
        click.echo(f"{place.place}: {done.get(place.place, 0)} sealed anew, {older or 'nothing older'}")


async def rotate(settings: Settings) -> None:
    """Add a version and have everything sealed anew."""
    async with _ready(settings):
        version = await rotation.rotate(settings.secrets)
    click.echo(f"version {version} seals from now on; the worker seals the rest anew (`fuhai keys show`).")


async def retire(settings: Settings, version: int) -> None:
    """Destroy an older version, or say what still needs it."""
    async with _ready(settings):
        try:
            await rotation.retire(settings.secrets, version)
        except master.VersionNeeded as refusal:
            raise click.ClickException(str(refusal)) from refusal
    click.echo(f"version {version} is gone for good.")


async def print_retained(settings: Settings, person_id: UUID, reference: str) -> None:
    """Print what a law retains of an erased person; nothing is to be had of anybody else, or after the term."""
    async with _ready(settings):
        try:
            rows = await retained.opened(person_id, reference)
        except PersonErased as refusal:
            message = "nothing is retained under a key: not erased, unknown, or the term is over"
            raise click.ClickException(message) from refusal
    click.echo(msgspec.json.encode(rows).decode())


@asynccontextmanager
async def _ready(settings: Settings) -> AsyncIterator[None]:
    """What lies under the master key is known, and the database is open."""
    rotation.register_sealed(*UNDER_MASTER)
    rotation.register_keys(*key_folders(settings))
    await open_pool(settings)
    try:
        yield
    finally:
        await close_pool()
