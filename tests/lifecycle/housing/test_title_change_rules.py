"""What can't be registered of a title's change as it stands, and what both sides are told: by worked examples."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.departments.estates import CoOwner, Deceased, EstateHome, Kin, Kinship
from integrations.departments.property_titles import Changeable, Obstacle, RegisteredMortgage
from lifecycle.housing import title_change_rules as rules
from lifecycle.housing.estate_division import estate_of, in_words, owners
from lifecycle.housing.title_change_form import AgreedPart, TitleChangeForm
from lifecycle.rules.parameters import shipped
from lifecycle.rules.succession import is_whole

DAY, BEFORE, AFTER = date(2026, 11, 20), date(2026, 11, 19), date(2026, 11, 21)
TITLE = "鲁（2020）烟台市不动产权第0000123号"


def kin(ref: str, kinship: Kinship, **changes: Any) -> Kin:
    made = Kin(ref, f"名{ref}", kinship, None, None, is_minor=False, is_asker=ref == "WIFE", married_on=None)
    if kinship == "spouse":
        made = msgspec.structs.replace(made, married_on=date(2010, 5, 1))
    return msgspec.structs.replace(made, **changes)


WIFE, SON, DAUGHTER = kin("WIFE", "spouse"), kin("SON", "child"), kin("DAUGHTER", "child", is_minor=True)
MOTHER = kin("MOTHER", "parent")
FAMILY = (WIFE, SON, DAUGHTER, MOTHER)


def a_home(**changes: Any) -> EstateHome:
    made = EstateHome(
        title_no=TITLE,
        address="山东省烟台市芝罘区福海路1号1号楼1单元101室",
        area_dm2=9_000,
        registered_on=date(2020, 6, 1),
        deceased="DEAD",
        deceased_name="王建国",
        died_on=DAY,
        share="joint",
        part=None,
        co_owners=(CoOwner("WIFE", "名WIFE", None, None),),
        mortgaged=False,
        seized=False,
    )
    return msgspec.structs.replace(made, **changes)


def a_form(*family: Kin, home: Mapping[str, Any] | None = None, **changes: Any) -> TitleChangeForm:
    told: dict[str, Any] = {
        "name": "名WIFE",
        "id_number": "370602198001010028",
        "estates": (a_home(**(home or {})),),
        "deceased": (Deceased("DEAD", "王建国", DAY, family or FAMILY),),
        "phone": "13863800004",
        "registry_code": "370602",
        "reason": "inheritance",
        "title_no": TITLE,
        "will": "none",
        "division": "by_law",
        "all_named": True,
        "no_dispute": True,
    }
    return TitleChangeForm(**(told | changes))


def wrong(*family: Kin, **changes: Any) -> set[str]:
    return {one.code for one in rules.problems(a_form(*family, **changes))}


def afterwards(form: TitleChangeForm) -> dict[str, str]:
    estate = rules.the_estate(form)
    assert estate is not None
    return {ref: in_words(part) for ref, part in owners(estate, rules.parts_agreed(form)).items()}


def said(form: TitleChangeForm) -> str:
    given = msgspec.to_builtins(form)
    return "\n".join(note.zh + note.en for note in rules.notes(given, shipped().reading(DAY)))


class TestDivision:
    def test_of_a_common_home_leaves_the_wifes_half_out(self) -> None:
        assert afterwards(a_form()) == {"WIFE": "5/8", "SON": "1/8", "DAUGHTER": "1/8", "MOTHER": "1/8"}
        assert wrong() == set()

    def test_of_a_home_in_the_deads_name_alone_goes_by_when_it_was_acquired(self) -> None:
        alone = {"share": "sole", "co_owners": ()}
        earlier = alone | {"registered_on": date(2009, 1, 1)}

        assert afterwards(a_form(home=alone))["WIFE"] == "5/8"
        assert afterwards(a_form(home=earlier))["WIFE"] == "1/4"

    def test_of_a_part_leaves_the_others_theirs(self) -> None:
        shares = {"share": "by_shares", "part": "1/3", "co_owners": (CoOwner("FRIEND", "朋友", "2/3", None),)}

        assert afterwards(a_form(WIFE, SON, home=shares)) == {"FRIEND": "2/3", "WIFE": "1/6", "SON": "1/6"}

    def test_as_agreed(self) -> None:
        agreed = (AgreedPart("WIFE", "1/2"), AgreedPart("SON", "1/4"), AgreedPart("DAUGHTER", "1/4"))
        form = a_form(WIFE, SON, DAUGHTER, division="agreed", agreed=agreed)

        assert set(wrong(WIFE, SON, DAUGHTER, division="agreed", agreed=agreed)) == {"minor_gets_less"}
        assert afterwards(form) == {"WIFE": "3/4", "SON": "1/8", "DAUGHTER": "1/8"}

    @given(st.lists(st.sampled_from(["child", "parent"]), max_size=5), st.booleans())
    def test_makes_a_whole_of_every_family(self, others: list[Kinship], joint: bool) -> None:  # noqa: FBT001
        family = (WIFE, *(kin(f"R{place}", how) for place, how in enumerate(others)))
        home = a_home() if joint else a_home(share="sole", co_owners=(), registered_on=date(2001, 1, 1))
        estate = estate_of([home], [Deceased("DEAD", "王建国", DAY, family)], TITLE)

        assert estate is not None
        assert is_whole(owners(estate))


class TestInheritance:
    @pytest.mark.parametrize(
        ("home", "code"),
        [
            ({"seized": True}, "seized"),
            ({"co_owners": (CoOwner("WIFE", "名WIFE", None, AFTER),)}, "another_owner_died"),
            ({"co_owners": (CoOwner("BROTHER", "弟弟", None, None),)}, "joint_with_others"),
        ],
    )
    def test_names_what_bars_a_home(self, home: dict[str, Any], code: str) -> None:
        assert code in wrong(home=home)

    def test_knows_only_homes_that_registers_tell(self) -> None:
        assert wrong(title_no="别的证号") == wrong(estates=()) == wrong(deceased=()) == {"no_such_estate"}

    def test_leaves_to_the_counter_who_died_since_or_on_the_same_day(self) -> None:
        assert wrong(WIFE, kin("SON", "child", died_on=AFTER)) == {"heir_died_since"}
        assert wrong(WIFE, kin("SON", "child", died_on=DAY)) == {"died_same_day"}
        assert wrong(WIFE, kin("SON", "child", died_on=BEFORE)) == set()
        alone = {"share": "sole", "co_owners": ()}
        assert "heir_died_since" in wrong(kin("WIFE", "spouse", died_on=AFTER), SON, home=alone, renounced=("WIFE",))

    def test_names_who_isnt_kin_a_child_and_the_applicant_among_those_who_renounce(self) -> None:
        assert wrong(renounced=("SON",)) == set()
        assert wrong(renounced=("NOBODY",)) == {"not_kin"}
        assert wrong(renounced=("DAUGHTER",)) == {"minor_renounces"}
        assert wrong(renounced=("WIFE",)) == {"applicant_renounces"}
        assert "nobody_inherits" in wrong(WIFE, renounced=("WIFE",))

    @pytest.mark.parametrize("name", ["all_named", "no_dispute"])
    def test_names_what_isnt_declared(self, name: str) -> None:
        assert wrong(**{name: False}) == wrong(**{name: None}) == {"must_be_so"}

    @pytest.mark.parametrize(
        ("agreed", "codes"),
        [
            ({"WIFE": "1/2", "SON": "1/2"}, set()),
            ({"WIFE": "1/2", "SON": "1/3"}, {"parts_not_whole"}),
            ({"WIFE": "2/3", "SON": "2/3"}, {"parts_not_whole"}),
            ({"WIFE": "1/1"}, {"heir_left_out"}),
            ({"WIFE": "1/2", "STRANGER": "1/2"}, {"not_an_heir", "heir_left_out"}),
        ],
    )
    def test_agreed_has_every_heir_once_and_makes_a_whole(self, agreed: dict[str, str], codes: set[str]) -> None:
        parts = tuple(AgreedPart(ref, part) for ref, part in agreed.items())

        assert wrong(WIFE, SON, division="agreed", agreed=parts) == codes

    def test_agreed_names_nobody_twice_or_who_renounced(self) -> None:
        twice = (AgreedPart("WIFE", "1/2"), AgreedPart("SON", "1/2"), AgreedPart("SON", "1/2"))

        assert wrong(WIFE, SON, division="agreed", agreed=twice) == {"parts_not_whole"}
        both = (AgreedPart("WIFE", "1/2"), AgreedPart("SON", "1/2"))
        assert wrong(WIFE, SON, division="agreed", agreed=both, renounced=("SON",)) == {"not_an_heir"}

    def test_by_will_says_the_parts_itself_and_may_leave_somebody_out(self) -> None:
        assert wrong(will="own_will") == {"parts_needed"}
        assert wrong(will="own_will", division="agreed", agreed=(AgreedPart("SON", "1/1"),)) == set()
        assert wrong(will="notarial", division="agreed", agreed=(AgreedPart("NOBODY", "1/1"),)) == {"not_an_heir"}


class TestNotes:
    def test_say_who_inherits_what_who_comes_and_the_law(self) -> None:
        told = said(a_form())

        assert "名WIFE（配偶）5/8" in told
        assert "名MOTHER（父母）1/8" in told
        assert "须到场：名WIFE、名SON、名DAUGHTER、名MOTHER" in told
        assert "公示15个工作日" in told
        assert "免征契税" in told
        assert "未成年人" in told

    def test_say_of_a_notarial_certificate_no_publication_and_of_a_will_that_the_officer_examines_it(self) -> None:
        assert "公示" not in said(a_form(will="notarial"))
        assert "登记人员审查" in said(a_form(will="own_will"))

    def test_say_what_was_agreed_or_willed_instead_of_the_law(self) -> None:
        agreed = (AgreedPart("WIFE", "1/4"), AgreedPart("SON", "3/4"))
        told = said(a_form(WIFE, SON, division="agreed", agreed=agreed))

        assert "名WIFE（配偶）5/8；名SON（子女）3/8" in told
        assert "份额均等" not in told
        assert "拟登记" not in said(a_form(WIFE, SON, will="own_will"))
        assert "拟登记" not in said(a_form(division="agreed", agreed=(AgreedPart("NOBODY", "1/1"),)))

    def test_of_the_second_order_say_so(self) -> None:
        alone = {"share": "sole", "co_owners": ()}
        told = said(a_form(kin("BROTHER", "sibling", is_asker=True), home=alone))

        assert "第二顺序" in told
        assert "名BROTHER（兄弟姐妹）1/1" in told

    def test_hold_up_on_a_form_that_says_nothing_yet(self) -> None:
        assert list(rules.notes({}, shipped().reading(DAY)))
        assert list(rules.notes({"reason": "inheritance"}, shipped().reading(DAY)))
        assert list(rules.notes({"reason": "spouse_added", "title_no": TITLE}, shipped().reading(DAY)))


LOAN = RegisteredMortgage("烟台福海银行股份有限公司", "commercial", date(2020, 6, 1), 50_000_000)


def own_home(*co_owners: str, mortgage: RegisteredMortgage | None = None, **changes: Any) -> Changeable:
    obstacles: tuple[Obstacle, ...] = changes.pop("obstacles", ())
    return Changeable(
        TITLE, "山东省烟台市芝罘区福海路1号", co_owners, changes.get("seized_on"), None, mortgage, obstacles
    )


def between(reason: str, home: Changeable, **changes: Any) -> set[str]:
    told = {
        "estates": (),
        "deceased": (),
        "homes": (home,),
        "reason": reason,
        "will": None,
        "division": None,
        "other_agrees": True,
        "marital_code": "20",
        "spouse": "李梅",
    }
    return {one.code for one in rules.problems(a_form(**(told | changes)))}


class TestSpouses:
    def test_add_a_name_to_a_home_of_one(self) -> None:
        assert between("spouse_added", own_home()) == set()
        assert between("spouse_added", own_home("李梅")) == {"not_yours_alone"}
        assert between("spouse_added", own_home(), marital_code="10", spouse=None) == {"not_married"}
        assert between("spouse_added", own_home(), other_agrees=False) == {"must_be_so"}

    def test_need_the_lender_and_no_court_and_no_dead_owner(self) -> None:
        mortgaged = own_home(mortgage=LOAN)

        assert between("spouse_added", mortgaged) == {"lender_has_to_agree"}
        assert between("spouse_added", mortgaged, lender_agrees=True) == set()
        assert between("spouse_added", own_home(seized_on=DAY)) == {"seized"}
        assert between("spouse_added", own_home(obstacles=("owner_died",))) == {"owner_died"}
        assert "not_your_home" in between("spouse_added", own_home(), title_no="别的")
        noted = a_form(reason="spouse_added", homes=(mortgaged,))
        assert "抵押权人书面同意" in said(noted)

    def test_divide_what_both_own_once_divorced(self) -> None:
        parted = {"marital_code": "40", "spouse": None, "former_spouse": "李梅", "awarded_to": "applicant"}

        assert between("divorce_division", own_home("李梅"), **parted) == set()
        assert between("divorce_division", own_home("张三"), **parted) == {"not_owned_with_former_spouse"}
        assert between("divorce_division", own_home(), **parted) == {"not_owned_with_former_spouse"}
        assert between("divorce_division", own_home("李梅")) == {"not_divorced"}


def test_a_part_is_written_as_the_register_has_it() -> None:
    assert [in_words(Fraction(part)) for part in ("10/16", "1", "2/6")] == ["5/8", "1/1", "1/3"]
