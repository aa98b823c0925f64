"""Refusals of this room."""

from app.kernel.errors import BadGateway, BadRequest, NotFound, TooMany, Unauthorized, Unavailable, Unprocessable
from app.kernel.words import Words


class CsrUnreadable(BadRequest):
    """What was sent isn't a certificate signing request (PKCS #10, RFC 2986)."""

    code = "csr_unreadable"
    title = Words(zh="无法读取证书请求。", en="The certificate signing request can't be read.")


class KeyNotAllowed(Unprocessable):
    """The key isn't on the curve P-256."""

    code = "key_not_allowed"
    title = Words(zh="只接受 P-256 椭圆曲线密钥。", en="Only P-256 keys are accepted.")


class PossessionNotProved(Unprocessable):
    """The request wasn't signed by the key that it brings, or with too weak a digest."""

    code = "possession_not_proved"
    title = Words(
        zh="证书请求的签名无效，未能证明持有私钥。", en="The request's signature doesn't prove possession of the key."
    )


class AuthorityRequested(Unprocessable):
    """The request asks for a certificate that could issue others."""

    code = "authority_requested"
    title = Words(zh="不可申请签发机构证书。", en="A certificate authority can't be requested here.")


class CertificateUnreadable(BadRequest):
    """What was sent isn't an X.509 certificate."""

    code = "certificate_unreadable"
    title = Words(zh="无法读取证书。", en="The certificate can't be read.")


class CertificateNotTrusted(Unauthorized):
    """The chain doesn't lead to our root, or names or uses don't fit."""

    code = "certificate_not_trusted"
    title = Words(zh="证书不受信任。", en="The certificate isn't trusted.")


class CertificateExpired(Unauthorized):
    """The certificate isn't valid at that time."""

    code = "certificate_expired"
    title = Words(zh="证书不在有效期内。", en="The certificate isn't valid at this time.")


class CertificateOfAnotherKind(Unauthorized):
    """The certificate is ours, and for something else."""

    code = "certificate_of_another_kind"
    title = Words(zh="证书用途不符。", en="The certificate is for another use.")


class CertificateRevoked(Unauthorized):
    """The certificate was revoked."""

    code = "certificate_revoked"
    title = Words(zh="证书已被吊销。", en="The certificate was revoked.")


class CertificateUnknown(NotFound):
    """No certificate of that serial number was issued."""

    code = "certificate_unknown"
    title = Words(zh="没有签发过该证书。", en="No such certificate was issued.")


class NameNotAllowed(Unprocessable):
    """The label can't be part of a certificate's name."""

    code = "certificate_name_not_allowed"
    title = Words(zh="证书名称不合规范。", en="The name can't stand in a certificate.")


class AuthorityUnknown(NotFound):
    """There is no authority of that name."""

    code = "authority_unknown"
    title = Words(zh="没有该签发机构。", en="There is no such authority.")


class AuthoritiesMissing(Unavailable):
    """The authorities were never set up on this machine."""

    code = "authorities_missing"
    title = Words(zh="证书机构尚未初始化。", en="The certificate authorities aren't set up.")


class CharacterNotDrawable(Unprocessable):
    """The document's font lacks a character; a document never drops one silently."""

    code = "character_not_drawable"
    title = Words(zh="文档字体缺少所需字符。", en="The document's font lacks a character that is needed.")


class DocumentNotMade(BadGateway):
    """The typesetter or the signer failed on this document."""

    code = "document_not_made"
    title = Words(zh="文档生成失败。", en="The document couldn't be made.")


class NothingToVerify(Unprocessable):
    """Nothing registered here can check what was shown."""

    code = "nothing_to_verify"
    title = Words(zh="无法核验所提交的内容。", en="Nothing here can check what was shown.")


class VerifiedTooOften(TooMany):
    """Too much was verified from this network; `retry_after_seconds` says when to go on."""

    code = "verified_too_often"
    title = Words(zh="核验过于频繁，请稍后再试。", en="Too much was verified from here; please wait.")
