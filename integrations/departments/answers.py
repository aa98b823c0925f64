"""What an answer to each service must be, to be read also when it comes late: its shape, and that it is about whom was asked about."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from integrations.departments import health, police
from integrations.departments.directory import HEALTH, POLICE
from integrations.departments.fhir import is_all_of
from integrations.departments.orders import Order
from integrations.departments.registers import Register, Told
from integrations.exchange.structs import Operation

Asked = Mapping[str, Any]


class Expected(msgspec.Struct, frozen=True):
    """What a service of a department answers, by what was asked; `is_about` says whether an answer is about the same."""

    operation: Callable[[Asked], Operation[Any]]
    is_about: Callable[[Any, Asked], bool]


def of_register(register: Register[Any]) -> Expected:
    """What a register tells of a person, where one was named in the question, or of what is everybody's."""

    def operation(asked: Asked) -> Operation[Any]:
        told = Told[register.told] if "id_number" in asked else register.told  # type: ignore[name-defined]
        return Operation(register.service, told, register.fresh_for, register.usable_for)

    def is_about(said: Any, asked: Asked) -> bool:
        if "id_number" not in asked:
            return True
        return bool(said.id_number == asked["id_number"] and register.is_about(said.told, asked["id_number"]))

    return Expected(operation, is_about)


def of_order(order: Order[Any]) -> Expected:
    """What a department says of an order that it carried out."""
    told = Told[order.told]  # type: ignore[name-defined]
    operation = Operation(order.service, told, police.NOT_KEPT, police.NOT_KEPT)
    return Expected(lambda _: operation, lambda said, asked: bool(said.id_number == asked["id_number"]))


def _of(operation: Operation[Any], is_about: Callable[[Any, Asked], bool]) -> Expected:
    return Expected(lambda _: operation, is_about)


def _number(asked: Asked) -> Any:
    return asked.get("id_number", asked.get("certificate_no"))


OF_PORTS: Final[Mapping[tuple[str, str], Expected]] = {
    (POLICE, "verify_identity"): _of(police.VERIFY_IDENTITY, lambda _said, _asked: True),
    (POLICE, "verify_face"): _of(police.VERIFY_FACE, lambda _said, _asked: True),
    (POLICE, "household"): _of(
        police.HOUSEHOLD, lambda said, asked: asked["id_number"] in {member.id_number for member in said.members}
    ),
    (POLICE, "register_birth"): _of(
        police.REGISTER_BIRTH, lambda said, asked: said.household_no == asked["household_no"]
    ),
    (HEALTH, "birth_certificate"): _of(
        health.BIRTH_CERTIFICATE, lambda said, asked: said.certificate_no == asked["certificate_no"]
    ),
    (HEALTH, "immunisations"): _of(health.IMMUNISATIONS, lambda said, asked: is_all_of(said, _number(asked))),
}
"""What the services answer that have ports of their own."""
