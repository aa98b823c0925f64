"""A rule of entitlement that fails unforeseen: the answer is unknown, the others stand, and an offer isn't withdrawn by it."""

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from app.kernel import clock
from lifecycle.agenda.bookkeeping import look_at
from lifecycle.entitlements import rules
from lifecycle.entitlements.verdicts import Verdict
from lifecycle.rules.looking import Looking
from tests.makers.callers import headers
from tests.makers.people import a_citizen, an_id_number

pytestmark = pytest.mark.usefixtures("app")
RULE = "old_age_allowance"


def breaks(_: Looking) -> Verdict:
    """A rule with a mistake."""
    raise ZeroDivisionError


class TestAFailingRule:
    async def test_is_unknown_and_leaves_the_others(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        who = await headers(await a_citizen())
        monkeypatch.setitem(rules._RULES, RULE, msgspec.structs.replace(rules._RULES[RULE], work=breaks))

        with capture_logs() as logged:
            mine = await http.get("/v1/me/entitlements", headers=who)
            matter = await http.get("/v1/matters/social_welfare_info/eligibility", headers=who)

        found = {one["code"]: one for one in mine.json()["items"]}
        assert (mine.status_code, matter.status_code) == (200, 200)
        assert (found[RULE]["answer"], found[RULE]["needs"], found[RULE]["figure"]) == ("unknown", [], None)
        assert len(found) > 1
        assert RULE in {one["code"] for one in matter.json()["answers"]}
        assert {one["rule"] for one in logged if one["event"] == "rule_failed"} >= {RULE}

    async def test_hides_no_facts_and_withdraws_no_offer(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        today = clock.today()
        born = today.replace(year=today.year - 85, day=1)
        citizen = await a_citizen(birth_date=born, id_number=an_id_number(born))
        await look_at(citizen.id)
        who = await headers(citizen)
        before = (await http.get("/v1/me/benefits", headers=who)).json()["items"]
        monkeypatch.setitem(rules._RULES, RULE, msgspec.structs.replace(rules._RULES[RULE], work=breaks))

        await look_at(citizen.id)

        after = (await http.get("/v1/me/benefits", headers=who)).json()["items"]
        assert before
        assert after == before
        assert (await http.get("/v1/me/facts", headers=who)).status_code == 200
