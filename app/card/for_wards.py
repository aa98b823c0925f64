"""Cards of wards: a guardian acts for a ward, also by `Fuhai-Acting-For`; nobody else changes another's card, whatever power they have."""

from app.kernel.actors import Citizen, PowerLacksScope, Scope


def require_own_or_wards(citizen: Citizen) -> None:
    """Refuse (`PowerLacksScope`) whoever acts by a power (代办): a card is changed by its holder or their guardian."""
    if citizen.acting is not None and citizen.acting.basis != "guardianship":
        raise PowerLacksScope(scope=Scope.CASES.value)
