"""To whom the services of daily life are open: prices for anyone, accounts for who knows their number, changes for who uses the home. Pure."""

from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.combining import open_to
from lifecycle.entitlements.opening import aged, anyone, part, service
from lifecycle.entitlements.verdicts import Verdict, no, yes
from lifecycle.entitlements.work_and_home import tenure
from lifecycle.rules.declared_kinds import RESIDENCE_AREA
from lifecycle.rules.fact_kinds import HEATING
from lifecycle.rules.looking import Looking

STAGE: Final = "living"
_ACCOUNT: Final = open_to(
    Words(
        zh="任何人凭户号都可以查询、缴费，也可以替别人缴。",
        en="Anyone with the account's number, also to pay for others.",
    ),
    Words(
        zh="绑定户号须经同意；户号由供应企业核对。",
        en="Binding an account takes a consent; the supplier checks the number.",
    ),
)
_OWNER: Final = Words(zh="房屋的产权人。", en="The owner of the home.")
_TENANT: Final = Words(zh="房屋的承租人。", en="The tenant of the home.")
_NEITHER: Final = Words(zh="不是房屋的产权人或承租人。", en="Neither owner nor tenant of the home.")
_BY_THEM: Final = Words(zh="由产权人或承租人申请。", en="Owner or tenant may apply.")
_CONTRACT: Final = Words(
    zh="须与企业的登记一致，由企业核对。", en="It must agree with the supplier's register, which the supplier checks."
)


def of_the_home(looking: Looking) -> Verdict:
    """Changes to the supply of a home: its owner or its tenant."""
    whose = tenure(looking)
    if whose == "other":
        return no(_NEITHER, _BY_THEM)
    return yes(_OWNER if whose == "owner" else _TENANT, steps=(_CONTRACT,))


def heating_stop(looking: Looking) -> Verdict:
    """Stopping heat for a season, or resuming it: whoever has the contract, or owns or rents the home."""
    if looking.find(HEATING) is not None:
        return yes(Words(zh="供热合同在本人名下。", en="The contract for heat is one's own."))
    return of_the_home(looking)


def rural_delivery(looking: Looking) -> Verdict:
    """Delivery to the country."""
    if looking.need(RESIDENCE_AREA) == "urban":
        return no(
            Words(zh="住在城镇。", en="Living in town."),
            Words(
                zh="住在有站点服务的村或乡村社区的可使用。",
                en="It could be had in a village or rural community with a station.",
            ),
        )
    station = Words(
        zh="村里有没有站点以页面为准；没有的，写明最近的站点。",
        en="Whether there is a station the page says, or names the nearest.",
    )
    return yes(Words(zh="住在乡村。", en="Living in the country."), steps=(station,))


RULES: Final = (
    service("supermarket_promotion_query", STAGE, anyone),
    part(
        "supermarket_promotion_query",
        STAGE,
        "offers",
        Words(zh="接收优惠信息", en="Messages with offers"),
        aged("age.capacity_full", Words(zh="须单独同意接收广告。", en="It takes a separate consent to advertising.")),
    ),
    service("vegetable_price_query", STAGE, anyone),
    service("grain_oil_meat_egg_price_query", STAGE, anyone),
    service("water_service", STAGE, _ACCOUNT),
    part("water_service", STAGE, "connection", Words(zh="用水报装", en="Connection"), of_the_home),
    service("electricity_service", STAGE, _ACCOUNT),
    service("gas_service", STAGE, _ACCOUNT),
    service("heating_service", STAGE, _ACCOUNT),
    part("heating_service", STAGE, "stopping", Words(zh="报停和恢复", en="Stopping and resuming"), heating_stop),
    service("cable_tv_service", STAGE, _ACCOUNT),
    service(
        "telecom_service",
        STAGE,
        open_to(
            Words(zh="已实名登记号码的机主。", en="Whoever the number is registered to."),
            Words(
                zh="查账单用短信验证码确认是本人，由运营商核对。",
                en="For the bill a code by text message confirms it, which the carrier checks.",
            ),
        ),
    ),
    service(
        "express_logistics_query",
        STAGE,
        open_to(
            Words(zh="任何人，只限自己寄出或收到的快件。", en="Anyone, of parcels that they send or receive."),
        ),
    ),
    service("rural_community_delivery", STAGE, rural_delivery),
    service(
        "public_utility_bill_query",
        STAGE,
        open_to(
            Words(zh="任何人，绑定户号后可以查询。", en="Anyone, once an account is bound."),
            Words(
                zh="绑定和提醒须本人同意；绑定家人的户号须对方同意。",
                en="Binding and messages take your consent; a relative's account takes theirs.",
            ),
        ),
    ),
    service("public_utility_online_handling", STAGE, of_the_home),
)
