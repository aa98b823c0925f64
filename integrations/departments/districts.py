"""Yantai's districts, county-level cities and zones, as parts of questions and answers (GB/T 2260; the two zones by NBS codes)."""

from typing import Final, Literal

from app.kernel.words import Words

DistrictCode = Literal[
    "370602", "370611", "370612", "370613", "370614", "370671", "370676", "370681", "370682", "370683", "370685", "370686",
    "370687",
]  # fmt: skip
DISTRICTS: Final = {
    "370602": Words(zh="芝罘区", en="Zhifu"),
    "370611": Words(zh="福山区", en="Fushan"),
    "370612": Words(zh="牟平区", en="Muping"),
    "370613": Words(zh="莱山区", en="Laishan"),
    "370614": Words(zh="蓬莱区", en="Penglai"),
    "370671": Words(zh="高新区", en="High-tech Zone"),
    "370676": Words(zh="开发区", en="Development Zone"),
    "370681": Words(zh="龙口市", en="Longkou"),
    "370682": Words(zh="莱阳市", en="Laiyang"),
    "370683": Words(zh="莱州市", en="Laizhou"),
    "370685": Words(zh="招远市", en="Zhaoyuan"),
    "370686": Words(zh="栖霞市", en="Qixia"),
    "370687": Words(zh="海阳市", en="Haiyang"),
}
