"""Stopping a home's heating for a season (报停), or having it run again (恢复供热). Source: 山东省供热条例 art. 20, 21, 25, 28."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Final, Literal

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from app.residents.structs import Resident
from integrations.departments.household_bills import Fen
from integrations.departments.utilities import (
    CHANGE_HEATING,
    HEAT_SUPPLY,
    HeatingChanged,
    HeatSupply,
    SeasonYear,
    Units,
)
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import BarredNow, NotFitFor
from lifecycle.cases.fields import field
from lifecycle.cases.forms import Standing
from lifecycle.cases.person_fields import DivisionField, NameField, NumberField, PhoneField, own
from lifecycle.cases.states import Step
from lifecycle.rules import heating
from lifecycle.rules.ages import full_age
from lifecycle.rules.heating import BARS, Home, What
from lifecycle.rules.parameters import Reading, shipped

ACCOUNT: Final = Words(zh="供热账户", en="The heating account")
WISH: Final = Words(zh="申请内容", en="What you want")
_FROM_SUPPLIER: Final = Words(zh="来自供热企业，无需填写。", en="From the heat supplier; nothing to fill in.")
WHAT: Final = {
    "stop": Words(zh="报停（整个供热期不用热）", en="Stop: no heating for the whole season"),
    "resume": Words(zh="恢复供热（撤销报停）", en="Resume: heating again after a stop"),
}
Visit = Literal["morning", "afternoon", "weekend"]
VISITS: Final = {
    "morning": Words(zh="工作日上午", en="Working days, in the morning"),
    "afternoon": Words(zh="工作日下午", en="Working days, in the afternoon"),
    "weekend": Words(zh="周末", en="At a weekend"),
}
As = Literal["owner", "user"]
HOLDERS: Final = {
    "owner": Words(zh="产权人", en="I own the home"),
    "user": Words(zh="使用人，已征得产权人同意", en="I use it, and its owner agrees"),
}


class HeatingForm(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted for which season; the account is known."""

    name: NameField
    id_number: NumberField
    phone: PhoneField
    division_code: DivisionField
    account_no: Annotated[
        Code, field(Words(zh="供热户号", en="Account number"), _FROM_SUPPLIER, editable=False, section=ACCOUNT)
    ]
    company: Annotated[
        Line, field(Words(zh="供热企业", en="Supplier"), _FROM_SUPPLIER, editable=False, section=ACCOUNT)
    ]
    area_dm2: Annotated[
        Units,
        field(
            Words(zh="供热面积（平方分米）", en="Heated area (hundredths of a m²)"),
            _FROM_SUPPLIER,
            editable=False,
            section=ACCOUNT,
        ),
    ]
    fen_per_m2: Annotated[
        Fen,
        field(
            Words(zh="每平方米热价（分）", en="Price of a m² (fen)"), _FROM_SUPPLIER, editable=False, section=ACCOUNT
        ),
    ]
    separable: Annotated[
        bool,
        field(
            Words(zh="具备分户关闭条件", en="Can be shut off by itself"),
            _FROM_SUPPLIER,
            editable=False,
            section=ACCOUNT,
        ),
    ]
    overdue_fen: Annotated[
        Fen, field(Words(zh="逾期热费（分）", en="Overdue (fen)"), _FROM_SUPPLIER, editable=False, section=ACCOUNT)
    ]
    stopped_seasons: Annotated[
        tuple[SeasonYear, ...],
        field(
            Words(zh="已报停的供热期（起始年份）", en="Seasons for which it is stopped"),
            _FROM_SUPPLIER,
            editable=False,
            section=ACCOUNT,
        ),
    ]
    what: Annotated[What, field(Words(zh="办理内容", en="Stop or resume"), section=WISH, values=WHAT)]
    season: Annotated[
        SeasonYear,
        field(
            Words(zh="供热期（起始年份）", en="Season (the year in which it begins)"),
            Words(
                zh="填供热期开始的那一年；现在可以办理哪个供热期，见提示。",
                en="The year in which the season begins; the notes say which one is open.",
            ),
            section=WISH,
        ),
    ]
    applies_as: Annotated[As, field(Words(zh="申请人身份", en="You are"), section=WISH, values=HOLDERS)]
    visit: Annotated[
        Visit,
        field(
            Words(zh="方便上门的时间", en="When somebody may come"),
            Words(zh="供热企业上门关闭或打开入户阀门。", en="The supplier closes or opens the valve of the home."),
            section=WISH,
            values=VISITS,
        ),
    ]


class _Known(msgspec.Struct, frozen=True):
    """What the rules need of a form that may be incomplete."""

    area_dm2: int
    fen_per_m2: int
    separable: bool
    overdue_fen: int
    stopped_seasons: tuple[int, ...]
    what: What | None = None
    season: int | None = None

    @property
    def home(self) -> Home:
        return Home(
            area_dm2=self.area_dm2,
            fen_per_m2=self.fen_per_m2,
            separable=self.separable,
            overdue_fen=self.overdue_fen,
            stopped_seasons=self.stopped_seasons,
        )


def _of_supply(told: HeatSupply) -> Mapping[str, Any]:
    return {
        "account_no": told.account_no,
        "company": told.company,
        "area_dm2": told.area_dm2,
        "fen_per_m2": told.fen_per_m2,
        "separable": told.separable,
        "overdue_fen": told.owed_fen if told.standing == "overdue" else 0,
        "stopped_seasons": told.stopped_seasons,
    }


def _reading(day: date) -> Reading:
    return shipped().reading(day)


def _known(form: HeatingForm) -> _Known:
    return msgspec.convert(form, _Known, from_attributes=True)


class HeatingSeason(Application[HeatingForm, HeatingChanged]):
    """The matter; asked for in time and with nothing in the way it is granted by rule, later the supplier decides."""

    matter_code: ClassVar[str] = "heating_service"
    form = HeatingForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "money"})
    own = own("name", "id_number", "phone", "division_code")
    sources = (Source(HEAT_SUPPLY, _of_supply),)
    order = CHANGE_HEATING

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse (`NotFitFor`) children; whoever owns or uses a home applies for it themselves."""
        if citizen.id != person.id:
            raise NotFitFor(
                reason=Words(zh="须由产权人或使用人本人申请。", en="Whoever owns or uses the home applies themselves.")
            )
        adult = _reading(as_of).number("age.capacity_full")
        if person.birth_date is not None and full_age(person.birth_date, as_of) < adult:
            raise NotFitFor(reason=Words(zh=f"未满{adult}周岁。", en=f"Under {adult} years of age."))

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """Which season can be asked for until when, what it costs, and what bars it."""
        try:
            known = msgspec.convert(dict(given), _Known)
        except msgspec.ValidationError:
            return ()
        return heating.explained(known.home, known.what, known.season, _reading(clock.local(as_of).date()))

    def problems(self, form: HeatingForm) -> Iterable[FieldProblem]:
        """Refuse to stop what is stopped, and to resume what isn't."""
        is_stopped = form.season in form.stopped_seasons
        if form.what == "stop" and is_stopped:
            yield FieldProblem("/form/what", "stopped_already", "heating is stopped for this season")
        if form.what == "resume" and not is_stopped:
            yield FieldProblem("/form/what", "not_stopped", "heating isn't stopped for this season")

    def problems_on(self, form: HeatingForm, as_of: date) -> Iterable[FieldProblem]:
        """Refuse a season that has begun, and one after the next; a late one is the supplier's to decide."""
        now = heating.standing(form.season, _reading(as_of))
        if now in {"begun", "too_far"}:
            yield FieldProblem("/form/season", now, "another season can be asked for now; see the notes")

    def allow(self, step: Step, standing: Standing) -> None:
        """Refuse (`BarredNow`) to approve what can't be done before something else is."""
        if step is Step.APPROVE:
            for bar in heating.bars(msgspec.convert(standing.values, _Known).home):
                raise BarredNow(reason=BARS[bar])

    def decides_itself(self, form: HeatingForm) -> bool:
        """Grant at once what is asked for in time where nothing bars it."""
        in_time = heating.standing(form.season, _reading(clock.today())) == "open"
        return in_time and not any(heating.bars(_known(form).home))

    def parts(self, form: HeatingForm) -> Mapping[str, Any]:
        """What the supplier does, to which account, in which season."""
        return {"account_no": form.account_no, "season": form.season, "what": form.what}
