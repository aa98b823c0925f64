"""The types of licence that are issued here, by their portal codes."""

from typing import Final

from app.kernel.words import Words

CERT_FUND_LOAN: Final = "CERT_FUND_LOAN"
CERT_HUKOU: Final = "CERT_HUKOU"
CERT_ADMISSION: Final = "CERT_ADMISSION"
CERT_EMPLOYMENT: Final = "CERT_EMPLOYMENT"
CERT_FERTILITY: Final = "CERT_FERTILITY"
CERT_MARRIAGE: Final = "CERT_MARRIAGE"
CERT_DIVORCE: Final = "CERT_DIVORCE"
CERT_MEDICAL_INSURANCE: Final = "CERT_MEDICAL_INSURANCE"
CERT_DRIVING: Final = "CERT_DRIVING"
CERT_REALESTATE: Final = "CERT_REALESTATE"
TITLES: Final = {
    CERT_DRIVING: Words(zh="机动车驾驶证", en="Driving licence"),
    CERT_FERTILITY: Words(zh="生育登记服务凭证", en="Certificate of fertility registration"),
    CERT_ADMISSION: Words(zh="入学通知书", en="Notice of admission"),
    CERT_EMPLOYMENT: Words(zh="就业创业证", en="Employment and start-up certificate"),
    CERT_MARRIAGE: Words(zh="结婚证", en="Marriage certificate"),
    CERT_DIVORCE: Words(zh="离婚证", en="Divorce certificate"),
    CERT_REALESTATE: Words(zh="不动产权证书", en="Property title"),
    CERT_FUND_LOAN: Words(zh="住房公积金准予贷款决定书", en="Decision to grant a loan of the housing fund"),
    CERT_MEDICAL_INSURANCE: Words(zh="医保电子凭证", en="Electronic health-insurance certificate"),
    CERT_HUKOU: Words(zh="居民户口簿（常住人口登记卡）", en="Household register: page of a resident"),
}
NUMBER_PREFIXES: Final = {
    CERT_HUKOU: "HK",
    CERT_EMPLOYMENT: "JY",
    CERT_FERTILITY: "SY",
    CERT_MARRIAGE: "JH",
    CERT_DIVORCE: "LH",
    CERT_ADMISSION: "RX",
    CERT_FUND_LOAN: "GD",
    CERT_MEDICAL_INSURANCE: "YB",
    CERT_DRIVING: "JS",
    CERT_REALESTATE: "BD",
}
