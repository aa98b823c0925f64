"""What people see a doctor for. Codes have the form of ICD-10 and are meant as examples, not as anybody's diagnosis."""

from typing import Final

import msgspec


class Condition(msgspec.Struct, frozen=True):
    """A code and its name."""

    code: str
    name: str


class Diagnosis(Condition, frozen=True):
    """A condition as it is drawn: from which age on, and how many in a hundred then have it for good (0: it passes)."""

    from_age: int = 0
    percent: int = 0


PASSING: Final = (
    Diagnosis("J06.9", "急性上呼吸道感染"),
    Diagnosis("J20.9", "急性支气管炎"),
    Diagnosis("A09.9", "急性胃肠炎"),
    Diagnosis("L30.9", "皮炎"),
    Diagnosis("H10.9", "结膜炎"),
    Diagnosis("K29.7", "胃炎", 14),
    Diagnosis("S93.4", "踝关节扭伤", 6),
    Diagnosis("M54.5", "下背痛", 25),
    Diagnosis("K04.7", "根尖周脓肿", 10),
)
CHRONIC: Final = (
    Diagnosis("I10", "原发性高血压", 40, 24),
    Diagnosis("E11.9", "2型糖尿病", 40, 12),
    Diagnosis("I25.1", "冠状动脉粥样硬化性心脏病", 55, 11),
    Diagnosis("J44.9", "慢性阻塞性肺疾病", 55, 6),
    Diagnosis("M17.9", "膝关节病", 55, 14),
    Diagnosis("J45.9", "支气管哮喘", 3, 2),
)
