"""Every push matter of the catalogue: off by default, reached while it is on by its own department alone, and no longer once it is off."""

import pytest

from app.kernel.actors import Citizen
from app.kernel.clock import today
from app.notices import campaigns, inbox
from app.notices.errors import AnotherDepartmentsMatter
from app.residents.ages import years_before
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import Kind
from lifecycle.subscriptions import choosing, reading
from lifecycle.subscriptions.pushes import Push, every_fact
from lifecycle.subscriptions.reading import Wanted
from tests.makers.people import a_guardian_of, a_resident, an_officer
from tests.makers.subscriptions import (
    a_campaign_about,
    about,
    an_adult,
    every_push,
    sent,
    switched_on,
    told,
)

pytestmark = pytest.mark.usefixtures("app", "nobody_is_asked")


async def who_can(push: Push) -> tuple[Citizen, dict[str, object]]:
    """Somebody who may switch a matter on, and for whom: a guardian where it is for children."""
    if push.facts.below_age is None:
        return await an_adult(), {}
    child = await a_resident(birth_date=years_before(today(), 3))
    return await a_guardian_of(child, birth_date=years_before(today(), 30)), {"person_id": child}


class TestEveryMatter:
    def test_of_the_catalogue_can_be_switched_on(self) -> None:
        announced = {one.code for one in published.catalogue().matters if Kind.PUSH in one.kinds}

        assert len(announced) == 35
        assert {push.matter.code for push in every_push()} == announced == set(every_fact())

    async def test_is_off_and_says_what_would_be_sent_on_what_data(self) -> None:
        citizen = await an_adult()

        shown = await reading.subscriptions(citizen, Wanted(), None, 100)

        assert [one.standing for one in shown.items] == ["off"] * 35
        assert all(one.sends.zh and one.uses.zh and one.how_often.zh and one.department.code for one in shown.items)

    async def test_reaches_who_switched_it_on_until_they_switch_it_off(self) -> None:
        other = await an_adult()
        for push in every_push():
            code = push.matter.code
            citizen, whom = await who_can(push)

            await sent(about(code))
            assert await told(citizen) == [], code
            on = await switched_on(citizen, code, **whom)  # type: ignore[arg-type]
            campaign = await sent(about(code))
            reached = await told(citizen)
            await choosing.switch_off(citizen, code, **whom)  # type: ignore[arg-type]
            await sent(about(code))

            assert campaign.state == "published", code
            assert on.standing == "on", code
            assert [one.matter for one in reached] == [code]
            assert reached[0].advertisement == (push.facts.advertising == "always"), code
            why = await inbox.why(citizen, reached[0].id)
            assert (why.matter, why.since, why.department) == (code, on.since, push.matter.department.code)
            assert push.matter.name.zh in why.reason.zh
            assert await told(citizen) == reached, code
        assert await told(other) == []

    async def test_is_sent_by_its_own_department_only(self) -> None:
        for push in every_push():
            other = an_officer(department="GAJ")

            with pytest.raises(AnotherDepartmentsMatter):
                await campaigns.prepare(other, a_campaign_about(about(push.matter.code)))


class TestFacts:
    def test_say_what_the_texts_say_of_advertising(self) -> None:
        for push in every_push():
            said = push.text.sends.zh + push.matter.what.zh
            marked = "标明“广告”" in said or "属于广告" in said or "是广告" in said

            assert marked == (push.facts.advertising != "never"), push.matter.code

    def test_keep_advertising_for_adults(self) -> None:
        assert all(push.facts.from_age >= 18 for push in every_push() if push.facts.advertising == "always")

    def test_ask_a_separate_consent_where_sensitive_data_are_used(self) -> None:
        for push in every_push():
            kinds = {one.data_class for one in push.matter.known_data}
            if kinds & {"health", "money"} and push.facts.asks == () and not push.facts.area:
                assert push.facts.sensitive, push.matter.code

    def test_send_no_more_than_the_texts_say(self) -> None:
        often = {push.text.how_often.zh: (push.facts.most, push.facts.days) for push in every_push()}

        assert often["每周最多一条。"] == (1, 7)
        assert often["每月最多一条。"] == (1, 30)
        assert often["每周最多两条。"] == (2, 7)
        for push in every_push():
            if push.text.how_often.zh == "每周最多一条。":
                assert (push.facts.most, push.facts.days) == (1, 7), push.matter.code
