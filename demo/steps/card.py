"""The citizen card: opened, topped up through WeChat Pay, paid with at a terminal that signs; nothing is booked twice."""

import secrets
from datetime import UTC, datetime
from typing import Any, Final

from demo import receipts
from demo.certificates import Trust
from demo.keys import Key
from demo.officers import SignedIn
from demo.report import require
from demo.scene import Mother, Scene, everything
from demo.terminals import Payment, Terminal
from demo.web import eventually, good, refused

PRICE_FEN: Final = 1250
_IN_HAND_FEN: Final = 2000
_BACK_FEN: Final = 250
SCANNED_FEN: Final = 300
_KEEPER: Final = "SMK-4001"
_OPENID: Final = "fuhai-demo-openid"


def open_and_top_up(scene: Scene, trust: Trust, mother: Mother) -> dict[str, Any]:
    """Open the card and put money on it, so that there are twenty yuan; gives the card."""
    scene.report.part("市民卡", "The citizen card")
    with scene.report.step("开通市民卡", "The card is open") as step:
        card: dict[str, Any] = scene.portal.post("/v1/card", mother.holder)
        again = scene.portal.post("/v1/card", mother.holder)
        require(again["id"] == card["id"], "opening it again gave another card")
        step.proves(
            f"card {card['number']}, {card['balance_fen'] / 100:.2f} yuan; opening it again gives the same card"
        )
    with scene.report.step("微信支付充值", "Topped up through WeChat Pay") as step:
        amount = max(PRICE_FEN, _IN_HAND_FEN - card["balance_fen"])
        body = {"amount_fen": amount, "channel": "wechat_pay", "payer_openid": _OPENID}
        order = scene.portal.post("/v1/card/top-ups", mother.holder, body)
        require(order["prepay"] and order["state"] == "awaiting", f"the order can't be paid: {order['state']}")
        require(_balance(scene, mother) == card["balance_fen"], "money arrived before it was paid")
        scene.city.confirm_payment(order["order_number"])
        paid = eventually("the money", lambda: _paid(scene, mother, order["id"]))
        require(_balance(scene, mother) == card["balance_fen"] + amount, "the balance isn't what was put on the card")
        said = receipts.check(_receipt(scene, mother, paid["transaction_id"]), trust)
        require(said["amount_fen"] == amount, "the receipt is over another amount")
        step.proves(
            f"{amount / 100:.2f} yuan after the payer's confirmation and WeChat Pay's encrypted, signed callback; receipt verified"
        )
    return card


def pay(scene: Scene, trust: Trust, mother: Mother) -> dict[str, Any]:
    """Pay at a terminal, and try everything that must not pay twice; gives the receipt."""
    keeper = scene.officer(_KEEPER).sign_in(scene.portal, scene.report.say)
    terminal = _enrol(scene, trust, keeper)
    with scene.report.step("终端签到", "A terminal signs on") as step:
        signed_on = terminal.sign_on()
        step.proves(
            f"{terminal.name}; request and answer signed (RFC 9421), last sequence {signed_on['last_sequence']}"
        )
    before = _balance(scene, mother)
    with scene.report.step("出示付款码，终端扣款", "The card pays at the terminal") as step:
        payment = terminal.order(_code(scene, mother), PRICE_FEN)
        signed: dict[str, Any] = good(terminal.pay(payment))
        said = receipts.check(signed, trust)
        receipts.write(signed, scene.out)
        require(
            (said["amount_fen"], said["terminal_code"]) == (PRICE_FEN, terminal.code),
            "the receipt tells of another payment",
        )
        require(_balance(scene, mother) == before - PRICE_FEN, "the balance isn't what it should be")
        step.proves(
            f"{PRICE_FEN / 100:.2f} yuan at {said['merchant']['zh']}; the answer's signature and the receipt's seal hold"
        )
    with scene.report.step("重复请求只扣一次", "Nothing is paid twice") as step:
        _repeat(terminal, payment, signed, step.proves)
        refused(terminal.pay(terminal.order(_code(scene, mother), before)), 409, "balance_too_low")
        step.proves("more than there is: 409, signed by the portal as well")
        require(_balance(scene, mother) == before - PRICE_FEN, "a repeated or declined payment moved money")
    with scene.report.step("冲正与部分退款", "Reversed before it came; some of it refunded") as step:
        _give_back(scene, trust, mother, terminal, said)
        step.proves("a payment that was reversed before it came: 409 payment_reversed, nothing was taken")
        require(_balance(scene, mother) == before - PRICE_FEN + _BACK_FEN, "the refund isn't on the card")
        step.proves(f"{_BACK_FEN / 100:.2f} yuan back on the card, receipt verified; more than is left: 409")
    _close(scene, keeper, terminal)
    return signed


def _enrol(scene: Scene, trust: Trust, keeper: SignedIn) -> Terminal:
    """Have a new terminal invited, and enrol it by the code; whoever else has the code is refused, and seen."""
    with scene.report.step("终端凭一次性开通码注册", "A terminal enrols by a one-time code") as step:
        merchant = scene.merchant()
        asked = {"terminal_code": f"t-{secrets.token_hex(4)}", "merchant_code": merchant}
        given = scene.portal.post("/v1/officer/terminals", keeper, asked)
        code, key = given["enrolment_code"], Key.new()
        terminal, again = (Terminal.enrol(code, key, scene.portal, trust) for _ in range(2))
        require(terminal.chain == again.chain, "the same key got another certificate")
        refused(Terminal.ask_to_enrol(code, Key.new(), scene.portal), 409, "enrolment_code_used")
        days = (terminal.chain[0].not_valid_after_utc - datetime.now(UTC)).days + 1
        step.proves(f"{terminal.name}: its own key, certified for {days} days; asked again, the same certificate")
        step.proves("the code with another key: 409 enrolment_code_used, and the officer sees that somebody tried")
    return terminal


def _close(scene: Scene, keeper: SignedIn, terminal: Terminal) -> None:
    with scene.report.step("停用终端即刻生效", "A closed terminal is out at once") as step:
        closed = scene.portal.post(f"/v1/officer/terminals/{terminal.code}/close", keeper)
        require(closed["disputed_at"] is not None, "nobody sees that another key came with the code")
        refused(terminal.ask(terminal.order("A", PRICE_FEN)), 403, "terminal_closed")
        step.proves(f"{terminal.code} is {closed['state']}; its next request: 403 terminal_closed")


def scan(scene: Scene, trust: Trust, mother: Mother) -> None:
    """Pay the merchant by the code that is printed beside the till; twice tapped, it's paid once, and a damaged code pays nothing."""
    with scene.report.step("扫商户码付款", "A merchant's printed code is scanned and paid") as step:
        before, code = _balance(scene, mother), scene.merchant_code()
        body = {"code": code, "amount_fen": SCANNED_FEN}
        seen = scene.portal.post("/v1/card/pay/preview", mother.holder, body)
        require(seen["obstacle"] is None, f"something stands in the way: {seen['obstacle']}")
        key = {"Idempotency-Key": secrets.token_hex(16)}
        answers = [scene.portal.send("POST", "/v1/card/pay", mother.holder, body=body, fields=key) for _ in range(2)]
        paid, again = map(good, answers)
        require(again == paid, "the same request was answered with another payment")
        require(_balance(scene, mother) == before - SCANNED_FEN, "the balance isn't what it should be")
        said = receipts.check(_receipt(scene, mother, paid["transaction_id"]), trust)
        require(said["amount_fen"] == SCANNED_FEN, "the receipt is over another amount")
        damaged = body | {"code": code[:-1] + "!"}
        refused(
            scene.portal.send("POST", "/v1/card/pay/preview", mother.holder, body=damaged), 422, "merchant_code_wrong"
        )
        step.proves(
            f"{SCANNED_FEN / 100:.2f} yuan to {seen['merchant']['zh']}, once for two taps; a damaged code pays nothing"
        )


def record(scene: Scene, mother: Mother, signed: dict[str, Any]) -> None:
    """See the payment in the transactions, the timeline, the inbox, and have anybody verify its receipt."""
    paid = signed["receipt"]["id"]
    with scene.report.step("交易、时间线、核验处处一致", "Transactions, timeline and verification agree") as step:
        moved = [one for one in everything(scene.portal, "/v1/card/transactions", mother.holder) if one["id"] == paid]
        require(
            [(one["direction"], one["amount_fen"]) for one in moved] == [("out", PRICE_FEN)],
            "the transaction isn't listed once",
        )
        require(_receipt(scene, mother, paid) == signed, "the payer's receipt isn't the terminal's")
        filed = eventually("the payment in the timeline", lambda: _filed(scene, mother, paid))
        require(len(filed) == 1, "the payment stands twice in the timeline")
        found = scene.portal.post("/v1/verify", body={"code": paid})
        require(found["holds"] and found["finding"]["kind"] == "receipt", "nobody can verify the receipt")
        step.proves(f"{filed[0]['title']['zh']} {filed[0]['title']['en']}")
        step.proves(f"/v1/verify: {found['said']['en']}")


def _repeat(terminal: Terminal, payment: Payment, signed: dict[str, Any], proves: Any) -> None:
    again = good(terminal.pay(payment))
    require(again == signed, "the same request was answered with another receipt")
    proves("the same request again: the same receipt")
    other = terminal.order(payment.payer_code, PRICE_FEN)
    refused(terminal.pay(other), 409, "payer_code_spent")
    proves("the same code in a new request: 409 payer_code_spent")


def _give_back(scene: Scene, trust: Trust, mother: Mother, terminal: Terminal, paid: dict[str, Any]) -> None:
    unanswered = terminal.order(_code(scene, mother), _BACK_FEN)
    undone = good(terminal.reverse(unanswered, _BACK_FEN))
    require(undone == {"outcome": "not_paid", "receipt": None}, "a payment that never came was given back")
    refused(terminal.pay(unanswered), 409, "payment_reversed")
    said = receipts.check(good(terminal.refund(paid, _BACK_FEN)), trust)
    require((said["kind"], said["reference"]) == ("refund", paid["id"]), "the refund isn't of this payment")
    refused(terminal.refund(paid, PRICE_FEN), 409, "refund_over_payment")


def _balance(scene: Scene, mother: Mother) -> int:
    balance: int = scene.portal.get("/v1/card", mother.holder)["balance_fen"]
    return balance


def _code(scene: Scene, mother: Mother) -> str:
    code: str = scene.portal.get("/v1/card/code", mother.holder)["code"]
    return code


def _paid(scene: Scene, mother: Mother, order_id: str) -> dict[str, Any] | None:
    order: dict[str, Any] = scene.portal.get(f"/v1/card/top-ups/{order_id}", mother.holder)
    return order if order["state"] == "paid" else None


def _receipt(scene: Scene, mother: Mother, transaction_id: str) -> dict[str, Any]:
    receipt: dict[str, Any] = scene.portal.get(f"/v1/card/transactions/{transaction_id}/receipt", mother.holder)
    return receipt


def _filed(scene: Scene, mother: Mother, paid: str) -> list[dict[str, Any]]:
    recent = scene.portal.get("/v1/me/timeline?kind=consumption&limit=20", mother.holder)["items"]
    return [one for one in recent if one["about_id"] == paid]
