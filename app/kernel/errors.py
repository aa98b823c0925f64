"""Refusals: what the product answers when it won't.

The tree: `Refusal` → one kind per HTTP status → one class per reason, owned by the room that refuses. A reason has a
`code` that is unique in the product, a title in both languages, and facts that a client can act on.
"""

from typing import ClassVar

import msgspec

from app.kernel.words import Words


class FieldProblem(msgspec.Struct, frozen=True):
    """One bad field: a JSON pointer (RFC 6901), a code and a text."""

    pointer: str
    code: str
    message: str


class Refusal(Exception):  # noqa: N818 - refusals are named as facts
    """Something asked for is refused; `facts` are shown to the caller."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "refused"
    title: ClassVar[Words] = Words(zh="无法办理。", en="This can't be done.")

    def __init__(self, *, errors: tuple[FieldProblem, ...] = (), **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts
        self.errors = errors


class BadRequest(Refusal):
    """The request can't be read."""

    status = 400
    code = "bad_request"
    title = Words(zh="无法读取请求。", en="The request can't be read.")


class Unauthorized(Refusal):
    """Nobody is signed in, or the proof of it doesn't hold."""

    status = 401
    challenge: ClassVar[str] = 'DPoP algs="ES256", Bearer'
    """What `WWW-Authenticate` asks for (RFC 9110, 11.6.1)."""
    code = "not_signed_in"
    title = Words(zh="请先登录。", en="Please sign in first.")


class Forbidden(Refusal):
    """The caller is known and may not."""

    status = 403
    code = "forbidden"
    title = Words(zh="您没有此项权限。", en="You may not do this.")


class NotFound(Refusal):
    """It doesn't exist, or it isn't the caller's."""

    status = 404
    code = "not_found"
    title = Words(zh="未找到。", en="Nothing was found here.")


class Conflict(Refusal):
    """The present state doesn't allow it."""

    status = 409
    code = "conflict"
    title = Words(zh="当前状态不允许此操作。", en="The present state doesn't allow this.")


class PreconditionFailed(Refusal):
    """Somebody changed it in between (`If-Match`)."""

    status = 412
    code = "changed_meanwhile"
    title = Words(zh="内容已被修改，请刷新后再试。", en="It was changed meanwhile; please load it again.")


class TooLarge(Refusal):
    """More bytes than allowed."""

    status = 413
    code = "too_large"
    title = Words(zh="内容过大。", en="The content is too large.")


class UnsupportedMedia(Refusal):
    """A content type that isn't taken here."""

    status = 415
    code = "unsupported_media_type"
    title = Words(zh="不支持的内容类型。", en="This content type isn't taken here.")


class Unprocessable(Refusal):
    """The request was read, and says something that can't be."""

    status = 422
    code = "unprocessable"
    title = Words(zh="内容有误。", en="The content can't be right.")


class Quota(msgspec.Struct, frozen=True):
    """A limit as the headers `RateLimit` and `RateLimit-Policy` name it (draft-ietf-httpapi-ratelimit-headers)."""

    name: str
    times: int
    window_seconds: int


class TooMany(Refusal):
    """Too often; `retry_after_seconds` says when to try again, `quota` which limit was reached, where it has a name."""

    status = 429
    code = "too_many_requests"
    title = Words(zh="操作过于频繁，请稍后再试。", en="Too many requests; please try again later.")

    def __init__(self, *, retry_after_seconds: int, quota: Quota | None = None, **facts: object) -> None:
        super().__init__(errors=(), **(facts | {"retry_after_seconds": retry_after_seconds}))
        self.retry_after_seconds = retry_after_seconds
        self.quota = quota


class BadGateway(Refusal):
    """An outside party answered something that can't be trusted."""

    status = 502
    code = "outside_answer_wrong"
    title = Words(zh="外部系统返回异常。", en="An outside system answered wrongly.")


class Unavailable(Refusal):
    """Not now; `retry_after_seconds` says when to try again."""

    status = 503
    code = "unavailable"
    title = Words(zh="服务暂不可用，请稍后再试。", en="Not available right now; please try again later.")

    def __init__(self, *, retry_after_seconds: int = 5, **facts: object) -> None:
        super().__init__(errors=(), **(facts | {"retry_after_seconds": retry_after_seconds}))
        self.retry_after_seconds = retry_after_seconds
