"""Audiences: whom a campaign reaches, as a typed tree that compiles to parameters of one SQL condition.

Nothing of what an officer writes becomes SQL text. Ages are full years (周岁) on the day of sending. A division is meant with
everything inside it: 370602 covers 370602001.
"""

from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel.structs import Body
from app.kernel.words import Words
from app.notices.errors import AudienceTooDeep
from app.residents.ages import years_before
from app.residents.families import comes_of_age

_DEEPEST: Final = 5
AgeYears = Annotated[int, Meta(ge=0, le=130)]
DivisionCode = Annotated[
    str, Meta(pattern=r"\A37(06([0-9]{2}([0-9]{3}){0,2})?)?\Z", description="GB/T 2260 code or a part of it.")
]


class AgedBetween(Body, frozen=True, tag="aged_between", tag_field="is"):
    """People from one full age to another, both included."""

    years_from: AgeYears
    years_to: AgeYears


class LivingIn(Body, frozen=True, tag="living_in", tag_field="is"):
    """People registered in any of these divisions."""

    divisions: Annotated[tuple[DivisionCode, ...], Meta(min_length=1, max_length=50)]


class GuardianOfChild(Body, frozen=True, tag="guardian_of_child", tag_field="is"):
    """Guardians of a child from one full age to another, both included."""

    years_from: AgeYears
    years_to: AgeYears


class Anyone(Body, frozen=True, tag="anyone", tag_field="is"):
    """Everybody: of a matter, all who switched it on, also those of whom no age or division is known."""


class AllOf(Body, frozen=True, tag="all_of", tag_field="is"):
    """People for whom every condition holds."""

    conditions: Annotated[tuple["Audience", ...], Meta(min_length=1, max_length=10)]


class AnyOf(Body, frozen=True, tag="any_of", tag_field="is"):
    """People for whom at least one condition holds."""

    conditions: Annotated[tuple["Audience", ...], Meta(min_length=1, max_length=10)]


Audience = Anyone | AgedBetween | LivingIn | GuardianOfChild | AllOf | AnyOf


class Condition:
    """A condition being compiled: its SQL text holds only our own words and `$n`."""

    def __init__(self, today: date, first_parameter: int = 1) -> None:
        self.today = today
        self.arguments: list[object] = []
        self._first = first_parameter

    def put(self, argument: object) -> str:
        """Take an argument and give its placeholder."""
        self.arguments.append(argument)
        return f"${self._first + len(self.arguments) - 1}"


def compiled(audience: Audience, condition: Condition, depth: int = 1) -> str:
    """The SQL condition over `resident r` of an audience; its arguments are gathered in `condition`."""
    if depth > _DEEPEST:
        raise AudienceTooDeep(deepest=_DEEPEST)
    match audience:
        case Anyone():
            return "true"
        case AgedBetween(years_from=youngest, years_to=oldest):
            latest, earliest = _births(condition.today, youngest, oldest)
            return f"(r.birth_date <= {condition.put(latest)}::date AND r.birth_date > {condition.put(earliest)}::date)"
        case LivingIn(divisions=divisions):
            return f"r.division_code LIKE ANY ({condition.put([division + '%' for division in divisions])}::text[])"
        case GuardianOfChild(years_from=youngest, years_to=oldest):
            return _guardian(condition, youngest, oldest)
        case AllOf(conditions=parts):
            return "(" + " AND ".join(compiled(part, condition, depth + 1) for part in parts) + ")"
        case AnyOf(conditions=parts):
            return "(" + " OR ".join(compiled(part, condition, depth + 1) for part in parts) + ")"


def _guardian(condition: Condition, youngest: int, oldest: int) -> str:
    """A guardianship ends on the child's 18th birthday, so its end says how old the child is."""
    latest, earliest = (comes_of_age(day) for day in _births(condition.today, youngest, oldest))
    return (
        "EXISTS (SELECT 1 FROM kinship k WHERE k.shard = r.shard AND k.citizen_id = r.id AND k.relation = 'guardian_of' "
        f"AND k.until > {condition.put(condition.today)}::date "
        f"AND k.until <= {condition.put(latest)}::date AND k.until > {condition.put(earliest)}::date)"
    )


def _births(today: date, youngest: int, oldest: int) -> tuple[date, date]:
    """The last day of birth of who is `youngest`, and the day before the first of who is no older than `oldest`."""
    return years_before(today, youngest), years_before(today, oldest + 1)


def described(audience: Audience) -> Words:
    """An audience in words, for whoever asks why they got a notice."""
    match audience:
        case Anyone():
            return Words(zh="所有人", en="everybody")
        case AgedBetween(years_from=youngest, years_to=oldest):
            return Words(zh=f"{youngest}至{oldest}周岁", en=f"aged {youngest} to {oldest}")
        case LivingIn(divisions=divisions):
            return Words(zh=f"户籍在{'、'.join(divisions)}", en=f"registered in {', '.join(divisions)}")
        case GuardianOfChild(years_from=youngest, years_to=oldest):
            return Words(
                zh=f"{youngest}至{oldest}周岁儿童的监护人", en=f"guardian of a child aged {youngest} to {oldest}"
            )
        case AllOf(conditions=parts):
            return _joined(parts, "且", " and ")
        case AnyOf(conditions=parts):
            return _joined(parts, "或", " or ")


def _joined(parts: tuple[Audience, ...], zh: str, en: str) -> Words:
    words = [described(part) for part in parts]
    return Words(zh=f"（{zh.join(word.zh for word in words)}）", en=f"({en.join(word.en for word in words)})")


def encoded(audience: Audience) -> str:
    """An audience as it is stored."""
    return msgspec.json.encode(audience).decode()


def decoded(stored: str | bytes) -> Audience:
    """An audience as `encoded` stored it."""
    audience: Audience = msgspec.json.decode(stored, type=Audience)
    return audience
