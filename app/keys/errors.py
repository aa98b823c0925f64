"""Refusals about signed messages and sealed values.

The message refusals are one per reason, so that whoever writes a client can see which rule their message broke.
"""

from typing import Final

from app.kernel.errors import BadRequest, Conflict, Refusal, Unauthorized
from app.kernel.words import Words


class SignatureMissing(Unauthorized):
    """The message carries no signature."""

    code = "signature_missing"
    title = Words(zh="请求没有签名。", en="The message isn't signed.")


class SignatureMalformed(BadRequest):
    """A signature field isn't written as the profile asks; `field` names it."""

    code = "signature_malformed"
    title = Words(zh="签名格式不符合规范。", en="A signature field isn't written as the profile asks.")


class SignatureOfAnotherProfile(Unauthorized):
    """The signature's tag belongs to another use; `expected_tag` is this one's."""

    code = "signature_of_another_profile"
    title = Words(zh="签名用途不符。", en="The signature was made for another use.")


class SignatureNotCovering(Unauthorized):
    """The signature leaves out what it must cover, or covers something else."""

    code = "signature_not_covering"
    title = Words(zh="签名未覆盖规定的内容。", en="The signature doesn't cover exactly what it must.")


class SignatureTooOld(Unauthorized):
    """The signature was made too long ago."""

    code = "signature_too_old"
    title = Words(zh="签名已过期。", en="The signature is too old.")


class SignatureFromFuture(Unauthorized):
    """The signature is dated later than the clocks may differ."""

    code = "signature_from_future"
    title = Words(
        zh="签名时间晚于当前时间，请校准时钟。", en="The signature is dated in the future; please set the clock."
    )


class SignatureAlgorithmWrong(Unauthorized):
    """The signature names another algorithm than its key has."""

    code = "signature_algorithm_wrong"
    title = Words(zh="签名算法与密钥不符。", en="The signature names another algorithm than its key has.")


class DigestMismatch(BadRequest):
    """The body isn't the one that was digested."""

    code = "digest_mismatch"
    title = Words(zh="内容与摘要不符。", en="The body doesn't match its digest.")


class KeyUnknown(Unauthorized):
    """No key of that name may sign here."""

    code = "key_unknown"
    title = Words(zh="未知的签名密钥。", en="The signing key isn't known here.")


class SignatureWrong(Unauthorized):
    """The signature wasn't made by that key over this message."""

    code = "signature_wrong"
    title = Words(zh="签名验证失败。", en="The signature doesn't hold.")


class NonceReplayed(Conflict):
    """The signed message was received before."""

    code = "nonce_replayed"
    title = Words(zh="该请求已被接收，请重新签名。", en="This signed message was received before; sign it anew.")


SIGNATURE_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    SignatureMissing,
    SignatureMalformed,
    SignatureOfAnotherProfile,
    SignatureNotCovering,
    SignatureTooOld,
    SignatureFromFuture,
    SignatureAlgorithmWrong,
    DigestMismatch,
    KeyUnknown,
    SignatureWrong,
    NonceReplayed,
)
"""Everything a route that takes signed requests can refuse because of the signature."""
