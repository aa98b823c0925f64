"""To whom the matters of pregnancy and small children are open. Pure."""

from datetime import date, timedelta
from typing import Final

import msgspec

from app.kernel.words import Words
from lifecycle.birth import registration_rules
from lifecycle.birth.entitlements import STAGE
from lifecycle.birth.maternity_agenda import CARE, FERTILITY, HOSPITAL, VISIT
from lifecycle.entitlements.combining import every, noting, open_to
from lifecycle.entitlements.conditions import ADULT, FOR_A_CHILD, lives_here, settled_here
from lifecycle.entitlements.opening import service
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Verdict, drawn, need_all, no, yes, yes_from
from lifecycle.rules import antenatal
from lifecycle.rules.ages import Span, birthday_on
from lifecycle.rules.fact_kinds import BIRTH_DATE, PREGNANCY, REGISTERED, SEX
from lifecycle.rules.looking import Looking
from lifecycle.rules.told_kinds import MATERNAL_CARE

_DAY: Final = timedelta(days=1)
_HANDBOOK: Final = "handbook"
_PREGNANT_ONLY: Final = Words(zh="面向怀孕的妇女。", en="For pregnant women.")
_WHEN_PREGNANT: Final = Words(zh="怀孕后可享受。", en="It could be had during a pregnancy.")
_PARTNER: Final = Words(
    zh="另一方户籍或居住在烟台的，由另一方登记。",
    en="If the partner is registered or lives in Yantai, they register it.",
)
_THREE_CHILDREN: Final = Words(
    zh="一对夫妻可以生育三个子女，由卫生健康部门按登记情况核对。",
    en="A couple may have three children; the health authority looks at what is registered.",
)
_RISK: Final = Words(
    zh="名额和妊娠风险由医院核对，高危的由三级医院接收。",
    en="The hospital looks at its places and the risk; high-risk pregnancies go to a tertiary hospital.",
)
_PARENTS_APPLY: Final = Words(
    zh="由父母申请；在家出生的，亲子关系由县级卫生健康部门核实。",
    en="The parents apply; for a birth at home the county health authority looks at the parentage.",
)
_A_PARENT_HERE: Final = Words(
    zh="由父母或其他监护人申报；父母至少一方的户口须在烟台，由公安核对。",
    en="A parent or other guardian registers it; the police look whether at least one parent is registered in Yantai.",
)
_CALCULATOR: Final = Words(zh="测算任何人都能用。", en="The calculator is open to anyone.")


def carrying(looking: Looking) -> Verdict:
    """Being pregnant, as hospitals or the person say."""
    if looking.find(SEX) == "male":
        return no(_PREGNANT_ONLY)
    if looking.find(PREGNANCY) is None and _is_a_child(looking):
        return no(_PREGNANT_ONLY)
    known = looking.need(PREGNANCY)
    one = antenatal.by_last_period(known.last_period_on, looking.law)
    ended = known.ended_on is not None and known.ended_on <= looking.as_of
    if ended or not antenatal.is_possible(one, looking.as_of, looking.law):
        return no(Words(zh="目前没有怀孕。", en="Not pregnant at present."), _WHEN_PREGNANT)
    last = antenatal.last_day(one, looking.law)
    looking.again(last + _DAY)
    return yes(
        Words(zh=f"怀孕中，预产期{one.due_on}。", en=f"Pregnant; birth is expected on {one.due_on}."), until=last
    )


def _is_a_child(looking: Looking) -> bool:
    """Whether somebody is too young to be asked about a pregnancy; says when that changes."""
    born = looking.find(BIRTH_DATE)
    if born is None:
        return False
    reached = birthday_on(born, looking.law.number("life_event.least_age_pregnant"), looking.law)
    looking.again(reached)
    return looking.as_of < reached


def has_handbook(looking: Looking) -> Verdict:
    """Having the handbook of this pregnancy (建册)."""
    need_all(looking, PREGNANCY, MATERNAL_CARE)
    began = looking.need(PREGNANCY).last_period_on
    if any(what == _HANDBOOK and day >= began for what, day in looking.need(MATERNAL_CARE)):
        return yes(Words(zh="已建册。", en="The handbook is open."))
    return no(
        Words(zh="尚未建册。", en="The handbook isn't open yet."),
        Words(zh="到社区建立《母子健康手册》后可预约。", en="It could be had once the handbook is open."),
    )


def places_are_open(looking: Looking) -> Verdict:
    """So far pregnant that hospitals take bookings for the birth."""
    one = antenatal.by_last_period(looking.need(PREGNANCY).last_period_on, looking.law)
    opens = antenatal.places_from(one, looking.law)
    words = Words(zh=f"{opens}起可预约。", en=f"Places can be booked from {opens} on.")
    return yes(words) if looking.as_of >= opens else yes_from(opens, words)


def a_couple_here(looking: Looking) -> Verdict:
    """One of a couple who is registered or lives here; of the other nothing is known."""
    verdict = lives_here(looking)
    return msgspec.structs.replace(verdict, would_be_if=_PARTNER) if verdict.answer == "no" else verdict


def birth_certificate(looking: Looking) -> Verdict:
    """The certificate of who was born since there is one."""
    since = looking.law.get("birth_certificate.issued_since", date)
    if looking.need(BIRTH_DATE) < since:
        return no(Words(zh=f"{since}以前出生的，没有这种证明。", en=f"There is none for births before {since}."))
    return yes(Words(zh=f"{since}及以后出生。", en=f"Born since {since}."), steps=(_PARENTS_APPLY,))


def household_registration(looking: Looking) -> Verdict:
    """Registering who isn't in any household yet; late is still possible."""
    if looking.find(REGISTERED):
        return drawn(Words(zh="已登记户口。", en="Registered in a household already."))
    need_all(looking, REGISTERED, BIRTH_DATE)
    born = looking.need(BIRTH_DATE)
    looking.again(registration_rules.WITHIN.after(born) + _DAY)
    steps = (*registration_rules.notes(born, looking.as_of), _A_PARENT_HERE)
    return yes(Words(zh="尚未登记户口。", en="Not registered in a household yet."), steps=steps)


def is_vaccinated_as_a_child(looking: Looking) -> Verdict:
    """Young enough for the programme's vaccines, which are caught up until an age."""
    upto = Span.read(looking.law.text("immunisation.catch_up_until"))
    over = upto.after(looking.need(BIRTH_DATE))
    words = Words(zh=f"须未满{upto.as_age.zh}。", en=f"Under {upto.as_age.en}.")
    if looking.as_of >= over:
        return no(words)
    looking.again(over)
    return yes(words, until=over - _DAY)


RULES: Final[tuple[EntitlementRule, ...]] = (
    service(FERTILITY, STAGE, noting(every(ADULT, a_couple_here), _THREE_CHILDREN)),
    service(VISIT, STAGE, carrying),
    service(CARE, STAGE, every(carrying, settled_here)),
    service(HOSPITAL, STAGE, noting(every(carrying, has_handbook, places_are_open), _RISK)),
    service("birth_medical_certificate", STAGE, birth_certificate),
    service("infant_immunization", STAGE, noting(is_vaccinated_as_a_child, FOR_A_CHILD, _CALCULATOR)),
    service("birth_household_registration", STAGE, noting(household_registration, FOR_A_CHILD)),
    service(
        "early_health_education_push",
        STAGE,
        open_to(
            Words(
                zh="准父母和婴幼儿家长自愿订阅，不核验。",
                en="Any expectant or young parent may subscribe; nobody checks it.",
            )
        ),
    ),
    service("maternal_infant_goods_push", STAGE, ADULT),
)
