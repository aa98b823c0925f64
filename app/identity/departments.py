"""Departments and posts: who an officer works for, and as what.

Their codes and names come from the catalogue's data file; `publish` brings the table up to date with it.
"""

from collections.abc import Mapping
from typing import Final

from app.identity.officer_errors import DepartmentNotKnown
from app.identity.officer_structs import DepartmentList, DepartmentView
from app.kernel.actors import Officer, System
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.words import Words

_KEEPER: Final = System("departments")


async def publish(departments: Mapping[str, Words]) -> None:
    """Make departments known, and renamed ones by their new names; what is gone from the file stays, since officers belong to it."""
    codes = sorted(departments)
    async with transaction(_KEEPER):
        await execute(
            "INSERT INTO department AS d (code, name_zh, name_en) "
            "SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS given (code, zh, en) ORDER BY code "
            "ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en "
            "WHERE (d.name_zh, d.name_en) <> (excluded.name_zh, excluded.name_en)",
            *(codes, [departments[code].zh for code in codes], [departments[code].en for code in codes]),
        )


async def know_post(department: str, post: str) -> None:
    """Make a post of a department known, in the (system) transaction in progress; refuses `DepartmentNotKnown`."""
    if not await fetch_value("SELECT true FROM department WHERE code = $1", department):
        raise DepartmentNotKnown(department=department)
    await execute("INSERT INTO post (department, name) VALUES ($1, $2) ON CONFLICT DO NOTHING", department, post)


async def departments(officer: Officer) -> DepartmentList:
    """Every department with its posts, by code."""
    async with transaction(officer):
        rows = await fetch_all(
            "SELECT d.*, ARRAY(SELECT p.name FROM post p WHERE p.department = d.code ORDER BY p.name) AS posts "
            "FROM department d ORDER BY d.code"
        )
    return DepartmentList(
        items=[DepartmentView(row["code"], Words(zh=row["name_zh"], en=row["name_en"]), row["posts"]) for row in rows]
    )
