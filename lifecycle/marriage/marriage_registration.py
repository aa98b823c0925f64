"""Registering a marriage (结婚登记): filled in from home, accepted and registered on the spot once both have come.

Sources: 民法典 art. 1046-1049, 1053; 婚姻登记条例 (2025) art. 6, 8, 10.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from app.residents.directory import find_by_id_number
from app.residents.marriages import descents, marry
from app.residents.structs import Resident
from integrations.departments.marriages import (
    MARITAL,
    MARRIAGE,
    REGISTER_MARRIAGE,
    CoupleRegistered,
    MaritalCode,
    MarriageRecord,
)
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import NotFitFor, TooEarlyToDecide
from lifecycle.cases.fields import field
from lifecycle.cases.forms import Applying, Approved, Standing
from lifecycle.cases.person_fields import PERSON, NameField, NumberField, PhoneField, own
from lifecycle.cases.states import Step
from lifecycle.licences.kinds import CERT_MARRIAGE
from lifecycle.licences.structs import Grant
from lifecycle.marriage.couple_fields import (
    BOTH_COME,
    DECLARED,
    FREE,
    PartnerNameField,
    PartnerNumberField,
    RegistryField,
    certificates,
    district_of,
    number_problems,
    the_two,
)
from lifecycle.marriage.errors import RelatedTooClosely
from lifecycle.rules.marriage_eligibility import (
    KINSHIPS,
    Parent,
    Party,
    barred_kinship,
    both_marriageable_on,
    marriageable_on,
    party,
)
from lifecycle.rules.parameters import Reading, shipped

MARRIED: Final = "20"
_DECLARATIONS: Final = ("free_will", "no_spouse", "not_related", "illness_told")


class MarriageForm(msgspec.Struct, frozen=True, kw_only=True):
    """What both need to be registered."""

    name: NameField
    id_number: NumberField
    marital_code: Annotated[
        MaritalCode | None,
        field(
            Words(zh="婚姻状况", en="Marital status"),
            Words(zh="来自民政部门的婚姻登记，无需填写。", en="From the register of marriages; nothing to fill in."),
            editable=False,
            section=PERSON,
            values=MARITAL,
        ),
    ] = None
    phone: PhoneField
    partner_name: PartnerNameField
    partner_id_number: PartnerNumberField
    registry_code: RegistryField
    free_will: Annotated[
        bool,
        field(
            Words(zh="双方完全自愿结婚", en="We both marry of our own free will"),
            Words(
                zh="不允许任何一方对另一方强迫，禁止任何人干涉（民法典第一千零四十六条）。",
                en="Nobody may force or interfere (Civil Code, art. 1046).",
            ),
            section=DECLARED,
        ),
    ]
    no_spouse: Annotated[
        bool,
        field(
            Words(zh="本人没有配偶", en="I have no spouse"),
            Words(zh="包括在境外登记的婚姻。", en="A marriage registered abroad counts too."),
            section=DECLARED,
        ),
    ]
    not_related: Annotated[
        bool,
        field(
            Words(
                zh="双方没有直系血亲和三代以内旁系血亲关系",
                en="We aren't related in the direct line, nor as collaterals within three generations",
            ),
            Words(
                zh="兄弟姐妹、叔侄、舅甥、表（堂）兄妹之间不能结婚。",
                en="Siblings, uncle and niece, first cousins may not marry.",
            ),
            section=DECLARED,
        ),
    ]
    illness_told: Annotated[
        bool,
        field(
            Words(
                zh="患有重大疾病的，已如实告知对方；没有重大疾病的也请勾选",
                en="If I'm seriously ill, I've told the other; tick it if I'm not",
            ),
            Words(
                zh="不影响登记；不如实告知的，对方可以请求撤销婚姻（民法典第一千零五十三条）。",
                en="It's no bar; but untold, the other may have the marriage annulled (Civil Code, art. 1053).",
            ),
            section=DECLARED,
        ),
    ]


def _of_record(told: MarriageRecord) -> Mapping[str, Any]:
    return {"marital_code": told.marital_code}


class MarriageRegistration(Application[MarriageForm, CoupleRegistered]):
    """The matter: nobody is registered whom the registry hasn't seen, with the other."""

    matter_code: ClassVar[str] = "marriage_registration"
    form = MarriageForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "family"})
    own = MappingProxyType({**own("name", "id_number", "phone"), "registry_code": district_of})
    sources = (Source(MARRIAGE, _of_record),)
    order = REGISTER_MARRIAGE
    in_person: ClassVar[frozenset[Step]] = frozenset({Step.ACCEPT})

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse (`NotFitFor`) whoever is too young today; everybody marries for themselves."""
        if citizen.id != person.id or citizen.acting is not None:
            raise NotFitFor(reason=Words(zh="结婚登记须由本人申请。", en="Everybody marries for themselves."))
        one = party(person.id_number or "")
        first = None if one is None else marriageable_on(one, _law(as_of))
        if first is not None and as_of < first:
            raise NotFitFor(
                reason=Words(
                    zh=f"未到法定婚龄，{first.isoformat()}起可以登记。",
                    en=f"Too young to marry: from {first.isoformat()} on.",
                )
            )

    def division(self, given: Mapping[str, Any]) -> str | None:
        """The registry."""
        return given.get("registry_code")

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """Who comes, from when both are old enough, what is checked where, and that it is free."""
        both = _parties(given)
        first = None if both is None else both_marriageable_on(*both, _law(clock.local(as_of).date()))
        if first is not None and clock.local(as_of).date() < first:
            yield Words(
                zh=f"按所填身份号码，双方于{first.isoformat()}起均达到法定婚龄，之前不能登记。",
                en=f"By the numbers given, both are old enough from {first.isoformat()} on, and not before.",
            )
        yield BOTH_COME
        yield Words(
            zh="对方的身份和婚姻状况由登记机关当场查验，这里不显示。登记员：双方到场并核对身份证后再受理。",
            en="The other's identity and marital status are checked at the registry and not shown here. Officer: accept once you "
            "have seen both with their cards.",
        )
        yield FREE

    def problems(self, form: MarriageForm) -> Iterable[FieldProblem]:
        """Refuse who has a spouse, a couple that isn't a man and a woman, oneself, and what isn't declared."""
        if form.marital_code == MARRIED:
            yield FieldProblem("/form/marital_code", "has_spouse", "the register has you as married")
        yield from number_problems(form.id_number, form.partner_id_number)
        one, other = party(form.id_number), party(form.partner_id_number)
        if one and other and one.sex == other.sex and form.id_number.upper() != form.partner_id_number.upper():
            yield FieldProblem("/form/partner_id_number", "not_man_and_woman", "a marriage is of a man and a woman")
        for name in _DECLARATIONS:
            if not getattr(form, name):
                yield FieldProblem(f"/form/{name}", "must_be_so", "nobody is registered otherwise")

    def allow(self, step: Step, standing: Standing) -> None:
        """Refuse (`TooEarlyToDecide`) to accept or register before both are old enough."""
        both = _parties(standing.values)
        if step not in {Step.ACCEPT, Step.APPROVE} or both is None:
            return
        first = both_marriageable_on(*both, _law(clock.today()))
        if clock.today() < first:
            raise TooEarlyToDecide(from_on=first.isoformat())

    async def look_into(self, applying: Applying, given: Mapping[str, Any]) -> None:
        """Refuse (`RelatedTooClosely`) kin, as far as the portal knows of their parents; of that only the officer hears."""
        partner_id = await find_by_id_number(str(given["partner_id_number"]))
        if partner_id is None:
            return
        parents: defaultdict[Hashable, tuple[Parent, ...]] = defaultdict(tuple)
        for one in await descents((applying.subject_id, partner_id)):
            parents[one.child_id] += (Parent(one.parent_id, one.adoptive),)
        kinship = barred_kinship(applying.subject_id, partner_id, parents, _law(clock.today()))
        if kinship is not None:
            raise RelatedTooClosely(kinship=KINSHIPS[kinship])

    def parts(self, form: MarriageForm) -> Mapping[str, Any]:
        """What the register enters."""
        return {
            "partner_name": form.partner_name,
            "partner_id_number": form.partner_id_number.upper(),
            "registry_code": form.registry_code,
        }

    async def settle(self, approved: Approved, person: Resident, told: CoupleRegistered) -> tuple[Grant, ...]:
        """Write that they are each other's spouse, and give the certificates: the other's, if they are known here."""
        form = msgspec.convert(approved.values, MarriageForm)
        partner_id = await find_by_id_number(form.partner_id_number)
        if partner_id is not None:
            await marry(person.id, partner_id, told.registered_on)
        two = the_two(person, form.name, (partner_id, form.partner_name, form.partner_id_number.upper()))
        return certificates(CERT_MARRIAGE, approved, told, two)


def _parties(given: Mapping[str, Any]) -> tuple[Party, Party] | None:
    one, other = party(given.get("id_number", "")), party(given.get("partner_id_number", ""))
    return None if one is None or other is None else (one, other)


def _law(as_of: date) -> Reading:
    return shipped().reading(as_of)
