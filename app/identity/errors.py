"""Refusals of this room."""

from app.kernel.errors import Conflict, Forbidden, NotFound, TooMany, Unauthorized, Unprocessable
from app.kernel.words import Words


class TokenWrong(Unauthorized):
    """The access token isn't one of ours, or was made for something else."""

    code = "token_wrong"
    title = Words(zh="登录凭证无效，请重新登录。", en="The access token isn't valid; please sign in again.")


class TokenExpired(Unauthorized):
    """The access token has run out; a refresh gives a new one."""

    code = "token_expired"
    title = Words(zh="登录凭证已过期。", en="The access token has expired.")


class SessionOver(Unauthorized):
    """The session was ended, has run out, or its device was removed."""

    code = "session_over"
    title = Words(zh="登录已失效，请重新登录。", en="This session is over; please sign in again.")


class ProofMissing(Unauthorized):
    """The token is bound to a key, and came without a proof of it (RFC 9449)."""

    code = "dpop_missing"
    title = Words(zh="缺少密钥持有证明。", en="The proof of possession is missing.")


class ProofWrong(Unauthorized):
    """The proof of possession doesn't hold for this request; `flaw` says why."""

    code = "dpop_wrong"
    title = Words(zh="密钥持有证明无效。", en="The proof of possession doesn't hold.")


class NonceNeeded(Unauthorized):
    """The proof must carry the nonce that the answer's `DPoP-Nonce` gives (RFC 9449, section 9); ask again with it."""

    code = "use_dpop_nonce"
    title = Words(zh="请使用新的随机数重新证明。", en="The proof needs the nonce given with this answer.")
    challenge = 'DPoP error="use_dpop_nonce", algs="ES256"'


class RefreshTokenWrong(Unauthorized):
    """The refresh token isn't one of ours, or its session is over."""

    code = "refresh_token_wrong"
    title = Words(zh="登录已失效，请重新登录。", en="This refresh token isn't valid; please sign in again.")


class RefreshTokenReused(Unauthorized):
    """The refresh token was used before: whoever holds its session loses it."""

    code = "refresh_token_reused"
    title = Words(
        zh="检测到凭证被重复使用，该登录已终止。", en="This refresh token was used before; its session was ended."
    )


class CodeWrong(Unprocessable):
    """The one-time code isn't right; `tries_left` says how often it may be tried yet."""

    code = "code_wrong"
    title = Words(zh="验证码错误。", en="The code isn't right.")


class CodeSpent(Unprocessable):
    """The one-time code was used, tried too often, or has run out."""

    code = "code_spent"
    title = Words(zh="验证码已失效，请重新获取。", en="This code is no longer valid; please ask for a new one.")


class TriedTooOften(TooMany):
    """Asked for too often; `retry_after_seconds` says when it may be asked again."""

    code = "tried_too_often"
    title = Words(zh="操作过于频繁，请稍后再试。", en="Too many tries; please wait.")


class IdentityMismatch(Unprocessable):
    """The police know no living person of this name and number."""

    code = "identity_mismatch"
    title = Words(zh="姓名与身份号码不匹配。", en="Name and identity number don't belong together.")


class TooYoung(Forbidden):
    """Under 14 a guardian acts (个人信息保护法 art. 31)."""

    code = "under_14"
    title = Words(zh="未满十四周岁，请由监护人办理。", en="Under the age of 14 a guardian acts.")


class GuardianNeeded(Forbidden):
    """A minor of whom no guardian is known can't bind themselves (民法典 art. 19).

    `ways`: consent to asking the police's register for the household, which names parents; or a counter, where civil affairs says who
    is guardian.
    """

    code = "guardian_needed"
    title = Words(
        zh="未满十八周岁且尚无监护人信息，暂不能办理。",
        en="Under the age of 18 this takes a guardian, and none of yours is known yet.",
    )


class RealNameFixed(Conflict):
    """The account has proved another name already."""

    code = "real_name_fixed"
    title = Words(zh="该账户已完成实名认证。", en="This account has proved another identity already.")


class FaceMismatch(Unprocessable):
    """The face isn't that of the account's owner, or its token has run out."""

    code = "face_mismatch"
    title = Words(zh="人脸核验未通过。", en="The face check didn't pass.")


class AccountIsYours(Conflict):
    """Only a session that hasn't proved the account's name can say that the account is somebody else's."""

    code = "account_is_yours"
    title = Words(zh="该账户属于您本人。", en="This account is your own.")


class SignInTooOld(Forbidden):
    """It takes a session that was opened by a code a few minutes ago: sign in again."""

    code = "sign_in_too_old"
    title = Words(zh="请重新用验证码登录后再操作。", en="Please sign in again by a code, and do this right then.")


class NothingToRecover(Conflict):
    """No account has this identity number: prove your name, and it is this account's."""

    code = "nothing_to_recover"
    title = Words(zh="没有需要找回的账户，请直接实名认证。", en="No account has this number; prove your name instead.")


class ChallengeWrong(Unprocessable):
    """The challenge was used, has run out, or was given to somebody else."""

    code = "challenge_wrong"
    title = Words(zh="挑战值无效或已过期。", en="This challenge isn't valid any more.")


class SignInRefused(Unauthorized):
    """The signature, the code or the name doesn't hold; which one isn't said."""

    code = "sign_in_refused"
    title = Words(zh="登录失败，请核对后重试。", en="Signing in failed; please check and try again.")


class DeviceUnknown(NotFound):
    """The citizen has no such device."""

    code = "device_unknown"
    title = Words(zh="未找到该设备。", en="There is no such device.")


class SessionUnknown(NotFound):
    """The citizen has no such open session."""

    code = "session_unknown"
    title = Words(zh="未找到该登录。", en="There is no such session.")


class TooManyDevices(Conflict):
    """A citizen has at most `limit` devices."""

    code = "too_many_devices"
    title = Words(zh="绑定设备数量已达上限。", en="No more devices can be enrolled.")


class TooManyNewDevices(TooMany):
    """Enough new devices for one day; `retry_after_seconds` says when the next may come."""

    code = "too_many_new_devices"
    title = Words(zh="今日绑定的新设备过多，请稍后再试。", en="Too many new devices today; please wait.")


class TerminalClosed(Forbidden):
    """The terminal may not be used any more, or its certificate has ended."""

    code = "terminal_closed"
    title = Words(zh="该终端已停用或证书已过期。", en="This terminal is closed or its certificate has ended.")


class TerminalRenewed(Conflict):
    """Another key has taken over; the request must be signed with that one. `keyid` names it."""

    code = "terminal_renewed"
    title = Words(zh="该终端已换用新密钥，请使用新密钥签名。", en="This terminal has a newer key; sign with that one.")


class KeyNotNew(Unprocessable):
    """A renewal brings a new key, and this is one that the terminal has."""

    code = "key_not_new"
    title = Words(zh="续期须使用新密钥。", en="A renewal takes a new key.")
