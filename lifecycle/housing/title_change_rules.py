"""What registers and law say of a change of a title: what can't be registered as it stands, and what both sides should know. Pure."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final, TypeVar

import msgspec

from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from integrations.departments.estates import KINSHIPS, Deceased, EstateHome
from integrations.departments.property_titles import Changeable
from lifecycle.housing.estate_division import Estate, estate_of, in_words, owners
from lifecycle.housing.title_change_form import AgreedPart, TitleChangeForm
from lifecycle.rules.parameters import Reading
from lifecycle.rules.succession import is_whole

T = TypeVar("T")
MARRIED: Final = "20"
DIVORCED: Final = "40"
COME: Final = Words(
    zh="请先预约。相关的人须本人持身份证到不动产登记中心，由登记人员当面询问后受理；网上填表不能代替到场。",
    en="Please book. Everyone concerned comes to the registration centre with their identity card and is asked in person before the "
    "application is accepted; this form doesn't replace coming.",
)
ORDER_OF_OFFICES: Final = Words(
    zh="批准后先由税务部门核定契税，再由不动产登记部门登簿；办到哪一步可在办件中查看。",
    en="Once approved, the tax service certifies the deed tax first, then the registry enters the owners; the case shows whose turn it is.",
)
NO_TAX_HEIRS: Final = Words(
    zh="法定继承人继承房屋，免征契税（契税法第六条）。", en="Statutory heirs pay no deed tax (Deed Tax Law, art. 6)."
)
NO_TAX_SPOUSES: Final = Words(
    zh="夫妻之间变更、离婚分割共同财产，免征契税。",
    en="No deed tax between spouses, or where common property is divided after a divorce.",
)
NOT_KNOWN: Final = Words(
    zh="以下情形登记信息不掌握，由登记人员询问：丧失继承权、扶养较多的丧偶儿媳女婿、遗腹子女、遗赠扶养协议（民法典第一千一百二十五、"
    "一千一百二十九、一千一百五十五、一千一百五十八条）。",
    en="Registers can't tell, so the registry asks: unworthiness, widowed in-laws who gave most support, a child not yet born, an "
    "agreement of support for a legacy (Civil Code, art. 1125, 1129, 1155, 1158).",
)


def the_estate(form: TitleChangeForm) -> Estate | None:
    """The estate of a form's title."""
    return estate_of(form.estates, form.deceased, form.title_no, form.renounced)


def parts_agreed(form: TitleChangeForm) -> Mapping[str, Fraction] | None:
    """What part of the estate each heir gets where it isn't divided by law."""
    return {one.ref: Fraction(one.part) for one in form.agreed} if form.division == "agreed" else None


def problems(form: TitleChangeForm) -> Iterator[FieldProblem]:
    """What can't be registered as it stands."""
    match form.reason:
        case "inheritance":
            yield from _inheritance_problems(form)
        case "spouse_added":
            yield from _own_home_problems(form)
            yield from _spouse_problems(form)
        case "divorce_division":
            yield from _own_home_problems(form)
            yield from _divorce_problems(form)


def _inheritance_problems(form: TitleChangeForm) -> Iterator[FieldProblem]:
    estate = the_estate(form)
    if estate is None:
        yield FieldProblem("/form/title_no", "no_such_estate", "no home of this title stands in a dead relative's name")
        return
    yield from _bars(estate)
    yield from _renounced_problems(form, estate)
    yield from _division_problems(form, estate)
    for name in ("all_named", "no_dispute"):
        if not getattr(form, name):
            yield FieldProblem(f"/form/{name}", "must_be_so", "nothing is registered otherwise")


def _bars(estate: Estate) -> Iterator[FieldProblem]:
    """What the counter has to settle first, since registers alone can't."""
    home, kin = estate.home, estate.kin
    gone = [*estate.called.died_since, *(ref for ref in estate.kept if ref in kin and kin[ref].died_on)]
    bars = (
        ("seized", home.seized, "a court has seized the home"),
        ("another_owner_died", any(one.died_on for one in home.co_owners), "another owner died too: two estates"),
        ("joint_with_others", estate.part is None, "it is owned jointly with others, who have to divide it first"),
        ("heir_died_since", bool(gone), "an heir died since; their own heirs come in their place (art. 1152)"),
        ("died_same_day", bool(estate.called.same_day), "somebody died on the same day (art. 1121)"),
        ("nobody_inherits", not estate.called.parts, "nobody whom the registers know inherits by law"),
    )
    for code, holds, why in bars:
        if holds:
            yield FieldProblem("/form/title_no", code, why)


def _renounced_problems(form: TitleChangeForm, estate: Estate) -> Iterator[FieldProblem]:
    kin, applicant = estate.kin, estate.applicant
    for place, ref in enumerate(form.renounced):
        pointer = f"/form/renounced/{place}"
        if ref not in kin:
            yield FieldProblem(pointer, "not_kin", "none of the kin")
        elif kin[ref].is_minor:
            yield FieldProblem(pointer, "minor_renounces", "nobody gives up what is a child's (art. 35)")
    if applicant is not None and applicant.ref in form.renounced:
        yield FieldProblem("/form/renounced", "applicant_renounces", "who renounces doesn't apply")


def _division_problems(form: TitleChangeForm, estate: Estate) -> Iterator[FieldProblem]:
    agreed = parts_agreed(form)
    if agreed is None:
        if form.will != "none":
            yield FieldProblem("/form/division", "parts_needed", "say what part each gets by the will or certificate")
        return
    if len(agreed) != len(form.agreed) or not is_whole(agreed):
        yield FieldProblem("/form/agreed", "parts_not_whole", "each once, and a whole together")
    by_law, kin = estate.called.parts, estate.kin
    may = by_law if form.will == "none" else {ref for ref, one in kin.items() if one.died_on is None}
    if not agreed.keys() <= set(may) - set(form.renounced):
        yield FieldProblem("/form/agreed", "not_an_heir", "somebody isn't an heir")
    if form.will != "none":
        return
    if not by_law.keys() <= agreed.keys():
        yield FieldProblem("/form/agreed", "heir_left_out", "an heir who gets nothing has to renounce")
    if any(kin[ref].is_minor and agreed.get(ref, part) < part for ref, part in by_law.items()):
        yield FieldProblem("/form/agreed", "minor_gets_less", "a child gets no less than by law (art. 35)")


def _own_home_problems(form: TitleChangeForm) -> Iterator[FieldProblem]:
    home = next((one for one in form.homes if one.title_no == form.title_no), None)
    if home is None:
        yield FieldProblem("/form/title_no", "not_your_home", "no home of this title stands in your name")
        return
    bars = (
        ("/form/title_no", "seized", home.seized_on is not None, "a court has seized the home"),
        ("/form/title_no", "owner_died", "owner_died" in home.obstacles, "an owner died: the heirs come first"),
        (
            "/form/lender_agrees",
            "lender_has_to_agree",
            home.mortgage is not None and not form.lender_agrees,
            "mortgaged",
        ),
        ("/form/other_agrees", "must_be_so", not form.other_agrees, "both have to want it"),
    )
    for pointer, code, holds, why in bars:
        if holds:
            yield FieldProblem(pointer, code, why)


def _spouse_problems(form: TitleChangeForm) -> Iterator[FieldProblem]:
    home = next((one for one in form.homes if one.title_no == form.title_no), None)
    if form.marital_code != MARRIED or form.spouse is None:
        yield FieldProblem("/form/reason", "not_married", "the register knows of no marriage in force")
    if home is not None and home.co_owners:
        yield FieldProblem("/form/title_no", "not_yours_alone", "others own the home already")


def _divorce_problems(form: TitleChangeForm) -> Iterator[FieldProblem]:
    home = next((one for one in form.homes if one.title_no == form.title_no), None)
    if form.marital_code != DIVORCED or form.former_spouse is None:
        yield FieldProblem("/form/reason", "not_divorced", "the register knows of no divorce")
    elif home is not None and home.co_owners != (form.former_spouse,):
        yield FieldProblem("/form/title_no", "not_owned_with_former_spouse", "not owned by the two of you")


def notes(given: Mapping[str, Any], reading: Reading) -> Iterator[Words]:
    """What both sides should know of a form as it stands."""
    reason = given.get("reason")
    yield COME
    yield ORDER_OF_OFFICES
    if reason == "inheritance":
        yield NO_TAX_HEIRS
        yield NOT_KNOWN
        yield from _notes_of_will(given, reading)
        estate = _estate_given(given)
        if estate is not None:
            yield from _notes_of_half(estate)
            yield from _notes_of_owners(given, estate)
            yield from _notes_of_estate(estate)
    elif reason is not None:
        yield NO_TAX_SPOUSES
        yield from _notes_of_mortgage(given)


def _estate_given(given: Mapping[str, Any]) -> Estate | None:
    homes = _told(given, "estates", tuple[EstateHome, ...])
    deceased = _told(given, "deceased", tuple[Deceased, ...])
    return estate_of(homes, deceased, str(given.get("title_no", "")), tuple(given.get("renounced", ())))


def _told(given: Mapping[str, Any], name: str, kind: type[T]) -> T:
    return msgspec.convert(given.get(name, ()), kind)


def _notes_of_will(given: Mapping[str, Any], reading: Reading) -> Iterator[Words]:
    will = given.get("will")
    if will == "own_will":
        yield Words(
            zh="有遗嘱的，遗嘱优先（民法典第一千一百二十三条）；遗嘱是否有效、是否为没有劳动能力又没有生活来源的继承人保留了必要份额"
            "（第一千一百四十一条），由登记人员审查。指定继承人以外的人受遗赠的，须缴契税，请到窗口办理。",
            en="A will goes first (art. 1123); whether it holds, and leaves enough to heirs without means (art. 1141), the registry "
            "examines. A legacy to somebody who isn't an heir is taxed and handled at the counter.",
        )
    if will in {"none", "own_will"}:
        days = reading.number("succession.publication_working_days")
        yield Words(
            zh=f"未办继承公证的，受理后公示{days}个工作日，期满无异议才能批准。",
            en=f"Without a notarial certificate it is published for {days} working days, and approved only then.",
        )


def _notes_of_owners(given: Mapping[str, Any], estate: Estate) -> Iterator[Words]:
    """Who would stand in the register afterwards: by law, or by what the heirs wrote where that names heirs; nothing while neither is said."""
    names, by_law = estate.names, given.get("will") in {None, "none"} and given.get("division") != "agreed"
    agreed = {one.ref: Fraction(one.part) for one in _told(given, "agreed", tuple[AgreedPart, ...])}
    parts = estate.called.parts if by_law else agreed
    if estate.part is None or not parts or not parts.keys() <= names.keys():
        return
    if by_law:
        order = Words(zh="第一", en="first") if estate.called.order == 1 else Words(zh="第二", en="second")
        yield Words(
            zh=f"按法律由{order.zh}顺序继承人继承，同一顺序份额均等（民法典第一千一百二十七、一千一百三十条）。",
            en=f"By law the {order.en} order inherits, each the same (art. 1127, 1130).",
        )
    after = owners(estate, parts).items()
    yield Words(
        zh="继承后拟登记："
        + "；".join(f"{names[ref]}（{_kinship_zh(estate, ref)}）{in_words(part)}" for ref, part in after)
        + "。",
        en="Registered afterwards: " + "; ".join(f"{names[ref]} {in_words(part)}" for ref, part in after) + ".",
    )


def _notes_of_estate(estate: Estate) -> Iterator[Words]:
    names, kin, called = estate.names, estate.kin, estate.called
    come = [names[ref] for ref, one in kin.items() if one.died_on is None and _concerned(estate, ref)]
    yield Words(zh=f"须到场：{'、'.join(come)}。", en=f"To come: {', '.join(come)}.")
    if any(kin[ref].is_minor for ref in called.parts if ref in kin):
        yield Words(
            zh="继承人中有未成年人，由监护人代理，不得放弃或少分其份额（民法典第三十五条）。登记人员：监护人同为继承人的，请注意利益冲突。",
            en="An heir is under 18: the guardian acts and may not give up any of the share (art. 35). Officer: mind the conflict where "
            "the guardian inherits too.",
        )
    if estate.home.mortgaged:
        yield Words(
            zh="房屋有抵押，继承后抵押继续有效（民法典第四百零六条），请告知抵押权人。",
            en="The mortgage goes along with the home (art. 406); please tell the lender.",
        )


def _concerned(estate: Estate, ref: str) -> bool:
    """Who has to be asked: the heirs, those who renounced, and co-owners."""
    return ref in estate.called.parts or ref in estate.kept or estate.kin[ref].kinship != "descendant"


def _notes_of_half(estate: Estate) -> Iterator[Words]:
    for ref, part in estate.kept.items():
        if ref in estate.kin and estate.home.share != "by_shares":
            yield Words(
                zh=f"夫妻共同所有的房屋，{estate.names[ref]}的{in_words(part)}是其本人财产，不是遗产（民法典第一千零六十二、一千一百五十三条）；"
                "另有财产约定的，请告知登记人员。",
                en=f"Of the spouses' common home {in_words(part)} is {estate.names[ref]}'s own and no estate (art. 1062, 1153); tell the "
                "registry of any other agreement.",
            )


def _kinship_zh(estate: Estate, ref: str) -> str:
    one = estate.kin.get(ref)
    return "共有人" if one is None else KINSHIPS[one.kinship].zh


def _notes_of_mortgage(given: Mapping[str, Any]) -> Iterator[Words]:
    homes = _told(given, "homes", tuple[Changeable, ...])
    if any(one.mortgage is not None for one in homes if one.title_no == given.get("title_no")):
        yield Words(
            zh="房屋有抵押，须抵押权人书面同意，原件到场核对。",
            en="The home is mortgaged: the lender has to agree in writing; bring the paper.",
        )
