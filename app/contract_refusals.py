"""What the contract says about refusals that no endpoint names itself: they follow from what it asks for, or lie behind it."""

from typing import Final

from app.identity.delegation_errors import ActingForWrong, GuardianshipEnded, NotForOthers, PowerUnknown
from app.identity.errors import (
    NonceNeeded,
    ProofMissing,
    ProofWrong,
    SessionOver,
    TerminalClosed,
    TokenExpired,
    TokenWrong,
)
from app.identity.freeze_errors import IdentityFrozen
from app.kernel.actors import PowerLacksScope
from app.kernel.errors import Refusal, TooLarge, Unauthorized, UnsupportedMedia
from app.kernel.idempotency import IdempotencyKeyReused, IdempotencyKeyWrong, StillRunning
from app.kernel.problems import BodyTooSlow, BodyUnreadable, BodyWrong
from app.keys.errors import SIGNATURE_REFUSALS
from app.pki.errors import CertificateUnreadable
from integrations.exchange.errors import DEPARTMENT_REFUSALS
from integrations.sms import errors as sms
from integrations.wechat.errors import WECHAT_REFUSALS
from integrations.wechat_pay import errors as pay
from lifecycle.birth.antenatal_calculator import PregnancyDaysImpossible
from lifecycle.birth.errors import ChildAlreadyRegistered, NotANewborn, NotTheGuardian
from lifecycle.catalogue.errors import MatterUnknown
from lifecycle.housing.calculators import TermTooLong
from lifecycle.housing.tax_calculator import SoldBeforeHeld
from lifecycle.living.electricity_calculator import TimesOverTotal
from lifecycle.marriage.errors import RelatedTooClosely
from lifecycle.medical.calculators import PartsOverTotal
from lifecycle.rules.income_tax import HomeCountedTwice
from lifecycle.travel.points_calculator import OffenceUnknown
from lifecycle.work.startup_calculator import LoanTooLong

_SIGNED_IN: Final = (Unauthorized, TokenWrong, TokenExpired, SessionOver, ProofMissing, ProofWrong)
IMPLIED: Final[dict[str, tuple[type[Refusal], ...]]] = {
    "citizen": (*_SIGNED_IN, IdentityFrozen, NotForOthers),
    "officer": _SIGNED_IN,
    "terminal": (*SIGNATURE_REFUSALS, TerminalClosed),
    "proved_key": (ProofWrong,),
    "once": (IdempotencyKeyWrong, IdempotencyKeyReused, StillRunning),
    "data": (BodyUnreadable, BodyWrong, BodyTooSlow, TooLarge, UnsupportedMedia),
    "police": DEPARTMENT_REFUSALS,
    "health": DEPARTMENT_REFUSALS,
    "sms": (
        *(sms.SmsPhoneInvalid, sms.SmsPhoneBlocked, sms.SmsTooFrequent),
        *(sms.SmsTextNotAllowed, sms.SmsSetUpWrong, sms.SmsOutcomeUnknown, sms.SmsUnavailable),
    ),
    "wechat": WECHAT_REFUSALS,
    "payments": (
        *(pay.PaymentChannelUnavailable, pay.PaymentTooFrequent, pay.PaymentRefused, pay.PaymentOrderNumberUsed),
        *(pay.PaymentRequestWrong, pay.PaymentSignatureRefused, pay.PaymentAnswerUntrusted),
    ),
}
"""What asking for something by that name can be refused with."""
FOR_OTHERS: Final = (ActingForWrong, PowerUnknown, PowerLacksScope, GuardianshipEnded)
"""What an operation that serves a delegate or guardian can be refused with, besides."""
BY_OPERATION: Final[dict[str, tuple[type[Refusal], ...]]] = {
    "startTopUp": (NonceNeeded,),
    "payMerchant": (NonceNeeded,),
    "openCase": (MatterUnknown, NotTheGuardian, ChildAlreadyRegistered, NotANewborn),
    "approveCase": (RelatedTooClosely,),
    "calculateMatter": (
        HomeCountedTwice,
        TermTooLong,
        SoldBeforeHeld,
        PartsOverTotal,
        OffenceUnknown,
        TimesOverTotal,
        PregnancyDaysImpossible,
        LoanTooLong,
    ),
    "submitCase": (CertificateUnreadable,),
    "answerCorrection": (CertificateUnreadable,),
}
"""What higher or lower rooms refuse behind an operation whose room can't name it."""
