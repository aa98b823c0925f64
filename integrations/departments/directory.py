"""The departments that are connected: codes, names, addresses, and the DNS names in their certificates."""

from typing import Final

from app.kernel.settings import Settings
from app.kernel.words import Words
from integrations.exchange.structs import Party

POLICE: Final = "GAJ"
HEALTH: Final = "WJW"
CIVIL_AFFAIRS: Final = "MZJ"
NAMES: Final = {
    POLICE: Words(zh="烟台市公安局", en="Yantai Public Security Bureau"),
    HEALTH: Words(zh="烟台市卫生健康委员会", en="Yantai Municipal Health Commission"),
    CIVIL_AFFAIRS: Words(zh="烟台市民政局", en="Yantai Civil Affairs Bureau"),
}


def addresses_of(settings: Settings) -> dict[str, str]:
    """The address that the settings give for each department; empty is the sandbox city."""
    return {POLICE: settings.police_url, HEALTH: settings.health_url, CIVIL_AFFAIRS: settings.civil_affairs_url}


def parties(settings: Settings) -> dict[str, Party]:
    """Give each department by its code; one without an address in the settings is played by the sandbox city."""
    addresses = addresses_of(settings)
    return {
        code: Party(code, NAMES[code], address or f"{settings.city_origin}/{code.lower()}", keyid_of(code, settings))
        for code, address in addresses.items()
    }


def keyid_of(code: str, settings: Settings) -> str:
    """The DNS name in the certificate of a department, or of the portal itself (`portal`)."""
    return f"{code.lower()}.dept.{settings.issuer_domain}"


def speakers(settings: Settings) -> dict[str, str]:
    """Give the department that each keyid speaks for, as `verify_push` asks it."""
    return {party.keyid: code for code, party in parties(settings).items()}
