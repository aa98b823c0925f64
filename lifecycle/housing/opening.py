"""To whom the services of housing are open: listings for anyone, filings by owner or tenant, the fund, and affordable homes. Pure."""

from typing import Final

from app.kernel.money import yuan
from app.kernel.words import Words
from lifecycle.entitlements.combining import open_to
from lifecycle.entitlements.opening import aged, anyone, part, service
from lifecycle.entitlements.verdicts import Verdict, need_all, no, yes, yes_from
from lifecycle.entitlements.work_and_home import has_reached, is_in_work, tenure
from lifecycle.rules.ages import Span
from lifecycle.rules.declared_kinds import FUND_MONTHS
from lifecycle.rules.divisions import is_here
from lifecycle.rules.fact_kinds import CASES, DIVISION, HOMES, HOUSEHOLD_INCOME_FEN, HOUSEHOLD_PERSONS, JOB
from lifecycle.rules.looking import Looking

STAGE: Final = "housing"
APPLICATION: Final = "affordable_housing_application"
_FILING: Final = Words(zh="办理备案", en="Filing")
_CONSENT: Final = Words(zh="须单独同意接收广告。", en="It takes a separate consent to advertising.")
_MINOR: Final = Words(zh="未成年。", en="Not of age.")
_OWNER: Final = Words(zh="有自有住房。", en="A home is owned.")
_TENANT: Final = Words(zh="租住。", en="A home is rented.")
_NEITHER: Final = Words(zh="没有自有住房，也不是租住。", en="A home is neither owned nor rented.")
_OWN_OR_RENT: Final = Words(zh="买房或租房后可办理。", en="It could be had by an owner or a tenant.")


def lease_filing(looking: Looking) -> Verdict:
    """Filing a lease: the landlord, or the tenant where the landlord hasn't."""
    whose = tenure(looking)
    if whose == "other":
        return no(_NEITHER, _OWN_OR_RENT)
    if whose == "owner":
        leased = Words(zh="出租住房的，由房东备案。", en="Whoever lets a home files the lease.")
        return yes(_OWNER, steps=(leased,))
    return yes(_TENANT, steps=(Words(zh="房东没有备案的，租客可以办。", en="The tenant may, if the landlord hasn't."),))


def decoration_filing(looking: Looking) -> Verdict:
    """Filing works in a home: its owner, or a tenant with the owner's consent."""
    whose = tenure(looking)
    if whose == "other":
        return no(_NEITHER, _OWN_OR_RENT)
    if whose == "owner":
        return yes(_OWNER)
    return yes(_TENANT, steps=(Words(zh="须有产权人的书面同意。", en="The owner must consent in writing."),))


def fund_account(looking: Looking) -> Verdict:
    """A holder's own account; what money is drawn for is judged by the fund centre."""
    if not has_reached(looking, "age.work"):
        return no(Words(zh="未到就业年龄，没有公积金账户。", en="Too young to work, so there is no account."))
    paid = looking.need(FUND_MONTHS)
    occasion = Words(
        zh="提取要有法定情形（买房、租房、还贷、退休等），由公积金中心按凭据审核。",
        en="Drawing money takes an occasion of the law (buying, renting, repaying, retirement and the like), which the fund centre judges.",
    )
    if not paid:
        return no(
            Words(zh="目前没有缴存。", en="Nothing is paid in at present."),
            Words(
                zh="单位开户缴存后可查询；以前有账户的仍可查询。",
                en="It could be had once an employer pays in; an earlier account may still be looked at.",
            ),
        )
    return yes(Words(zh=f"已连续缴存{paid}个月。", en=f"{paid} months paid in."), steps=(occasion,))


def affordable_housing(looking: Looking) -> Verdict:
    """An affordable home: an adult without a home, with a low income, registered here or in steady work here."""
    if not has_reached(looking, "age.capacity_full"):
        return no(_MINOR, Words(zh="由家庭中的成年人申请。", en="An adult of the family applies."))
    need_all(looking, DIVISION, HOMES, HOUSEHOLD_INCOME_FEN, HOUSEHOLD_PERSONS)
    if looking.need(HOMES):
        return no(
            _OWNER,
            Words(
                zh="住房面积低于标准的可申请，面积由住建部门核对。",
                en="It could be had with less space than the standard, which the housing department measures.",
            ),
        )
    line = looking.law.number("opening.affordable_income_fen") * looking.need(HOUSEHOLD_PERSONS)
    income = looking.need(HOUSEHOLD_INCOME_FEN)
    if income > line:
        words = Words(
            zh=f"家庭月收入{yuan(income)}元，上限{yuan(line)}元。",
            en=f"The household's month is {yuan(income)} yuan; {yuan(line)} at the most.",
        )
        return no(
            words, Words(zh=f"不超过{yuan(line)}元的可申请。", en=f"It could be had with {yuan(line)} yuan or less.")
        )
    return _of_who_belongs(looking)


def own_application(looking: Looking) -> Verdict:
    """Where an application for an affordable home stands: the applicant's."""
    if not has_reached(looking, "age.capacity_full"):
        return no(_MINOR)
    if any(case.matter == APPLICATION for case in looking.find(CASES) or ()):
        return yes(Words(zh="申请过保障性住房。", en="An affordable home was applied for."))
    return no(
        Words(zh="在本平台没有申请记录。", en="No application is known here."),
        Words(
            zh="申请后可查询；在窗口申请的，到窗口查询。",
            en="It could be had after applying; of one at a counter, ask there.",
        ),
    )


def title_change(looking: Looking) -> Verdict:
    """Changing or correcting a title: whoever is registered as an owner."""
    count = len(looking.need(HOMES))
    if not count:
        return no(
            Words(zh="名下没有登记的不动产。", en="No property is registered."),
            Words(
                zh="登记为产权人后可申请；继承的由继承人申请。",
                en="It could be had by a registered owner; heirs apply for an inheritance.",
            ),
        )
    return yes(
        Words(zh=f"登记的产权人，{count}处不动产。", en=f"A registered owner of {count}."),
        steps=(Words(zh="加名和分割，相关的人都要确认。", en="To add a name or divide, everyone concerned confirms."),),
    )


def _of_who_belongs(looking: Looking) -> Verdict:
    judged = Words(
        zh="财产和住房由住建部门核对；三种保障房的条件不同，以公布为准。",
        en="Assets and homes are checked by the housing department; each kind of home has conditions of its own.",
    )
    words = Words(zh="没有住房，收入在上限以内。", en="No home is owned, and the income is within the limit.")
    if is_here(looking.need(DIVISION)):
        return yes(words, steps=(judged,))
    job = looking.need(JOB)
    on = Span.read(looking.law.text("opening.affordable_work")).after(job.since)
    if not is_in_work(looking) or (job.until is not None and job.until <= on):
        work = Words(
            zh="在烟台稳定就业满一定时间后可申请。", en="It could be had after some time of steady work in Yantai."
        )
        return no(
            Words(zh="户籍不在烟台，也没有稳定在职。", en="Neither registered in Yantai nor in steady work."), work
        )
    return yes(words, steps=(judged,)) if looking.as_of >= on else yes_from(on, words, steps=(judged,))


RULES: Final = (
    service("home_purchase_info", STAGE, anyone),
    service("home_rental_info", STAGE, anyone),
    part("home_rental_info", STAGE, "filing", _FILING, lease_filing),
    service("home_decoration_info", STAGE, anyone),
    part("home_decoration_info", STAGE, "filing", _FILING, decoration_filing),
    service("provident_fund_query", STAGE, fund_account),
    service("commercial_housing_query", STAGE, anyone),
    service(
        "second_hand_house_query",
        STAGE,
        open_to(
            Words(zh="任何人都可以看房源。", en="Anyone may look at listings."),
            Words(zh="看抵押、查封，须房主同意。", en="Mortgage and seizure are shown with the owner's consent."),
        ),
    ),
    service(APPLICATION, STAGE, affordable_housing),
    service("affordable_housing_query", STAGE, own_application),
    service(
        "property_registration",
        STAGE,
        open_to(
            Words(zh="买卖、抵押的双方都可以申请。", en="Both parties to a sale or a mortgage may apply."),
            Words(
                zh="双方共同申请、各自确认；合同、权属和完税由登记机构审查。",
                en="They apply together and each confirms; contract, title and taxes are examined by the registry.",
            ),
        ),
    ),
    part(
        "property_change_registration",
        STAGE,
        "owner",
        Words(zh="产权人变更、更正登记", en="An owner's change or correction"),
        title_change,
    ),
    service("home_construction_push", STAGE, aged("age.capacity_full", _CONSENT)),
    service("home_furnishing_push", STAGE, aged("age.capacity_full", _CONSENT)),
)
