"""Residents: known once, whoever tells of them and however often."""

import asyncio
from datetime import date

import pytest

from app.kernel.database import fetch_value, transaction
from app.kernel.ids import new_person_id
from app.residents.directory import find_by_birth_certificate, find_by_id_number, find_by_phone
from app.residents.errors import IdNumberTaken, IdNumberWrong, ResidentUnknown
from app.residents.people import RESIDENTS
from app.residents.registration import give_id_number, register_resident
from app.residents.structs import Person
from tests.makers.people import a_newborn, a_phone, a_resident, an_id_number, the_resident

pytestmark = pytest.mark.usefixtures("app")


class TestRegisterResident:
    async def test_is_found_by_each_number(self) -> None:
        number, phone = an_id_number(), a_phone()

        resident_id = await register_resident(Person(name="王小红", id_number=number, phone=phone))

        assert await find_by_id_number(number) == resident_id
        assert await find_by_phone(phone) == resident_id
        assert await find_by_id_number(an_id_number()) is None

    async def test_reads_birth_date_and_sex_from_the_number(self) -> None:
        number = an_id_number(date(1990, 3, 7))

        resident_id = await register_resident(Person(name=" 王小红 ", id_number=number.lower()))

        known = await the_resident(resident_id)
        assert (known.name, known.birth_date, known.id_number) == ("王小红", date(1990, 3, 7), number)
        assert known.sex == ("male" if int(number[16]) % 2 else "female")

    async def test_recognises_who_is_known(self) -> None:
        number = an_id_number()
        first = await register_resident(Person(name="王小红", id_number=number))

        again = await register_resident(Person(name="王大红", id_number=number, division_code="370611"))

        assert again == first
        assert (await the_resident(first)).name == "王小红"
        assert (await the_resident(first)).division_code == "370611"

    async def test_makes_one_resident_when_told_ten_times_at_once(self) -> None:
        person = Person(name="王小红", id_number=an_id_number())

        made = await asyncio.gather(*(register_resident(person) for _ in range(10)))

        assert len(set(made)) == 1
        async with transaction(RESIDENTS):
            assert await fetch_value("SELECT count(*) FROM resident WHERE id = ANY ($1)", list(set(made))) == 1

    async def test_recognises_a_newborn_by_the_certificate(self) -> None:
        newborn = Person(birth_certificate_no="T371234567", birth_date=date(2026, 11, 1), sex="female")

        first = await register_resident(newborn)

        assert await register_resident(newborn) == first
        assert await find_by_birth_certificate("T371234567") == first

    async def test_leaves_a_phone_with_its_owner(self) -> None:
        phone = a_phone()
        owner = await register_resident(Person(phone=phone))

        other = await register_resident(Person(name="王小红", id_number=an_id_number(), phone=phone))

        assert other != owner
        assert await find_by_phone(phone) == owner
        assert (await the_resident(other)).phone is None

    async def test_refuses_a_number_that_cannot_be(self) -> None:
        with pytest.raises(IdNumberWrong):
            await register_resident(Person(name="王小红", id_number="370602199003070010"))

    async def test_refuses_somebody_without_any_number(self) -> None:
        with pytest.raises(ValueError, match="without a number"):
            await register_resident(Person(name="王小红"))

    async def test_stores_no_number_in_the_clear(self) -> None:
        number, phone = an_id_number(), a_phone()
        resident_id = await register_resident(Person(name="王小红", id_number=number, phone=phone))

        async with transaction(RESIDENTS):
            row = await fetch_value("SELECT resident::text FROM resident WHERE id = $1", resident_id)
            found = await fetch_value(
                "SELECT string_agg(identifier::text, '') FROM identifier WHERE citizen_id = $1", resident_id
            )

        for text in (number, phone, number.encode().hex(), phone.encode().hex()):
            assert text not in row
            assert text not in found


class TestGiveIdNumber:
    async def test_gives_a_newborn_number_and_name(self) -> None:
        child, number = await a_newborn(), an_id_number(date(2026, 11, 1))

        given = await give_id_number(child, Person(id_number=number, name="王晨", division_code="370602"))
        again = await give_id_number(child, Person(id_number=number, name="王晨", division_code="370602"))

        assert again == given
        assert (given.id_number, given.name) == (number, "王晨")
        assert await find_by_id_number(number) == child

    async def test_refuses_the_number_of_another(self) -> None:
        number = an_id_number()
        await a_resident(id_number=number)
        child = await a_newborn()

        with pytest.raises(IdNumberTaken):
            await give_id_number(child, Person(id_number=number, name="王晨"))
        assert (await the_resident(child)).id_number is None

    async def test_refuses_a_second_number(self) -> None:
        child = await a_newborn()
        await give_id_number(child, Person(id_number=an_id_number(), name="王晨"))
        second = an_id_number()

        with pytest.raises(IdNumberTaken):
            await give_id_number(child, Person(id_number=second, name="王晨"))
        assert await find_by_id_number(second) is None

    async def test_refuses_somebody_unknown(self) -> None:
        with pytest.raises(ResidentUnknown):
            await give_id_number(new_person_id(), Person(id_number=an_id_number(), name="王晨"))
