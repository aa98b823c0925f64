"""Renewing a driving licence that ends (驾驶证期满换证).

Sources: 机动车驾驶证申领和使用规定 art. 62-64, 68, 70, 71, 74, 79; 行政许可法 art. 50. The rules are in `rules.driving_licence`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Final

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.identity_numbers import parse
from app.kernel.structs import Line
from app.kernel.words import Words
from app.residents.structs import Resident
from integrations.departments.directory import POLICE
from integrations.departments.driver_health import DRIVER_HEALTH_FORM, DriverHealthForm
from integrations.departments.driving import (
    DRIVER_LICENCE,
    LICENCE_CLASSES,
    RENEW_LICENCE,
    DriverLicence,
    Fen,
    LicenceClass,
    LicenceRenewed,
)
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import BarredNow, NotFitFor
from lifecycle.cases.fields import field
from lifecycle.cases.forms import Approved, Standing
from lifecycle.cases.person_fields import DivisionField, NameField, NumberField, PhoneField, own
from lifecycle.cases.states import Step
from lifecycle.licences.kinds import CERT_DRIVING
from lifecycle.licences.structs import Grant
from lifecycle.licences.structs import Line as LicenceLine
from lifecycle.rules import driving_licence
from lifecycle.rules.ages import full_age
from lifecycle.rules.driving_licence import BARS, Exam, Licence
from lifecycle.rules.parameters import Reading, shipped

LICENCE: Final = Words(zh="现驾驶证", en="The present licence")
HEALTH: Final = Words(zh="身体条件", en="Health")
_FROM_POLICE: Final = Words(zh="来自公安交管部门，无需填写。", en="From the traffic police; nothing to fill in.")
_FROM_HOSPITAL: Final = Words(zh="由体检医院上传，无需填写。", en="The hospital sends it; nothing to fill in.")
_Count = Annotated[int, Meta(ge=0, le=1_000)]


class RenewalForm(msgspec.Struct, frozen=True, kw_only=True):
    """What a renewal needs: the licence and the health form are known, and the citizen declares their health."""

    name: NameField
    id_number: NumberField
    phone: PhoneField
    division_code: DivisionField
    licence_class: Annotated[
        LicenceClass,
        field(
            Words(zh="准驾车型", en="May drive"),
            _FROM_POLICE,
            editable=False,
            section=LICENCE,
            values=LICENCE_CLASSES,
        ),
    ]
    first_issued_on: Annotated[
        date,
        field(Words(zh="初次领证日期", en="First issued on"), _FROM_POLICE, editable=False, section=LICENCE),
    ]
    valid_from: Annotated[
        date, field(Words(zh="有效期起始日期", en="Valid from"), _FROM_POLICE, editable=False, section=LICENCE)
    ]
    expires_on: Annotated[
        date | None,
        field(
            Words(zh="有效期至（空为长期）", en="Ends on (none: for good)"),
            _FROM_POLICE,
            editable=False,
            section=LICENCE,
        ),
    ] = None
    full_in_term: Annotated[
        bool,
        field(
            Words(zh="本有效期内曾记满12分", en="12 points reached in this term"),
            _FROM_POLICE,
            editable=False,
            section=LICENCE,
        ),
    ]
    points: Annotated[
        _Count, field(Words(zh="本周期记分", en="Points in this cycle"), _FROM_POLICE, editable=False, section=LICENCE)
    ]
    unsettled: Annotated[
        _Count,
        field(
            Words(zh="未处理完毕的违法（起）", en="Offences not settled"), _FROM_POLICE, editable=False, section=LICENCE
        ),
    ]
    unsettled_fen: Annotated[
        Fen, field(Words(zh="未缴罚款（分）", en="Fines not paid (fen)"), _FROM_POLICE, editable=False, section=LICENCE)
    ]
    examined_on: Annotated[
        date | None,
        field(Words(zh="体检日期", en="Health checked on"), _FROM_HOSPITAL, editable=False, section=HEALTH),
    ] = None
    examined_at: Annotated[
        Line | None, field(Words(zh="体检机构", en="Checked at"), _FROM_HOSPITAL, editable=False, section=HEALTH)
    ] = None
    fit: Annotated[
        bool | None,
        field(
            Words(zh="体检结论：符合驾驶许可条件", en="The check found you fit to drive"),
            _FROM_HOSPITAL,
            editable=False,
            section=HEALTH,
        ),
    ] = None
    healthy: Annotated[
        bool,
        field(
            Words(zh="本人没有妨碍安全驾驶的疾病", en="I have no illness that makes driving unsafe"),
            Words(
                zh="如器质性心脏病、癫痫、眩晕症、吸毒成瘾未戒除等；隐瞒的，驾驶许可会被撤销。",
                en="Such as heart disease, epilepsy, vertigo or addiction. Hiding one costs the licence.",
            ),
            section=HEALTH,
        ),
    ]


class _Known(msgspec.Struct, frozen=True):
    """What the rules need of a form that may be incomplete."""

    id_number: str
    licence_class: LicenceClass
    valid_from: date
    full_in_term: bool
    points: int
    unsettled: int
    expires_on: date | None = None
    examined_on: date | None = None
    fit: bool | None = None

    @property
    def licence(self) -> Licence:
        return Licence(
            licence_class=self.licence_class,
            valid_from=self.valid_from,
            expires_on=self.expires_on,
            full_in_term=self.full_in_term,
            points=self.points,
            unsettled=self.unsettled,
        )

    @property
    def exam(self) -> Exam | None:
        return None if self.examined_on is None or self.fit is None else Exam(self.examined_on, self.fit)

    @property
    def born_on(self) -> date:
        return parse(self.id_number).birth_date


def _of_licence(told: DriverLicence) -> Mapping[str, Any]:
    names = ("licence_class", "first_issued_on", "valid_from", "expires_on", "full_in_term", "points")
    return {name: getattr(told, name) for name in (*names, "unsettled", "unsettled_fen")}


def _of_health_form(told: DriverHealthForm) -> Mapping[str, Any]:
    return {"examined_on": told.examined_on, "examined_at": told.institution, "fit": told.fit}


def _reading(day: date) -> Reading:
    return shipped().reading(day)


class LicenceRenewal(Application[RenewalForm, LicenceRenewed]):
    """The matter; where licence, fines and health form bear it out, it is granted by rule.

    A case past its day is `overdue`, not granted: law counts a renewal as granted where nothing was decided before the licence *ends*
    (行政许可法 art. 50), which is up to ninety days after the day by which the police promise to decide, and doesn't happen at all
    where it was asked for afterwards. The applicant is told of that right.
    """

    matter_code: ClassVar[str] = "driver_service"
    form = RenewalForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "health"})
    own = own("name", "id_number", "phone", "division_code")
    sources = (Source(DRIVER_LICENCE, _of_licence), Source(DRIVER_HEALTH_FORM, _of_health_form))
    order = RENEW_LICENCE

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse (`NotFitFor`) whoever is too young to drive; everybody renews their own."""
        if citizen.id != person.id:
            raise NotFitFor(reason=Words(zh="驾驶证须由本人申请换证。", en="Everybody renews their own licence."))
        least = _reading(as_of).number("driving.least_age")
        if person.birth_date is not None and full_age(person.birth_date, as_of) < least:
            raise NotFitFor(reason=Words(zh=f"未满{least}周岁。", en=f"Under {least} years of age."))

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """When, for how long and for which class; and what bars it."""
        try:
            known = msgspec.convert(dict(given), _Known)
        except msgspec.ValidationError:
            return ()
        return driving_licence.explained(known.licence, known.exam, known.born_on, _reading(clock.local(as_of).date()))

    def problems(self, form: RenewalForm) -> Iterable[FieldProblem]:
        """Refuse who declares an illness; they hand the licence in instead."""
        if not form.healthy:
            yield FieldProblem("/form/healthy", "must_be_so", "only who is fit to drive has a licence renewed")

    def problems_on(self, form: RenewalForm, as_of: date) -> Iterable[FieldProblem]:
        """Refuse a licence that holds for good, isn't renewed yet, or is cancelled already."""
        match driving_licence.standing(_known(form).licence, _reading(as_of)):
            case "for_good":
                yield FieldProblem("/form/expires_on", "for_good", "the licence has no end")
            case "too_early":
                yield FieldProblem("/form/expires_on", "too_early", "it isn't time to renew; see the notes")
            case "cancelled":
                yield FieldProblem("/form/expires_on", "cancelled", "the licence ended too long ago; see the notes")

    def allow(self, step: Step, standing: Standing) -> None:
        """Refuse (`BarredNow`) to approve what the review doesn't pass, by the day on which the case was accepted."""
        if step is not Step.APPROVE:
            return
        known = msgspec.convert(standing.values, _Known)
        for bar in driving_licence.bars(known.licence, known.exam, _reading(standing.accepted_on or clock.today())):
            raise BarredNow(reason=BARS[bar])

    def decides_itself(self, form: RenewalForm) -> bool:
        """Grant at once where nothing bars it; a class that ends with age is taken away by an officer only."""
        known, reading = _known(form), _reading(clock.today())
        kept = driving_licence.class_at(form.licence_class, known.born_on, reading) == form.licence_class
        return kept and not any(driving_licence.bars(known.licence, known.exam, reading))

    def parts(self, form: RenewalForm) -> Mapping[str, Any]:
        """Which licence, by its end, and for which class from now on."""
        then = driving_licence.class_at(form.licence_class, _known(form).born_on, _reading(clock.today()))
        return {"expires_on": form.expires_on, "licence_class": then}

    def grants(self, approved: Approved, person: Resident, told: LicenceRenewed) -> Iterable[Grant]:
        """The electronic licence (电子驾驶证), for as long as the police say."""
        form = msgspec.convert(approved.values, RenewalForm)
        until = "长期" if told.expires_on is None else told.expires_on.isoformat()
        yield Grant(
            type_code=CERT_DRIVING,
            replaces=(CERT_DRIVING,),
            holder_id=person.id,
            department=POLICE,
            valid_to=told.expires_on,
            lines=(
                LicenceLine(Words(zh="姓名", en="Name"), form.name),
                LicenceLine(Words(zh="证号", en="Licence no."), form.id_number),
                LicenceLine(Words(zh="准驾车型", en="Class"), told.licence_class),
                LicenceLine(Words(zh="初次领证日期", en="First issued on"), told.first_issued_on.isoformat()),
                LicenceLine(Words(zh="有效期起始日期", en="Valid from"), told.valid_from.isoformat()),
                LicenceLine(Words(zh="有效期至", en="Valid until"), until),
            ),
            case_id=approved.applying.case_id,
            case_number=approved.number,
        )


def _known(form: RenewalForm) -> _Known:
    return msgspec.convert(form, _Known, from_attributes=True)
