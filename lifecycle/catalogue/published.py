"""The catalogue that this process serves: what was published when it started, or else what the files say."""

from functools import cache

from app.kernel.words import Words
from lifecycle.catalogue import publishing
from lifecycle.catalogue.files import read_files
from lifecycle.catalogue.index import Catalogue
from lifecycle.catalogue.structs import Matter


class _Served:
    """Holds the catalogue in use, so that one assignment replaces it."""

    catalogue: Catalogue | None = None


async def open_catalogue() -> None:
    """Publish what is new in the files, and serve what is published. Call once the pool is open; repeating is harmless."""
    await publishing.publish_files()
    _Served.catalogue = await publishing.read_published()


def catalogue() -> Catalogue:
    """Return the catalogue in use."""
    return _Served.catalogue or from_files()


def matter(code: str) -> Matter:
    """Return a published matter. Raises `MatterUnknown`."""
    return catalogue().matter(code)


def department_name(code: str) -> Words | None:
    """The name of a department, if the catalogue knows its code."""
    try:
        return catalogue().department(code).name
    except KeyError:
        return None


@cache
def from_files() -> Catalogue:
    """Return the catalogue as the files alone have it, each matter in version 1."""
    files = read_files()
    return Catalogue(files, dict.fromkeys(files.matters, 1), publishing.entries(files))
