"""Whose turn it is at a school: the class of an applicant (入学类别), by registration, home and work. Pure.

Source: 义务教育法 art. 12 (nearby, by registration; equal conditions for children of people who came to work). The classes and their
order are each district's yearly plan, and so dated parameters.
"""

from typing import Final, Literal

import msgspec

from app.kernel.words import Words
from lifecycle.rules.parameters import Reading

PlaceClass = Literal["policy", "united", "grandparents", "home", "household", "migrant"]
CLASSES: Final[dict[PlaceClass, Words]] = {
    "policy": Words(zh="政策优待", en="priority by policy"),
    "united": Words(
        zh="户籍和住房一致（与监护人同户，监护人在学区有房）",
        en="registration and home together: one household with the guardian, who owns a home in the district",
    ),
    "grandparents": Words(
        zh="户籍在学区、住祖辈房产，监护人无房",
        en="registered in the district in the grandparents' home; the guardian owns none",
    ),
    "home": Words(
        zh="监护人在学区有房、户籍不一致",
        en="the guardian owns a home in the district; registration is elsewhere or apart",
    ),
    "household": Words(zh="仅户籍在学区", en="registered in the district only"),
    "migrant": Words(zh="随迁子女（居住证和社保）", en="child of people who came to work: permit and insurance"),
}


class Ties(msgspec.Struct, frozen=True, kw_only=True):
    """What binds a child to school districts, each named by its code: registration, the guardian's home; and what counts beside."""

    household: str | None = None
    home: str | None = None
    with_guardian: bool = False
    grandchild: bool = False
    permit: bool = False
    insured_months: int = 0
    policy: bool = False


class Ranked(msgspec.Struct, frozen=True):
    """A class, and the place that the plan gives it, from 1."""

    code: PlaceClass
    place: int


def class_at(ties: Ties, district: str, reading: Reading) -> Ranked | None:
    """The best class of a child at a district's school, or none: then the education authority assigns a place (统筹)."""
    order = reading.get("school.class_order", tuple[PlaceClass, ...])
    found = next((one for one in order if _is_of(one, ties, district, reading)), None)
    return None if found is None else Ranked(found, order.index(found) + 1)


def _is_of(code: PlaceClass, ties: Ties, district: str, reading: Reading) -> bool:
    registered, owned = ties.household == district, ties.home == district
    match code:
        case "policy":
            return ties.policy
        case "united":
            return registered and owned and ties.with_guardian
        case "grandparents":
            return registered and ties.home is None and ties.grandchild
        case "home":
            return owned
        case "household":
            return registered
        case "migrant":
            return ties.permit and ties.insured_months >= reading.number("school.insured_months")
