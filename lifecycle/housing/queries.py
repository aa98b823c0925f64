"""What can be asked about housing."""

from typing import Annotated, Any, Final

from app.kernel.labels import label
from app.kernel.structs import Code
from integrations.departments.affordable_housing import AFFORDABLE_HOUSING
from integrations.departments.housing_fund import FUND_ACCOUNT
from integrations.departments.housing_guides import DECORATION, PURCHASE_GUIDE
from integrations.departments.housing_market import LISTINGS, PROJECTS, RENTALS
from integrations.departments.property_titles import CHANGEABLES, TITLES
from lifecycle.queries.registers import EverybodysQuestion, OfEverybody, OfPerson


class ProjectsQuestion(EverybodysQuestion, frozen=True):
    """Projects, or the one whose table of homes is wanted."""

    project_code: Annotated[
        Code | None, label("项目编号（填写后显示楼盘表）", "Project, to see its table of homes")
    ] = None


QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfEverybody("home_purchase_info", PURCHASE_GUIDE),
    OfEverybody("home_rental_info", RENTALS),
    OfEverybody("home_decoration_info", DECORATION),
    OfPerson("provident_fund_query", FUND_ACCOUNT, frozenset({"money"})),
    OfEverybody("commercial_housing_query", PROJECTS, ProjectsQuestion),
    OfEverybody("second_hand_house_query", LISTINGS),
    OfPerson("affordable_housing_query", AFFORDABLE_HOUSING, frozenset({"contact", "money"})),
    OfPerson("property_registration", TITLES, frozenset({"identity", "money"})),
    OfPerson("property_change_registration", CHANGEABLES, frozenset({"identity", "money"})),
)
