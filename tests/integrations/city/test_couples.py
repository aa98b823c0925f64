"""Marriages and divorces that civil affairs register: what they refuse, and that the registers of both tell it afterwards."""

from collections.abc import Iterator
from datetime import date

import msgspec
import pytest

from app.kernel import clock
from integrations.city import couples
from integrations.city.couples import MARRY, PART
from integrations.city.departments import SERVICES
from integrations.city.elsewhere import PEOPLE as ELSEWHERE
from integrations.city.marriages import divorce, marriage
from integrations.city.outcomes import Outcome, QuestionRefused
from integrations.city.people import Person
from integrations.departments.marriages import CoupleRegistered
from tests.lifecycle.applications.samples_of_marriage import is_husband, is_single_man, is_single_woman
from tests.makers.city_people import a_town_of_registers, somebody_new

CITY = a_town_of_registers()
PEOPLE = CITY.population.people
_numbers = iter(range(1, 1000))


@pytest.fixture(autouse=True)
def _as_drawn() -> Iterator[None]:
    """The city is as it was drawn after each test."""
    yield
    CITY.store.write("DELETE FROM carried_out")


def ordered(service: str, person: Person, other: Person, **changes: object) -> Outcome:
    body = {
        "case_number": f"YT2026112904{next(_numbers):06d}",
        "id_number": person.id_number,
        "partner_name": other.name,
        "partner_id_number": other.id_number,
        "registry_code": "370602",
    }
    return SERVICES["mzj"][service](CITY, msgspec.Raw(msgspec.json.encode(body | changes)))


def entered(outcome: Outcome) -> CoupleRegistered:
    assert isinstance(outcome.body, dict)
    return msgspec.json.decode(bytes(outcome.body["told"]), type=CoupleRegistered)


def a_couple() -> tuple[Person, Person]:
    """A man and a woman who are unmarried and not related."""
    return somebody_new(is_single_man), somebody_new(is_single_woman)


def spouses() -> tuple[Person, Person, str]:
    husband = somebody_new(is_husband)
    told = marriage(CITY, husband)
    assert told is not None
    assert told.marriage is not None
    return husband, PEOPLE[husband.spouse or ""], told.marriage.certificate_no


def parted(person: Person, other: Person, certificate_no: str, **changes: object) -> Outcome:
    agreed = {"certificate_no": certificate_no, "agreement": {"property": "归女方", "debts": "无共同债务"}}
    return ordered(PART, person, other, **(agreed | changes))


class TestMarriage:
    def test_is_told_of_both_afterwards(self) -> None:
        man, woman = a_couple()

        certificate = entered(ordered(MARRY, woman, man))

        for one, other in ((man, woman), (woman, man)):
            told = marriage(CITY, one)
            assert told is not None
            assert told.marriage is not None
            assert (told.marital_code, told.marriage.standing, told.marriage.spouse) == ("20", "in_force", other.name)
            assert told.marriage.certificate_no == certificate.certificate_no
            assert told.marriage.registered_on == clock.today()
            assert told.marriage.registry == certificate.registry == "芝罘区民政局婚姻登记处"

    def test_is_registered_once_however_often_it_is_ordered(self) -> None:
        man, woman = a_couple()
        number = "YT2026112904999999"

        assert entered(ordered(MARRY, man, woman, case_number=number)) == entered(
            ordered(MARRY, man, woman, case_number=number)
        )
        with pytest.raises(QuestionRefused, match="case_number_reused"):
            ordered(MARRY, man, somebody_new(is_single_woman), case_number=number)

    def test_bars_another_of_either(self) -> None:
        man, woman = a_couple()
        ordered(MARRY, man, woman)

        with pytest.raises(QuestionRefused, match="has_spouse"):
            ordered(MARRY, man, somebody_new(is_single_woman))
        with pytest.raises(QuestionRefused, match="has_spouse"):
            ordered(MARRY, somebody_new(is_single_man), woman)

    def test_isnt_of_who_is_married_already_and_doesnt_say_who(self) -> None:
        husband, wife, _ = spouses()

        with pytest.raises(QuestionRefused, match="has_spouse"):
            ordered(MARRY, husband, somebody_new(is_single_woman))
        with pytest.raises(QuestionRefused, match="has_spouse"):
            ordered(MARRY, somebody_new(is_single_man), wife)

    def test_isnt_of_two_men_or_oneself(self) -> None:
        man = somebody_new(is_single_man)

        with pytest.raises(QuestionRefused, match="not_man_and_woman"):
            ordered(MARRY, man, somebody_new(is_single_man))
        with pytest.raises(QuestionRefused, match="not_man_and_woman"):
            ordered(MARRY, man, man)

    def test_a_wrong_name_learns_nothing_of_the_numbers_holder(self) -> None:
        man, (_, wife, _) = somebody_new(is_single_man), spouses()

        with pytest.raises(QuestionRefused, match="partner_unknown"):
            ordered(MARRY, man, wife, partner_name="王小红")
        with pytest.raises(QuestionRefused, match="partner_unknown"):
            ordered(MARRY, man, wife, partner_id_number="370602190001010019")

    def test_waits_until_both_are_old_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        man, woman = a_couple()
        monkeypatch.setattr(clock, "today", lambda: man.birth_date.replace(year=man.birth_date.year + 21))

        with pytest.raises(QuestionRefused, match="under_age"):
            ordered(MARRY, man, woman)

    def test_isnt_of_siblings_or_parent_and_child(self) -> None:
        man, woman = a_couple()
        parents = {"father": "370602196001010013", "mother": "370602196001010021"}
        brother, sister = (msgspec.structs.replace(one, **parents) for one in (man, woman))
        daughter = msgspec.structs.replace(woman, father=man.id_number)
        half = msgspec.structs.replace(woman, mother=parents["mother"])

        assert couples._related(CITY, brother, sister)
        assert couples._related(CITY, brother, half)
        assert couples._related(CITY, man, daughter)
        assert couples._related(CITY, daughter, man)
        assert not couples._related(CITY, man, woman)

    def test_refuses_an_unknown_registry(self) -> None:
        man, woman = a_couple()

        with pytest.raises(QuestionRefused, match="registry_unknown"):
            ordered(MARRY, man, woman, registry_code="110101")

    def test_of_somebody_of_elsewhere_is_another_registrys(self) -> None:
        woman = next(one for one in ELSEWHERE.values() if one.sex == "female")

        with pytest.raises(QuestionRefused, match="not_in_the_register"):
            ordered(MARRY, somebody_new(is_single_man), woman)


class TestDivorce:
    def test_is_told_of_both_afterwards_and_nothing_waits(self) -> None:
        husband, wife, certificate_no = spouses()

        certificate = entered(parted(wife, husband, certificate_no))

        for one, other in ((husband, wife), (wife, husband)):
            told, still = divorce(CITY, one), marriage(CITY, one)
            assert told is not None
            assert still is not None
            assert told.divorce is not None
            assert still.marriage is not None
            assert (told.marital_code, told.application) == ("40", None)
            assert (told.divorce.former_spouse, told.divorce.certificate_no) == (
                other.name,
                certificate.certificate_no,
            )
            assert (still.marriage.standing, still.marriage.ended_on) == ("ended_by_divorce", clock.today())
            assert still.marriage.certificate_no == certificate_no

    def test_lets_both_marry_again(self) -> None:
        husband, wife, certificate_no = spouses()
        parted(husband, wife, certificate_no)

        ordered(MARRY, husband, somebody_new(is_single_woman))
        ordered(MARRY, somebody_new(is_single_man), wife)

        told = divorce(CITY, husband)
        assert told is not None
        assert told.marital_code == "20"
        assert told.divorce is not None

    def test_isnt_of_who_isnt_married_or_of_another_marriage(self) -> None:
        (husband, wife, certificate_no), (_, another, theirs) = spouses(), spouses()
        man, woman = a_couple()

        with pytest.raises(QuestionRefused, match="not_married"):
            parted(man, woman, certificate_no)
        with pytest.raises(QuestionRefused, match="not_this_marriage"):
            parted(husband, another, certificate_no)
        with pytest.raises(QuestionRefused, match="not_this_marriage"):
            parted(husband, wife, theirs)

    def test_is_refused_a_second_time(self) -> None:
        husband, wife, certificate_no = spouses()
        parted(husband, wife, certificate_no)

        with pytest.raises(QuestionRefused, match="not_married"):
            parted(wife, husband, certificate_no)


class TestWidowed:
    def test_is_who_survives_a_marriage_registered_here(self, monkeypatch: pytest.MonkeyPatch) -> None:
        man, woman = a_couple()
        ordered(MARRY, man, woman)
        dead = msgspec.structs.replace(man, alive=False, died_on=date(2026, 11, 28))
        monkeypatch.setitem(PEOPLE, man.id_number, dead)

        told = marriage(CITY, woman)

        assert told is not None
        assert told.marriage is not None
        assert (told.marital_code, told.marriage.standing) == ("30", "ended_by_death")
        assert told.marriage.ended_on == date(2026, 11, 28)
