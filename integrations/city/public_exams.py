"""The social security party (RSJ) on examinations: posts of this season's notices, and tests of vocational skill."""

from datetime import date
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.registers import Service, listed, of_everybody
from integrations.departments.public_exams import (
    Post,
    Posts,
    RecruitmentKind,
    Registration,
    SkillLevel,
    SkillTest,
    SkillTests,
)
from integrations.departments.vacancies import Level


class PostListed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A post of a notice."""

    unit: str
    title: str
    division_code: str
    headcount: int
    level_code: Level
    subject: str
    oldest: int


class Notice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notice with its dates and its posts."""

    code: str
    kind: RecruitmentKind
    title: str
    register_from: date
    register_until: date
    card_from: date
    exam_on: date
    result_on: date
    fee_fen: int
    posts: tuple[PostListed, ...]


class Notices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every notice."""

    notices: tuple[Notice, ...]


class SkillTestListed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A test that a body plans."""

    occupation: str
    level: SkillLevel
    register_from: date
    register_until: date
    test_on: date
    result_on: date
    fee_fen: int


class AssessmentBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body on the public list with its tests."""

    name: str
    code: str
    division_code: str
    phone: str
    tests: tuple[SkillTestListed, ...]


class AssessmentBodies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every body."""

    bodies: tuple[AssessmentBody, ...]


def posts() -> Posts:
    """Tell every post with the dates of its notice, and whether one can register for it today."""
    return Posts(
        tuple(
            _post(notice, place, post)
            for notice in listed("posts", Notices).notices
            for place, post in enumerate(notice.posts, 1)
        )
    )


def skill_tests() -> SkillTests:
    """Tell every test with its body, and whether one can register for it today."""
    return SkillTests(
        tuple(
            _test(body, place, test)
            for body in listed("skill_tests", AssessmentBodies).bodies
            for place, test in enumerate(body.tests, 1)
        )
    )


def registration(first: date, last: date) -> Registration:
    """Say whether one can register today, both days included."""
    today = clock.today()
    if today < first:
        return "not_open"
    return "open" if today <= last else "closed"


def _post(notice: Notice, place: int, post: PostListed) -> Post:
    return Post(
        code=f"{notice.code}-{place:03d}",
        kind=notice.kind,
        notice=notice.title,
        register_from=notice.register_from,
        register_until=notice.register_until,
        registration=registration(notice.register_from, notice.register_until),
        card_from=notice.card_from,
        exam_on=notice.exam_on,
        result_on=notice.result_on,
        fee_fen=notice.fee_fen,
        **msgspec.structs.asdict(post),
    )


def _test(body: AssessmentBody, place: int, test: SkillTestListed) -> SkillTest:
    return SkillTest(
        code=f"{body.code}-{place:02d}",
        body=body.name,
        body_code=body.code,
        division_code=body.division_code,
        phone=body.phone,
        registration=registration(test.register_from, test.register_until),
        **msgspec.structs.asdict(test),
    )


SERVICES: Final[dict[str, Service]] = {
    "posts": of_everybody(lambda _: posts()),
    "skill_tests": of_everybody(lambda _: skill_tests()),
}
