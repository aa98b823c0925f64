"""Departments and their posts; every officer holds a post of a department that is known."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-29T01:14:40:000000"
VERSION = "1.38.0"
DESCRIPTION = "Departments and their posts"

DEPARTMENT = ReferenceTable(
    "department",
    (
        "code text NOT NULL",
        "name_zh text NOT NULL",
        "name_en text NOT NULL",
        "CONSTRAINT department_pkey PRIMARY KEY (code)",
    ),
    Grants(officer="select"),
)

POST = ReferenceTable(
    "post",
    (
        "department text NOT NULL",
        "name text NOT NULL",
        "CONSTRAINT post_pkey PRIMARY KEY (department, name)",
        "CONSTRAINT post_department FOREIGN KEY (department) REFERENCES department (code) ON DELETE RESTRICT",
    ),
    Grants(officer="select"),
)


async def forwards() -> MigrationManager:
    """Make the tables. Departments of officers who are known already get their names when the catalogue is published next."""
    return migration(
        ID,
        "identity",
        DESCRIPTION,
        (
            DEPARTMENT,
            POST,
            "INSERT INTO department (code, name_zh, name_en) SELECT DISTINCT department, department, department FROM officer",
            "INSERT INTO post (department, name) SELECT DISTINCT department, post FROM officer",
            (
                "ALTER TABLE officer ADD CONSTRAINT officer_holds_post FOREIGN KEY (department, post) "
                "REFERENCES post (department, name) ON DELETE RESTRICT"
            ),
        ),
    )
