"""Tables of departments and posts."""

from piccolo.columns import Text
from piccolo.table import Table


class DepartmentRow(Table, tablename="department"):
    """A department of the city. Its code outlives a renaming; rows are never deleted."""

    code = Text(primary_key=True, default=None)
    name_zh = Text(default=None)
    name_en = Text(default=None)


class PostRow(Table, tablename="post"):
    """A post (岗位) in a department, known since somebody was first appointed to it."""

    department = Text(primary_key=True, default=None)
    name = Text(default=None)
