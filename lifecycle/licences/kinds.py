"""The types of licence that are issued here, by their portal codes."""

from typing import Final

from app.kernel.words import Words

CERT_HUKOU: Final = "CERT_HUKOU"
TITLES: Final = {
    CERT_HUKOU: Words(zh="居民户口簿（常住人口登记卡）", en="Household register: page of a resident"),
}
NUMBER_PREFIXES: Final = {CERT_HUKOU: "HK"}
