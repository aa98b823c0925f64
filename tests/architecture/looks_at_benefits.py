"""How each operation of facts, entitlements and benefits is tried, when a guardian looks at or acts for a ward."""

from typing import Final

from app.kernel import clock
from lifecycle.benefits import choosing
from tests.architecture.looks_at_cases import a_guardians
from tests.makers.callers import headers
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.people import a_guardian_of, a_resident

ACCOUNT: Final = {"bank": "烟台银行股份有限公司", "account": "6223190000000000003"}


def an_answer(step: str) -> Scenario:
    """A guardian's answer to the subsidy that a child was offered."""

    async def scenario(scene: Scene) -> Look:
        ward = await a_resident(birth_date=clock.today())
        guardian = await a_guardian_of(ward)
        (offer,) = (await choosing.listed(guardian, None, None, 20)).items
        if step == "reopen":
            await choosing.decline(guardian, offer.id)
        scene.person, scene.principal = ward, guardian.principal
        sent, body = await headers(guardian), ACCOUNT if step == "confirm" else None
        return lambda: scene.http.post(f"/v1/me/benefits/{offer.id}/{step}", headers=sent, json=body)

    return scenario


OF_BENEFITS: Final[dict[str, Scenario]] = {
    "getFacts": a_guardians("GET", "/v1/me/facts?person_id={child}"),
    "getFamilyFacts": a_guardians("GET", "/v1/me/family/facts"),
    "declareFact": a_guardians("PUT", "/v1/me/facts/studying", {"value": False, "person_id": "{child}"}),
    "listEntitlements": a_guardians("GET", "/v1/me/entitlements?person_id={child}"),
    "getEligibility": a_guardians("GET", "/v1/matters/childcare_subsidy/eligibility?person_id={child}"),
    "confirmBenefit": an_answer("confirm"),
    "declineBenefit": an_answer("decline"),
    "reopenBenefit": an_answer("reopen"),
}
