"""What the closest family of somebody who died has to see to: each with its matter, whom it concerns, and the law behind it.

Sources: 户口登记条例 art. 8; 社会保险法 arts. 14, 17, 49; 社会保险经办条例; 工伤保险条例 arts. 17, 39; 国发〔1998〕44号; 住房公积金管理条例
art. 24; 机动车登记规定. No law names a day for what has no `due` here.
"""

from typing import Final, Literal

import msgspec

from app.kernel.words import Words

Due = Literal["", "deregister", "bureau", "injury"]
Concerns = Literal["all", "worker", "at_work", "grown_up"]
"""Of whom it is asked: of everybody, of who was old enough to work, of who could still be at work, of who was of age."""


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to see to. `own_right`: also for a minor child for whom none of the closest claims it."""

    code: str
    matter: str | None = None
    title: Words
    why: Words
    due: Due = ""
    concerns: Concerns = "all"
    own_right: bool = False


ERRANDS: Final = (
    Errand(
        code="deregister",
        title=Words(zh="凭死亡证明注销户口", en="Take the death certificate, and cancel the household registration"),
        why=Words(
            zh="户口登记条例第八条：城市在葬前、农村在一个月以内向派出所申报，身份证一并缴销。医院（在家去世的，社区卫生机构或公安机关）出具死亡证明；派出所已经登记的，标为已办即可。",
            en="Household Registration Regulations, article 8: told to the police before the burial in towns, within a month in the country; "
            "the identity card is handed in along. The hospital (or, after a death at home, the community's doctors or the police) gives "
            "the certificate. If the police have registered it, mark this done.",
        ),
        due="deregister",
    ),
    Errand(
        code="pension_stop",
        matter="pension_insurance",
        title=Words(zh="告知社保：停发养老金等待遇", en="Tell the social insurance bureau, so that a pension ends"),
        why=Words(
            zh="领取养老金或者其他社保待遇的，亲属应当在20个工作日内告知社保经办机构（社会保险经办条例）；去世后多发的，要退回。没有领取的，不用办。",
            en="If a pension or another benefit was drawn, relatives tell the bureau within 20 working days (Regulations on the Handling of "
            "Social Insurance); what is paid after the death has to be returned. If none was drawn, nothing need be done.",
        ),
        due="bureau",
        concerns="worker",
    ),
    Errand(
        code="funeral_grant",
        matter="pension_insurance",
        title=Words(zh="申领丧葬补助金", en="Claim the funeral subsidy"),
        why=Words(
            zh="社会保险法第十七条：参加养老保险的人因病或者非因工去世，遗属可以领取。同时符合养老、工伤、失业保险条件的，只能选领一项（第四十九条）。法律没有规定截止日期。",
            en="Social Insurance Law, article 17: due to the survivors of who was insured for a pension and didn't die at work. Where the "
            "pension, work injury and unemployment funds would each pay one, you choose one only (article 49). The law names no last day.",
        ),
        concerns="worker",
    ),
    Errand(
        code="dependants",
        matter="pension_insurance",
        title=Words(zh="申领遗属抚恤金", en="Claim the survivors' grant"),
        why=Words(
            zh="社会保险法第十七条：参加养老保险的人因病或者非因工去世，遗属可以领取抚恤金；因工去世的，由工伤保险按月发给靠其供养的亲属（工伤保险条例第三十九条）。“只能选领一项”只限丧葬补助金，不影响抚恤金。",
            en="Social Insurance Law, article 17: survivors of who was insured for a pension get a grant; after a death at work, the work "
            "injury fund pays dependants by the month (Work Injury Insurance Regulations, article 39). That only one may be chosen holds "
            "for the funeral subsidy, not for this.",
        ),
        concerns="worker",
        own_right=True,
    ),
    Errand(
        code="work_injury",
        matter="work_injury_insurance",
        title=Words(zh="如果是因工去世：申请工伤认定", en="If the death came from work: have it recognised"),
        why=Words(
            zh="工伤保险条例第十七条：单位应在30日内申请；单位没有申请的，近亲属可以在事故发生（或者确诊职业病）之日起一年内申请。这里按去世当天计算，事故更早的，期限也更早。不是因工去世的，不用办。",
            en="Work Injury Insurance Regulations, article 17: the employer applies within 30 days; if it doesn't, close relatives may within a "
            "year of the accident, or of the diagnosis of an occupational disease. The day here counts from the death: after an earlier "
            "accident it is earlier. If the death didn't come from work, nothing need be done.",
        ),
        due="injury",
        concerns="at_work",
    ),
    Errand(
        code="pension_account",
        matter="pension_insurance",
        title=Words(zh="继承养老保险个人账户余额", en="Inherit what is left in the pension account"),
        why=Words(
            zh="社会保险法第十四条：个人去世的，养老保险个人账户余额可以继承。没有办理期限。",
            en="Social Insurance Law, article 14: what is left in the personal account is inherited. There is no last day.",
        ),
        concerns="worker",
    ),
    Errand(
        code="medical_account",
        matter="medical_insurance",
        title=Words(
            zh="终止医保参保，继承医保个人账户余额",
            en="End the health insurance, and inherit what is left in its account",
        ),
        why=Words(
            zh="国发〔1998〕44号：职工医保个人账户的本金和利息归个人所有，可以继承。居民医保没有个人账户，只终止参保。没有办理期限。",
            en="Guofa [1998] 44: the account of employees' health insurance is the person's own, and is inherited. Residents' insurance has "
            "none; it only ends. There is no last day.",
        ),
    ),
    Errand(
        code="housing_fund",
        matter="provident_fund_query",
        title=Words(zh="提取住房公积金余额", en="Withdraw what is left in the housing fund"),
        why=Words(
            zh="住房公积金管理条例第二十四条：职工去世的，继承人、受遗赠人可以提取账户余额。没有办理期限；没有账户的，不用办。",
            en="Housing Provident Fund Regulations, article 24: heirs and legatees withdraw the balance. There is no last day; without an "
            "account, nothing need be done.",
        ),
        concerns="worker",
    ),
    Errand(
        code="card",
        matter="citizen_card_cancel",
        title=Words(zh="市民卡：注销并退回余额", en="Citizen card: close it, and have the balance returned"),
        why=Words(
            zh="去世登记后，市民卡不能再付款；卡里的余额属于遗产，由继承人办理退回（民法典第一千一百二十二条）。没有办理期限。",
            en="Once a death is registered the card pays nothing any more; its balance belongs to the estate, and heirs have it returned "
            "(Civil Code, article 1122). There is no last day.",
        ),
    ),
    Errand(
        code="vehicles",
        matter="motor_vehicle_service",
        title=Words(zh="名下车辆：过户或者注销", en="Vehicles: transfer them, or have them struck off"),
        why=Words(
            zh="机动车登记规定：由继承人办理转让登记，不再用的办理注销；先处理完违法和事故。法律没有给继承规定期限。名下没有车的，不用办。",
            en="Provisions on Motor Vehicle Registration: heirs have a vehicle transferred, or struck off if it is past use, once offences and "
            "accidents are settled. The law names no last day for heirs. Without a vehicle, nothing need be done.",
        ),
        concerns="grown_up",
    ),
)
