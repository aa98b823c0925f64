"""What can be applied for about education."""

from typing import Any, Final

from lifecycle.cases.applications import Application
from lifecycle.education.school_admission import SchoolAdmission
from lifecycle.education.student_aid import StudentAid

APPLICATIONS: Final[tuple[type[Application[Any, Any]], ...]] = (SchoolAdmission, StudentAid)
