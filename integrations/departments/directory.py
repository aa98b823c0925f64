"""The departments that are connected: codes, names, addresses, and the DNS names in their certificates."""

from typing import Final

from app.kernel.settings import Settings
from app.kernel.words import Words
from integrations.exchange.structs import Party

POLICE: Final = "GAJ"
HEALTH: Final = "WJW"
CIVIL_AFFAIRS: Final = "MZJ"
NAMES: Final = {
    POLICE: Words(zh="烟台市公安局", en="Yantai Public Security Bureau"),
    HEALTH: Words(zh="烟台市卫生健康委员会", en="Yantai Municipal Health Commission"),
    CIVIL_AFFAIRS: Words(zh="烟台市民政局", en="Yantai Civil Affairs Bureau"),
    "JYJ": Words(zh="烟台市教育局", en="Yantai Education Bureau"),
    "RSJ": Words(zh="烟台市人力资源和社会保障局", en="Yantai Human Resources and Social Security Bureau"),
    "YBJ": Words(zh="烟台市医疗保障局", en="Yantai Healthcare Security Bureau"),
    "ZJJ": Words(zh="烟台市住房和城乡建设局", en="Yantai Housing and Urban-Rural Development Bureau"),
    "GJJ": Words(zh="烟台市住房公积金管理中心", en="Yantai Housing Provident Fund Centre"),
    "ZRZY": Words(zh="烟台市自然资源和规划局", en="Yantai Natural Resources and Planning Bureau"),
    "CGJ": Words(zh="烟台市城市管理局", en="Yantai Urban Management Bureau"),
    "JTJ": Words(zh="烟台市交通运输局", en="Yantai Transport Bureau"),
    "WLJ": Words(zh="烟台市文化和旅游局", en="Yantai Culture and Tourism Bureau"),
    "SCJG": Words(zh="烟台市市场监督管理局", en="Yantai Market Regulation Bureau"),
    "SPJ": Words(zh="烟台市行政审批服务局", en="Yantai Administrative Approval Service Bureau"),
    "SWJ": Words(zh="国家税务总局烟台市税务局", en="Yantai Tax Service"),
    "FGW": Words(zh="烟台市发展和改革委员会", en="Yantai Development and Reform Commission"),
    "SWU": Words(zh="烟台市商务局", en="Yantai Commerce Bureau"),
    "SFJ": Words(zh="烟台市司法局", en="Yantai Justice Bureau"),
    "BIGDATA": Words(zh="烟台市大数据局", en="Yantai Big Data Bureau"),
    "YZJ": Words(zh="烟台市邮政管理局", en="Yantai Postal Administration"),
    "AIRPORT": Words(zh="烟台蓬莱国际机场", en="Yantai Penglai International Airport"),
    "UT-W": Words(zh="烟台市供水企业", en="Yantai water supplier"),
    "UT-E": Words(zh="国网烟台供电公司", en="State Grid Yantai"),
    "UT-G": Words(zh="烟台市燃气企业", en="Yantai gas supplier"),
    "UT-H": Words(zh="烟台市供热企业", en="Yantai heat supplier"),
    "UT-TV": Words(zh="烟台市广电网络企业", en="Yantai cable network"),
    "UT-T": Words(zh="烟台市通信运营企业", en="Yantai telecom operators"),
}


class DepartmentUnknown(ValueError):  # noqa: N818 - a refusal is named as a fact
    """`FUHAI_DEPARTMENT_URLS` names a department that isn't connected."""


def addresses_of(settings: Settings) -> dict[str, str]:
    """The address that the settings give for each department; empty is the sandbox city. Refuses `DepartmentUnknown`."""
    given = dict(one.split("=", 1) for one in settings.department_urls.split())
    if unknown := given.keys() - NAMES.keys():
        message = f"FUHAI_DEPARTMENT_URLS: no such department: {', '.join(sorted(unknown))}"
        raise DepartmentUnknown(message)
    return {code: given.get(code, "") for code in NAMES}


def parties(settings: Settings) -> dict[str, Party]:
    """Give each department by its code; one without an address is played by the sandbox city, or isn't there without it."""
    city = f"{settings.city_origin}/" if settings.city else ""
    return {
        code: Party(code, NAMES[code], address or f"{city}{code.lower()}", keyid_of(code, settings))
        for code, address in addresses_of(settings).items()
        if address or city
    }


def keyid_of(code: str, settings: Settings) -> str:
    """The DNS name in the certificate of a department, or of the portal itself (`portal`)."""
    return f"{code.lower()}.dept.{settings.issuer_domain}"


def speakers(settings: Settings) -> dict[str, str]:
    """Give the department that each keyid speaks for, as `verify_push` asks it."""
    return {party.keyid: code for code, party in parties(settings).items()}
