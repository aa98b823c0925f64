"""The ways of appeal that an adverse decision names (行政复议法 art. 20; 行政诉讼法 art. 46)."""

from typing import Final

from app.kernel.words import Words

APPEAL: Final = Words(
    zh="如不服本决定，可自收到之日起60日内向本级人民政府申请行政复议，或者自收到之日起6个月内依法向人民法院提起行政诉讼。",
    en="You can apply to the people's government for administrative reconsideration within 60 days of receiving this decision, or bring "
    "an action before the people's court within six months of receiving it.",
)
