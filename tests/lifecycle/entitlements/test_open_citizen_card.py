"""To whom the citizen card's services are open, by how the card stands."""

from datetime import date

import httpx
import pytest

from lifecycle.rules.fact_kinds import SCHOOLING, Schooling
from lifecycle.rules.told_kinds import CITIZEN_CARD
from tests.makers.callers import headers
from tests.makers.cards import a_card_holder
from tests.makers.facts import ADULT, AS_OF, BY_DAY, Known, a_person, aged, answer, said
from tests.makers.people import a_citizen

IN_USE = (
    "citizen_card_topup",
    "citizen_card_transit_pay",
    "citizen_card_tourism",
    "citizen_card_utility_pay",
    "citizen_card_small_payment",
)
HELD = ("citizen_card_replace", "citizen_card_cancel", "citizen_card_identity_auth")
PUPIL: Known = {SCHOOLING: Schooling("junior", date(2025, 9, 1), date(2028, 8, 31)), CITIZEN_CARD: "active"}


@pytest.mark.parametrize(
    ("matter", "none", "active", "lost"),
    [
        *((matter, "no", "yes", "no") for matter in IN_USE),
        *((matter, "no", "yes", "yes") for matter in HELD),
        ("citizen_card_apply", "yes", "drawn", "drawn"),
        ("citizen_card_loss_report", "no", "yes", "drawn"),
        ("citizen_card_unlock", "no", "no", "yes"),
    ],
)
def test_is_open_by_the_state_of_the_card(matter: str, none: str, active: str, lost: str) -> None:
    waiting = "no" if matter in IN_USE else active
    for state, says in (("none", none), ("active", active), ("lost", lost), ("issued", waiting)):
        found = answer(f"{matter}.open", a_person(ADULT, {CITIZEN_CARD: state})).verdict
        assert found is not None
        assert ("drawn" if found.drawn else found.answer) == says, state


@pytest.mark.parametrize("matter", [*IN_USE, *HELD])
def test_says_what_would_change_a_no(matter: str) -> None:
    found = answer(f"{matter}.open", a_person(ADULT, {CITIZEN_CARD: "none"})).verdict

    assert found is not None
    assert found.would_be_if is not None


@pytest.mark.parametrize("matter", [*IN_USE, *HELD, "citizen_card_apply", "citizen_card_education"])
def test_isnt_guessed(matter: str) -> None:
    assert "citizen_card" in {kind.name for kind in answer(f"{matter}.open", a_person(ADULT)).needs}


class TestAtSchool:
    NAME = "citizen_card_education.open"

    @pytest.mark.parametrize(("as_of", "says"), [(date(2028, 8, 30), "yes"), (date(2028, 8, 31), "no")])
    def test_is_for_pupils(self, as_of: date, says: str) -> None:
        assert said(self.NAME, a_person(date(2012, 3, 1), PUPIL), as_of) == says

    @pytest.mark.parametrize(("days", "consents"), [(-1, True), (0, False)])
    def test_below_fourteen_needs_a_consent_of_its_own(self, days: int, *, consents: bool) -> None:
        found = answer(self.NAME, aged(14, days, more=PUPIL))

        assert found.verdict is not None
        assert any("consents separately" in step.en for step in found.verdict.steps) == consents
        assert (found.again == AS_OF + BY_DAY) == consents


@pytest.mark.usefixtures("app")
class TestOverHttp:
    async def test_who_has_no_card_may_open_one_and_then_pays_by_it(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen())
        pay, opening = (f"/v1/matters/citizen_card_{name}/eligibility" for name in ("topup", "apply"))

        (before,) = (await http.get(pay, headers=who)).json()["answers"]
        may_open = (await http.get(opening, headers=who)).json()["answers"][0]
        opened = await http.post("/v1/card", headers=who)
        (after,) = (await http.get(pay, headers=who)).json()["answers"]

        assert (before["answer"], may_open["answer"], may_open["drawn"]) == ("no", "yes", False)
        assert opened.status_code in {200, 201}, opened.text
        assert (after["answer"], after["facts"][0]["source"]) == ("yes", "office")
        assert (await http.get(opening, headers=who)).json()["answers"][0]["drawn"]

    async def test_a_card_that_is_reported_lost_doesnt_pay_until_it_is_found(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_card_holder())
        pay, unlock = (f"/v1/matters/citizen_card_{name}/eligibility" for name in ("topup", "unlock"))

        async def answers() -> tuple[str, str]:
            found = [(await http.get(address, headers=who)).json()["answers"][0]["answer"] for address in (pay, unlock)]
            return found[0], found[1]

        assert await answers() == ("yes", "no")
        await http.post("/v1/card/loss", headers=who)
        assert await answers() == ("no", "yes")
        await http.post("/v1/card/found", headers=who)
        assert await answers() == ("yes", "no")
