"""Estates of the running city: who is told of them, how titles change hands, what is refused, and what the register says afterwards."""

from collections.abc import Iterator
from datetime import date

import msgspec
import pytest

from app.kernel import clock
from integrations.city.departments import SERVICES
from integrations.city.estates import dead_kin, estate_kin, estates, kin_of, ref
from integrations.city.homes import own_title
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import ADULT, Person, age_on
from integrations.city.property_titles import seizure, titles
from integrations.city.title_changes import CERTIFY
from integrations.city.title_register import CHANGE
from integrations.city.world import City
from integrations.departments.estates import DeedTaxCertified, EstateHome, TitleChanged
from integrations.departments.marriages import CoupleRegistered
from integrations.departments.property_titles import RegisteredTitle
from tests.lifecycle.applications.samples_of_marriage import is_single_man, is_single_woman
from tests.makers.city_people import somebody_new, the_same_city

CITY = the_same_city()
PEOPLE = CITY.population.people
_numbers = iter(range(1, 1000))


@pytest.fixture(autouse=True)
def _as_drawn() -> Iterator[None]:
    """The city is as it was drawn after each test."""
    drawn = dict(PEOPLE)
    yield
    CITY.store.write("DELETE FROM carried_out")
    PEOPLE.update(drawn)
    CITY.population._died_since.clear()


def case_number() -> str:
    return f"YT2026112905{next(_numbers):06d}"


def told(department: str, service: str, person: Person, **parts: object) -> bytes:
    body = {"id_number": person.id_number, **parts}
    outcome = SERVICES[department][service](CITY, msgspec.Raw(msgspec.json.encode(body)))
    assert isinstance(outcome.body, dict)
    return bytes(outcome.body["told"])


def certified(number: str, person: Person, **parts: object) -> DeedTaxCertified:
    return msgspec.json.decode(told("swj", CERTIFY, person, case_number=number, **parts), type=DeedTaxCertified)


def changed(number: str, person: Person, **parts: object) -> TitleChanged:
    return msgspec.json.decode(told("zrzy", CHANGE, person, case_number=number, **parts), type=TitleChanged)


def may_inherit(city: City, person: Person) -> bool:
    told_of = estates(city, person)
    return told_of is not None and not any(one.seized or one.mortgaged for one in told_of.homes)


def an_heir() -> tuple[Person, EstateHome]:
    heir = somebody_new(may_inherit)
    known = estates(CITY, heir)
    assert known is not None
    return heir, known.homes[0]


def to_the_spouse(home: EstateHome, heir: Person) -> dict[str, object]:
    dead = next(one for one in dead_kin(CITY, heir) if ref(one.id_number) == home.deceased)
    named = ref(dead.id_number, heir.id_number)
    return {
        "title_no": home.title_no,
        "reason": "inheritance",
        "deceased": home.deceased,
        "owners": [{"ref": named, "part": "1/1"}],
    }


def inherited(heir: Person, home: EstateHome, **changes: object) -> TitleChanged:
    number, parts = case_number(), to_the_spouse(home, heir) | changes
    tax = certified(
        number,
        heir,
        title_no=parts["title_no"],
        reason=parts["reason"],
        deceased=parts["deceased"],
        acquirers=[one["ref"] for one in parts["owners"]],  # type: ignore[attr-defined]
    )
    return changed(number, heir, tax_certificate_no=tax.certificate_no, **parts)


def an_owner(**traits: object) -> Person:
    """Somebody who owns their home alone or jointly, as the traits say."""

    def fits(city: City, person: Person) -> bool:
        household = city.population.household_of(person)
        title = own_title(city.population, household) if household else None
        if title is None or seizure(city.population, title) or any(owner.died_on for owner in title.owners):
            return False
        found = {
            "owners": len(title.owners),
            "first": title.owners[0].id_number == person.id_number,
            "mortgaged": title.mortgage is not None,
            "children": len(city.population.children(person.id_number)),
        }
        return all(found[name] == value for name, value in traits.items())

    return somebody_new(fits)


def title_of(person: Person) -> str:
    found = titles(CITY, person)
    assert found is not None
    return found.titles[0].title_no


def told_titles(person: Person) -> tuple[RegisteredTitle, ...]:
    found = titles(CITY, person)
    return found.titles if found else ()


def a_single_owner() -> Person:
    """A man who isn't married and owns his home alone, without a mortgage."""

    def fits(city: City, person: Person) -> bool:
        household = city.population.household_of(person)
        title = own_title(city.population, household) if household else None
        return (
            title is not None
            and [one.id_number for one in title.owners] == [person.id_number]
            and (title.mortgage, seizure(city.population, title)) == (None, None)
            and is_single_man(city, person)
        )

    return somebody_new(fits)


def coupled(service: str, one: Person, other: Person, **parts: object) -> str:
    """The certificate of a marriage or a divorce that was registered just now."""
    body = {"partner_name": other.name, "partner_id_number": other.id_number, "registry_code": "370602"}
    said = told("mzj", service, one, case_number=case_number(), **body, **parts)
    return msgspec.json.decode(said, type=CoupleRegistered).certificate_no


class TestKin:
    def test_are_told_to_those_whom_law_calls_and_to_nobody_else(self) -> None:
        father = an_owner(owners=2, children=1)
        (child,) = CITY.population.children(father.id_number)
        household = CITY.population.members(father.household_no)
        CITY.population.bury(father, date(2026, 11, 20))

        asked = {one.id_number: estate_kin(CITY, one) for one in household if one.id_number != father.id_number}
        for number in (father.spouse, child.id_number):
            kin = asked[number or ""]
            assert kin is not None
            (dead,) = [one for one in kin.deceased if one.name == father.name]
            assert dead.died_on == date(2026, 11, 20)
            assert {(one.kinship, one.name) for one in dead.kin} >= {
                ("spouse", PEOPLE[father.spouse or ""].name),
                ("child", child.name),
            }
            assert [one.name for one in dead.kin if one.is_asker] == [PEOPLE[number or ""].name]
        stranger = somebody_new(lambda _, one: one.household_no != father.household_no)
        assert not any(one.id_number == father.id_number for one in dead_kin(CITY, stranger))

    def test_name_no_numbers(self) -> None:
        heir, _ = an_heir()
        said = msgspec.json.encode((estates(CITY, heir), estate_kin(CITY, heir))).decode()

        assert heir.id_number not in said
        assert not any(one.id_number in said for one in dead_kin(CITY, heir))

    def test_of_the_second_order_are_told_only_where_the_first_is_empty(self) -> None:
        parent = somebody_new(
            lambda city, one: (
                len(city.population.children(one.id_number)) == 2
                and all(
                    age_on(child.birth_date, clock.today()) < ADULT for child in city.population.children(one.id_number)
                )
            )
        )
        one, other = CITY.population.children(parent.id_number)
        CITY.population.bury(one, date(2026, 11, 20))
        with_parents = {how for _, how, _ in kin_of(CITY, PEOPLE[one.id_number])}
        assert with_parents == {"parent"}
        assert dead_kin(CITY, PEOPLE[other.id_number]) == [
            each for each in dead_kin(CITY, PEOPLE[other.id_number]) if each.id_number != one.id_number
        ]

        for number in (one.father, one.mother):
            CITY.population.bury(PEOPLE[number or ""], date(2026, 11, 19))
        alone = {how for _, how, _ in kin_of(CITY, PEOPLE[one.id_number])}
        assert "sibling" in alone
        assert one.id_number in {each.id_number for each in dead_kin(CITY, PEOPLE[other.id_number])}


class TestInheritance:
    def test_is_what_the_register_says_afterwards(self) -> None:
        heir, home = an_heir()
        dead = next(one for one in dead_kin(CITY, heir) if ref(one.id_number) == home.deceased)

        change = inherited(heir, home)

        after = titles(CITY, heir)
        assert after is not None
        (mine,) = [one for one in after.titles if one.title_no == change.title_no]
        assert (mine.share, mine.owners, mine.dead_owners, mine.address) == ("sole", (heir.name,), (), home.address)
        assert change.former_title_no == home.title_no != change.title_no
        assert dead.id_number in change.former_owners
        gone = estates(CITY, heir)
        assert gone is None or home.title_no not in {one.title_no for one in gone.homes}

    def test_is_registered_once(self) -> None:
        heir, home = an_heir()
        inherited(heir, home)

        with pytest.raises(QuestionRefused, match="title_superseded"):
            inherited(heir, home)

    def test_by_shares_tells_each_their_part(self) -> None:
        father = an_owner(owners=2, children=1, mortgaged=False)
        (child,) = CITY.population.children(father.id_number)
        mother = PEOPLE[father.spouse or ""]
        CITY.population.bury(father, date(2026, 11, 20))
        known = estates(CITY, mother)
        assert known is not None
        parents = [one for one, how, _ in kin_of(CITY, PEOPLE[father.id_number]) if how == "parent"]
        left = 2 + sum(one.alive for one in parents)
        owners = [{"ref": ref(father.id_number, mother.id_number), "part": f"{left + 1}/{2 * left}"}] + [
            {"ref": ref(father.id_number, one.id_number), "part": f"1/{2 * left}"}
            for one in (child, *parents)
            if one.alive
        ]

        change = inherited(mother, known.homes[0], owners=owners)

        assert change.share == "by_shares"
        told_of = titles(CITY, child)
        assert told_of is not None
        assert [one.part for one in told_of.titles if one.title_no == change.title_no] == [f"1/{2 * left}"]

    @pytest.mark.parametrize(
        ("owners", "why"),
        [
            ([], "deed_tax_due"),
            ([{"ref": "KNOBODY", "part": "1/1"}], "deed_tax_due"),
        ],
    )
    def test_needs_heirs_by_law(self, owners: list[dict[str, str]], why: str) -> None:
        heir, home = an_heir()

        with pytest.raises(QuestionRefused, match=why):
            inherited(heir, home, owners=owners)

    def test_refuses_parts_that_make_no_whole(self) -> None:
        heir, home = an_heir()
        named = to_the_spouse(home, heir)["owners"]
        assert isinstance(named, list)

        for part in ("1/2", "3/2"):
            with pytest.raises(QuestionRefused, match="parts_wrong"):
                inherited(heir, home, owners=[named[0] | {"part": part}])

    def test_refuses_the_home_of_who_lives(self) -> None:
        heir, home = an_heir()
        owner = an_owner(owners=1, first=True)

        with pytest.raises(QuestionRefused, match="owner_alive"):
            inherited(heir, home, title_no=title_of(owner))

    def test_refuses_who_isnt_kin(self) -> None:
        _, home = an_heir()
        stranger = an_owner(owners=1, first=True)

        with pytest.raises(QuestionRefused, match="not_kin_of_the_dead"):
            certified(case_number(), stranger, title_no=home.title_no, reason="inheritance", deceased=home.deceased)

    def test_refuses_an_unknown_title(self) -> None:
        heir, _ = an_heir()

        for number in ("鲁（2026）烟台市不动产权第0999999号", "x"):
            with pytest.raises(QuestionRefused, match="title_unknown"):
                certified(case_number(), heir, title_no=number, reason="inheritance")

    def test_refuses_what_a_court_has_seized(self) -> None:
        def seized(city: City, person: Person) -> bool:
            known = estates(city, person)
            return known is not None and known.homes[0].seized

        heir = somebody_new(seized)
        known = estates(CITY, heir)
        assert known is not None

        with pytest.raises(QuestionRefused, match="seized"):
            inherited(heir, known.homes[0])


class TestDeedTax:
    def test_comes_before_the_register(self) -> None:
        heir, home = an_heir()

        with pytest.raises(QuestionRefused, match="deed_tax_not_certified"):
            changed(case_number(), heir, tax_certificate_no="QS1", **to_the_spouse(home, heir))

    def test_is_certified_for_this_change_only(self) -> None:
        heir, home = an_heir()
        number = case_number()
        tax = certified(
            number,
            heir,
            title_no=home.title_no,
            reason="inheritance",
            deceased=home.deceased,
            acquirers=[to_the_spouse(home, heir)["owners"][0]["ref"]],  # type: ignore[index]
        )

        with pytest.raises(QuestionRefused, match="deed_tax_not_certified"):
            changed(
                number,
                heir,
                tax_certificate_no=tax.certificate_no,
                title_no=home.title_no,
                reason="spouse_added",
            )
        with pytest.raises(QuestionRefused, match="deed_tax_not_certified"):
            changed(case_number(), heir, tax_certificate_no=tax.certificate_no, **to_the_spouse(home, heir))

    def test_is_certified_anew_where_the_case_was_corrected(self) -> None:
        owner = an_owner(owners=1, first=True)
        number = case_number()
        parts = {"title_no": title_of(owner), "reason": "spouse_added"}
        heir, home = an_heir()
        acquirers = [one["ref"] for one in to_the_spouse(home, heir)["owners"]]  # type: ignore[attr-defined]

        with pytest.raises(QuestionRefused, match="deed_tax_due"):
            certified(number, heir, **parts)
        told_of = {"title_no": home.title_no, "reason": "inheritance", "deceased": home.deceased}
        first = certified(number, heir, acquirers=acquirers, **told_of)
        assert certified(number, heir, acquirers=acquirers, **told_of) == first
        assert certified(number, heir, acquirers=acquirers * 2, **told_of) == first


class TestSpouses:
    def test_own_jointly_once_added_and_divide_after_a_divorce(self) -> None:
        owner, bride = a_single_owner(), somebody_new(is_single_woman)
        parts = {"title_no": title_of(owner), "reason": "spouse_added"}
        with pytest.raises(QuestionRefused, match="deed_tax_due"):
            certified(case_number(), owner, **parts)
        certificate = coupled("register_marriage", owner, bride)
        number = case_number()
        tax = certified(number, owner, **parts)
        added = changed(number, owner, tax_certificate_no=tax.certificate_no, **parts)

        assert (added.share, [one.name for one in added.owners]) == ("joint", [owner.name, bride.name])
        assert added.title_no in {one.title_no for one in told_titles(bride)}

        to_divide = {"title_no": added.title_no, "reason": "divorce_division"}
        with pytest.raises(QuestionRefused, match="deed_tax_due"):
            certified(case_number(), bride, **to_divide)
        coupled("register_divorce", owner, bride, certificate_no=certificate, agreement={})
        number = case_number()
        tax = certified(number, bride, **to_divide)
        divided = changed(
            number,
            bride,
            tax_certificate_no=tax.certificate_no,
            awarded_to="applicant",
            lender_agreed=False,
            **to_divide,
        )

        assert (divided.share, [one.name for one in divided.owners]) == ("sole", [bride.name])
        assert divided.title_no not in {one.title_no for one in told_titles(owner)}
        assert set(divided.former_owners) == {owner.id_number, bride.id_number}

    def test_are_refused_a_home_that_isnt_one_spouses_alone_and_one_without_a_spouse(self) -> None:
        joint, alone = an_owner(owners=2, mortgaged=False, first=True), an_owner(owners=1, mortgaged=False, first=True)
        number = case_number()
        parts = {"title_no": title_of(joint), "reason": "spouse_added"}
        tax = certified(number, joint, **parts)

        with pytest.raises(QuestionRefused, match="not_sole_owner"):
            changed(number, joint, tax_certificate_no=tax.certificate_no, **parts)
        with pytest.raises(QuestionRefused, match="deed_tax_due"):
            certified(case_number(), alone, title_no=title_of(alone), reason="spouse_added")

    def test_need_the_lenders_consent_to_a_mortgaged_home(self) -> None:
        owner = an_owner(owners=2, mortgaged=True, first=True)
        number = case_number()
        parts = {"title_no": title_of(owner), "reason": "spouse_added"}
        tax = certified(number, owner, **parts)

        with pytest.raises(QuestionRefused, match="mortgaged"):
            changed(number, owner, tax_certificate_no=tax.certificate_no, **parts)
        with pytest.raises(QuestionRefused, match="not_sole_owner"):
            changed(number, owner, tax_certificate_no=tax.certificate_no, lender_agreed=True, **parts)
