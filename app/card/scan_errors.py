"""Refusals of paying by a merchant's code."""

from app.kernel.errors import Conflict, NotFound, Unprocessable
from app.kernel.words import Words


class MerchantCodeWrong(Unprocessable):
    """The code isn't well formed, or not as it was issued; `flaw` says in what (`emvco.Flaw`), `object` where."""

    code = "merchant_code_wrong"
    title = Words(zh="商户码有误，请重新扫描。", en="This merchant's code is damaged; please scan it again.")


class MerchantCodeForeign(Unprocessable):
    """A code of another payment network, or no merchant's code at all."""

    code = "merchant_code_foreign"
    title = Words(zh="这不是市民卡的商户码。", en="This isn't the code of a merchant who takes the citizen card.")


class MerchantCodeUnknown(NotFound):
    """The code names our network, but we never issued it."""

    code = "merchant_code_unknown"
    title = Words(zh="该商户码不是我们签发的，请勿付款。", en="We never issued this code; don't pay by it.")


class MerchantCodeStopped(Conflict):
    """The code was withdrawn."""

    code = "merchant_code_stopped"
    title = Words(zh="该商户码已停用。", en="This merchant's code was withdrawn.")


class MerchantCodePaid(Conflict):
    """The code's bill is paid."""

    code = "merchant_code_paid"
    title = Words(zh="该账单已支付。", en="This bill was paid already.")


class AmountMissing(Unprocessable):
    """The code leaves the amount to the payer, who named none."""

    code = "amount_missing"
    title = Words(zh="请输入支付金额。", en="Please say how much you pay.")


class AmountDiffers(Unprocessable):
    """The code names another amount than the payer: `amount_fen`."""

    code = "amount_differs"
    title = Words(zh="金额与商户码不一致。", en="The amount isn't the one of this code.")


class MerchantUnknown(NotFound):
    """No such merchant is known."""

    code = "merchant_unknown"
    title = Words(zh="没有该商户。", en="There is no such merchant.")


class ReferenceUsed(Conflict):
    """The merchant has a code for this bill already."""

    code = "reference_used"
    title = Words(zh="该账单已有商户码。", en="This bill has a code already.")
