"""The provinces of GB/T 2260 by the first two digits of a division's code."""

from typing import Final

from app.kernel.words import Words

PROVINCES: Final = {
    "11": Words(zh="北京市", en="Beijing"),
    "12": Words(zh="天津市", en="Tianjin"),
    "13": Words(zh="河北省", en="Hebei"),
    "14": Words(zh="山西省", en="Shanxi"),
    "15": Words(zh="内蒙古自治区", en="Inner Mongolia"),
    "21": Words(zh="辽宁省", en="Liaoning"),
    "22": Words(zh="吉林省", en="Jilin"),
    "23": Words(zh="黑龙江省", en="Heilongjiang"),
    "31": Words(zh="上海市", en="Shanghai"),
    "32": Words(zh="江苏省", en="Jiangsu"),
    "33": Words(zh="浙江省", en="Zhejiang"),
    "34": Words(zh="安徽省", en="Anhui"),
    "35": Words(zh="福建省", en="Fujian"),
    "36": Words(zh="江西省", en="Jiangxi"),
    "37": Words(zh="山东省", en="Shandong"),
    "41": Words(zh="河南省", en="Henan"),
    "42": Words(zh="湖北省", en="Hubei"),
    "43": Words(zh="湖南省", en="Hunan"),
    "44": Words(zh="广东省", en="Guangdong"),
    "45": Words(zh="广西壮族自治区", en="Guangxi"),
    "46": Words(zh="海南省", en="Hainan"),
    "50": Words(zh="重庆市", en="Chongqing"),
    "51": Words(zh="四川省", en="Sichuan"),
    "52": Words(zh="贵州省", en="Guizhou"),
    "53": Words(zh="云南省", en="Yunnan"),
    "54": Words(zh="西藏自治区", en="Tibet"),
    "61": Words(zh="陕西省", en="Shaanxi"),
    "62": Words(zh="甘肃省", en="Gansu"),
    "63": Words(zh="青海省", en="Qinghai"),
    "64": Words(zh="宁夏回族自治区", en="Ningxia"),
    "65": Words(zh="新疆维吾尔自治区", en="Xinjiang"),
    "71": Words(zh="台湾省", en="Taiwan"),
    "81": Words(zh="香港特别行政区", en="Hong Kong"),
    "82": Words(zh="澳门特别行政区", en="Macao"),
}


def province_of(division_code: str) -> Words | None:
    """The province that a division's code (GB/T 2260) begins with; none, where nobody knows such a province."""
    return PROVINCES.get(division_code[:2])
