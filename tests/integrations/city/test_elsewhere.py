"""People with a document of elsewhere: the police know them by its number, and no household register has them."""

from pathlib import Path

import msgspec
import pytest

from app.kernel.identity_numbers import Holder, parse
from integrations.city.elsewhere import PEOPLE, TRAVELLERS
from integrations.exchange.structs import ExchangeAnswer
from tests.makers.city import Town


def matched(said: ExchangeAnswer) -> bool:
    answer: dict[str, bool] = msgspec.json.decode(said.body)
    return answer["match"]


class TestElsewhere:
    def test_has_one_of_each_kind(self) -> None:
        assert [parse(number).holder for number in PEOPLE] == [
            Holder.HONG_KONG,
            Holder.MACAO,
            Holder.TAIWAN,
            Holder.FOREIGN_PERMANENT,
        ]

    @pytest.mark.parametrize("number", PEOPLE)
    async def test_the_police_confirm_who_they_are(self, town: Town, number: str) -> None:
        person = PEOPLE[number]

        said = await town.ask("gaj", "verify_identity", name=person.name, id_number=number)
        other = await town.ask("gaj", "verify_identity", name="李大明", id_number=number)
        household = await town.ask("gaj", "household", id_number=number)

        assert matched(said)
        assert not matched(other)
        assert household.status == "not_found"

    async def test_they_look_into_the_camera(self, town: Town) -> None:
        number = next(iter(PEOPLE))
        token = (await town.control("POST", "face", id_number=number)).json()["face_token"]

        said = await town.ask("gaj", "verify_face", id_number=number, face_token=token)

        assert matched(said)

    async def test_the_police_know_travellers_by_the_kind_of_their_document(self, town: Town) -> None:
        for (kind, number), person in TRAVELLERS.items():
            named = {"name": person.name, "id_number": number}

            said = await town.ask("gaj", "verify_identity", **named, document_type=kind)
            as_a_card = await town.ask("gaj", "verify_identity", **named)

            assert matched(said)
            assert as_a_card.status == "not_found"

    async def test_travellers_look_into_the_camera(self, town: Town) -> None:
        kind, number = next(iter(TRAVELLERS))
        named = {"id_number": number, "document_type": kind}
        token = (await town.control("POST", "face", **named)).json()["face_token"]

        assert matched(await town.ask("gaj", "verify_face", **named, face_token=token))

    async def test_are_named_on_the_citys_page(self) -> None:
        page = (Path(__file__).parents[3] / "docs" / "city.md").read_text(encoding="utf-8")

        assert all(f"{person.name} `{number}`" in page for number, person in PEOPLE.items())
        assert all(f"{person.name} `{kind} {number}`" in page for (kind, number), person in TRAVELLERS.items())
