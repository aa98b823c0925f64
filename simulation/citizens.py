"""Ten citizens of different ages, and what is known of them: whom docs/citizens.md tells of. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from app.kernel.words import Words
from lifecycle.rules.declared_kinds import MEDICAL_SCHEME
from lifecycle.rules.fact_kinds import (
    ALLOWANCES,
    BIRTH_DATE,
    DIVISION,
    DOSES,
    DRIVING,
    HEATING,
    HOMES,
    INSURED,
    JOB,
    MARITAL_STATUS,
    MEDICAL_INSURED,
    PREGNANCY,
    REGISTERED,
    SCHOOLING,
    SELF_PAID_FEN,
    SEX,
    UNEMPLOYED_SINCE,
    UNEMPLOYMENT_MONTHS,
    VEHICLES,
    WAGE_FEN,
    WORKER_KIND,
    Driving,
    Heating,
    Home,
    Insured,
    Job,
    Pregnancy,
    Schooling,
    Vehicle,
)
from lifecycle.rules.facts import FactKind, Facts, Said
from lifecycle.rules.immunisation import Given
from lifecycle.rules.told_kinds import ANTENATAL_DONE, MATERNAL_CARE

AS_OF: Final = date(2026, 11, 29)
ZHIFU: Final = "370602"
Known = Mapping[FactKind[Any], Any]


class Portrait(msgspec.Struct, frozen=True):
    """A citizen: their name, who they are in a sentence, and what is known, by who says so."""

    name: str
    about: Words
    known: dict[str, dict[str, Any]]
    asks: tuple[str, ...] = ()
    """The rules of entitlement that such a citizen asks about, whatever they answer."""

    @property
    def facts(self) -> Facts:
        """What is known, as rules read it."""
        return Facts(
            Said(kind, value, source, AS_OF, "registered" if source == "residents" else "told")
            for source, said in self.known.items()
            for kind, value in said.items()
        )


def _of(born: date, sex: str, *, registered: bool = True) -> dict[str, Any]:
    return {BIRTH_DATE.name: born, SEX.name: sex, DIVISION.name: ZHIFU, REGISTERED.name: registered}


def _said(known: Known) -> dict[str, Any]:
    return {kind.name: value for kind, value in known.items()}


def _given(born: date, *doses: tuple[str, int]) -> tuple[Given, ...]:
    """Doses by vaccine, so many days after birth."""
    return tuple(Given(born + timedelta(days=days), vaccine) for vaccine, days in doses)


NEWBORN, TODDLER, SCHOOL_CHILD = date(2026, 11, 19), date(2025, 6, 20), date(2021, 3, 8)
GIRL = date(2013, 10, 1)
_FIRST_YEAR: Final = (
    *(("HepB", 0), ("BCG", 0), ("HepB", 31), ("IPV", 62), ("DTaP", 62), ("IPV", 93), ("bOPV", 124), ("DTaP", 124)),
    *(("HepB", 185), ("DTaP", 185), ("MPSV-A", 185), ("MMR", 246), ("JE-L", 246), ("MPSV-A", 276)),
)
_TO_FOUR: Final = (
    *_FIRST_YEAR,
    ("DTaP", 550),
    ("MMR", 550),
    ("HepA-L", 550),
    ("JE-L", 735),
    ("MPSV-AC", 1100),
    ("bOPV", 1465),
)

TEN: Final[tuple[Portrait, ...]] = (
    Portrait(
        "于安然",
        Words(zh="出生十天的女孩，还没有上户口。", en="A girl of ten days, not registered yet."),
        {
            "residents": _of(NEWBORN, "female", registered=False),
            "WJW": _said({DOSES: _given(NEWBORN, ("HepB", 0), ("BCG", 0))}),
        },
        ("childcare_subsidy", "newborn_insurance"),
    ),
    Portrait(
        "林小满",
        Words(
            zh="十七个月的男孩，搬家时漏打了几针疫苗。",
            en="A boy of seventeen months who missed doses when the family moved.",
        ),
        {
            "residents": _of(TODDLER, "male"),
            "WJW": _said({DOSES: _given(TODDLER, *_FIRST_YEAR[:8])}),
            "YBJ": _said({MEDICAL_INSURED: True, MEDICAL_SCHEME: "resident"}),
        },
        ("childcare_subsidy", "newborn_insurance"),
    ),
    Portrait(
        "王一诺",
        Words(
            zh="五岁的女孩，在上幼儿园，明年该上小学。", en="A girl of five at kindergarten; next year it is school."
        ),
        {
            "residents": _of(SCHOOL_CHILD, "female"),
            "WJW": _said({DOSES: _given(SCHOOL_CHILD, *_TO_FOUR)}),
            "JYJ": _said({SCHOOLING: Schooling("kindergarten", date(2024, 9, 1), date(2027, 8, 31))}),
        },
        ("primary_school_admission",),
    ),
    Portrait(
        "李想",
        Words(zh="十三岁的初中女生。", en="A girl of thirteen in junior secondary school."),
        {
            "residents": _of(GIRL, "female"),
            "WJW": _said({DOSES: _given(GIRL, *_TO_FOUR, ("DTaP", 2200), ("MPSV-AC", 2200))}),
            "JYJ": _said({SCHOOLING: Schooling("junior", date(2026, 9, 1), date(2029, 8, 31))}),
        },
        ("student_aid",),
    ),
    Portrait(
        "陈晓东",
        Words(zh="刚满十六岁的高中男生。", en="A boy who has just turned sixteen, in senior secondary school."),
        {
            "residents": _of(date(2010, 11, 15), "male"),
            "JYJ": _said({SCHOOLING: Schooling("senior", date(2026, 9, 1), date(2029, 8, 31))}),
        },
        ("identity_card", "student_aid"),
    ),
    Portrait(
        "张婷",
        Words(zh="二十八岁，在职，怀孕十七周。", en="Twenty-eight, employed, seventeen weeks pregnant."),
        {
            "residents": _of(date(1998, 4, 12), "female"),
            "WJW": _said(
                {
                    PREGNANCY: Pregnancy(date(2026, 8, 1)),
                    MATERNAL_CARE: (("handbook", date(2026, 10, 9)),),
                    ANTENATAL_DONE: (("first_visit", date(2026, 10, 9)), ("nt_scan", date(2026, 10, 28))),
                }
            ),
            "MZJ": _said({MARITAL_STATUS: "married"}),
            "RSJ": _said(
                {JOB: Job(date(2021, 7, 1)), WORKER_KIND: "woman_cadre", INSURED: Insured(64, date(2026, 10, 1))}
            ),
            "YBJ": _said({MEDICAL_INSURED: True, MEDICAL_SCHEME: "employee", WAGE_FEN: 820_000}),
        },
        ("maternity_allowance", "provident_fund_loan"),
    ),
    Portrait(
        "刘强",
        Words(
            zh="三十五岁，有车，供暖合同在自己名下，社保断缴过两个月。",
            en="Thirty-five, with a car and a heating contract; two months are missing in his insurance.",
        ),
        {
            "residents": _of(date(1991, 2, 3), "male"),
            "GAJ": _said(
                {
                    DRIVING: Driving(date(2021, 1, 18), date(2027, 1, 18), "C1"),
                    VEHICLES: (Vehicle(date(2020, 11, 22), "private_car", "鲁F12345"),),
                }
            ),
            "RSJ": _said(
                {
                    JOB: Job(date(2019, 3, 1)),
                    INSURED: Insured(88, date(2026, 10, 1), (date(2026, 2, 1), date(2026, 3, 1))),
                    WORKER_KIND: "man",
                }
            ),
            "heating": _said({HEATING: Heating("YT-0042-17", stopped=False)}),
        },
        ("driving_licence_renewal", "provident_fund_loan", "marriage"),
    ),
    Portrait(
        "孙丽",
        Words(
            zh="四十九岁的女工人，刚失业，快到退休年龄。",
            en="A worker of forty-nine who has just lost her job, close to retirement.",
        ),
        {
            "residents": _of(date(1977, 3, 9), "female"),
            "RSJ": _said(
                {
                    WORKER_KIND: "woman_worker",
                    INSURED: Insured(300, date(2026, 9, 1)),
                    UNEMPLOYED_SINCE: date(2026, 10, 8),
                    UNEMPLOYMENT_MONTHS: 140,
                }
            ),
            "YBJ": _said({MEDICAL_INSURED: True}),
        },
        ("unemployment_benefit", "pension_at_statutory_age", "pension_earlier", "minimum_living_allowance"),
    ),
    Portrait(
        "周建国",
        Words(zh="快六十二岁的男职工，今年看病花费较多。", en="An employee of nearly sixty-two who was ill this year."),
        {
            "residents": _of(date(1965, 1, 20), "male"),
            "RSJ": _said({WORKER_KIND: "man", INSURED: Insured(396, date(2026, 10, 1)), JOB: Job(date(1990, 1, 1))}),
            "YBJ": _said({MEDICAL_INSURED: True, MEDICAL_SCHEME: "employee", SELF_PAID_FEN: 2_950_000}),
            "ZRZY": _said({HOMES: (Home("芝罘区福海路8号3号楼201", owner_died=True, as_of=AS_OF),)}),
        },
        ("pension_at_statutory_age", "pension_later", "catastrophic_cover", "home_to_inherit"),
    ),
    Portrait(
        "吴秀英",
        Words(
            zh="八十岁，独居，还没有领高龄津贴，仍持有驾驶证。",
            en="Eighty, living alone; she doesn't draw the old-age allowance yet, and still holds a driving licence.",
        ),
        {
            "residents": _of(date(1946, 10, 2), "female"),
            "MZJ": _said({ALLOWANCES: ()}),
            "GAJ": _said({DRIVING: Driving(date(2008, 5, 18), None, "C1")}),
            "YBJ": _said({MEDICAL_INSURED: True, MEDICAL_SCHEME: "resident"}),
        },
        ("old_age_allowance", "pension_of_residents", "driving_licence_renewal"),
    ),
)
