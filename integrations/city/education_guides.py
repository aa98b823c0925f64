"""The education party (JYJ) on policies and on studying abroad."""

from typing import Final

import msgspec

from integrations.city.registers import Service, listed, of_everybody_asked
from integrations.city.world import City
from integrations.departments.education_guides import Moment, PolicyArticle, PolicyArticles, StudyAbroadSteps
from integrations.departments.schooling import Division, Stage


class WhichPolicies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which policies are there, for a stage, or that hold in a division?"""

    stage: Stage | None = None
    division_code: Division | None = None


class WhichSteps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be arranged, at one moment or altogether?"""

    moment: Moment | None = None


def policies(_: City, asked: WhichPolicies) -> PolicyArticles:
    """Tell the articles, the newest first; what holds in the whole city holds in every division."""
    found = [one for one in listed("education_policies", PolicyArticles).items if _holds(one, asked)]
    return PolicyArticles(tuple(sorted(found, key=lambda one: one.published_on, reverse=True)))


def _holds(article: PolicyArticle, asked: WhichPolicies) -> bool:
    there = asked.division_code is None or article.division_code in {None, asked.division_code}
    return there and (asked.stage is None or asked.stage in article.stages)


def study_abroad(_: City, asked: WhichSteps) -> StudyAbroadSteps:
    """Tell the steps in their order."""
    found = listed("study_abroad", StudyAbroadSteps).items
    return StudyAbroadSteps(tuple(one for one in found if asked.moment in {None, one.moment}))


SERVICES: Final[dict[str, Service]] = {
    "education_policies": of_everybody_asked(WhichPolicies, policies),
    "study_abroad": of_everybody_asked(WhichSteps, study_abroad),
}
