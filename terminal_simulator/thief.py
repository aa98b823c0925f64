"""A thief: tries one attack after the other against a running server, and says by which name each was refused.

What gets through is said, and nothing is hushed up: the thief goes on to the last attack, and compares at the end what is on
the payer's card with her transactions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import httpx

from demo.report import NotSo, Report, require
from demo.scene import Scene, everything
from terminal_simulator import attacks_on_batches as batches
from terminal_simulator import attacks_on_messages as messages
from terminal_simulator import attacks_on_money as money
from terminal_simulator import attacks_on_tills as tills
from terminal_simulator.gang import Gang, gathered


@dataclass(frozen=True)
class Attack:
    """What is tried, in words, and the names by which it may be refused."""

    zh: str
    en: str
    act: Callable[[Gang], Iterable[httpx.Response | str]]
    refused_as: tuple[str, ...]


_SPENT: Final = ("payer_code_spent", "code_on_two_terminals")
_BODY: Final = ("body_wrong", "body_unreadable")
ATTACKS: Final = (
    Attack("重放请求", "A request replayed", messages.replay, ("nonce_replayed",)),
    Attack("篡改金额", "The amount swapped", messages.swapped_amount, ("digest_mismatch",)),
    Attack(
        "连摘要一起篡改", "The amount and its digest swapped", messages.swapped_amount_and_digest, ("signature_wrong",)
    ),
    Attack("改投其他地址", "Sent to another address", messages.other_address, ("signature_wrong",)),
    Attack("冒用其他终端", "Another terminal's name", messages.other_key, ("signature_wrong",)),
    Attack("未注册的终端", "A terminal that nobody knows", messages.unknown_key, ("key_unknown",)),
    Attack("时钟慢一小时", "A clock an hour late", messages.stale_clock, ("signature_too_old",)),
    Attack("时钟快一小时", "A clock an hour early", messages.early_clock, ("signature_from_future",)),
    Attack("少签字段", "A signature that covers less", messages.covering_less, ("signature_not_covering",)),
    Attack("他用签名", "A signature for another use", messages.other_tag, ("signature_of_another_profile",)),
    Attack("伪造签名", "A forged signature", messages.forged_signature, ("signature_wrong",)),
    Attack("没有签名", "No signature", messages.no_signature, ("signature_missing",)),
    Attack("两个签名", "Two signatures", messages.two_signatures, ("signature_malformed",)),
    Attack("怪异金额", "Amounts that aren't any", messages.strange_amounts, _BODY),
    Attack("怪异报文", "Bodies that aren't any", messages.strange_bodies, _BODY),
    Attack("流水号倒退", "Numbers rewound", money.rewound, ("sequence_reused",)),
    Attack("幂等键挪用", "A key used again", money.key_again, ("idempotency_key_reused",)),
    Attack("付款码二次使用", "A code spent twice", money.spent_code, ("payer_code_spent",)),
    Attack("两台终端抢同一付款码", "Two tills, one code", money.one_code_at_two_tills_at_once, ("payer_code_spent",)),
    Attack("篡改付款码", "A code changed", money.changed_code, ("payer_code_wrong",)),
    Attack("并发花光余额", "Everything spent eight times", money.more_than_there_is, ("balance_too_low",)),
    Attack("五十次同一请求", "One request fifty times", money.repeated, ("payer_code_spent",)),
    Attack("退款的退款", "A refund refunded", money.refund_of_a_refund, ("not_a_payment",)),
    Attack("二十次并发退款", "Twenty racing refunds", money.racing_refunds, ("refund_over_payment",)),
    Attack("超额退款", "More refunded than paid", money.too_much_back, ("refund_over_payment",)),
    Attack("无中生有的退款", "A refund of nothing", money.refund_of_nothing, ("payment_unknown",)),
    Attack("冲正他人交易", "Another till's payment reversed", money.anothers_reversal, ("payment_unknown",)),
    Attack("冲正与原交易不符", "A reversal of something else", money.reversal_of_more, ("reversal_differs",)),
    Attack("冲正后再付", "Paid after its reversal", money.paid_after_reversal, ("payment_reversed",)),
    Attack("退款后再冲正", "Reversed after a refund", money.reversed_after_refund, ("payment_refunded",)),
    Attack("挂失的卡", "A lost card", money.lost_card, ("card_lost",)),
    Attack(
        "伪造乘车码",
        "Forged codes in a bus",
        batches.forged_codes,
        ("code_forged", "certificate_forged", "issuer_unknown", "payer_code_wrong"),
    ),
    Attack(
        "乘车码二次使用", "A passenger's code again", batches.code_again, ("code_repeated", "code_on_two_terminals")
    ),
    Attack("线上线下各付一次", "Paid on the line and off it", batches.paid_online_and_off, _SPENT),
    Attack(
        "脱机时间造假",
        "Sales of another time",
        batches.out_of_time,
        ("sold_too_long_ago", "sold_in_future", "code_expired", "certificate_expired"),
    ),
    Attack("脱机超额", "More than allowed off the line", batches.too_much, ("amount_over_limit",)),
    Attack("篡改批次", "A batch edited", batches.edited_batch, ("offline_batch_edited",)),
    Attack("复制车载终端", "A bus cloned", batches.cloned_bus, ("offline_terminal_cloned",)),
    Attack(
        "批次拆分、合并、改号",
        "Batches split, merged, renumbered",
        batches.same_sales_again,
        ("split", "merged", "renumbered", "unchanged"),
    ),
    Attack("脱机计数倒退", "A counter rewound", batches.rewound_counter, ("counter_reused",)),
    Attack("五十次打乱上送", "Batches fifty times, shuffled", batches.fifty_times_shuffled, ("unchanged",)),
    Attack("批次乱序", "A batch out of order", batches.disordered_batch, ("offline_batch_disordered",)),
    Attack("名单上的卡", "A card on the list", batches.stopped_card, ("account_stopped",)),
    Attack("已用的开通码", "A used enrolment code", tills.used_code, ("enrolment_code_used",)),
    Attack("猜测开通码", "A guessed enrolment code", tills.guessed_code, ("enrolment_code_wrong",)),
    Attack("两台终端一把密钥", "Two tills, one key", tills.anothers_key, ("terminal_key_known",)),
    Attack("未证明的密钥", "A key not one's own", tills.unproved_key, ("possession_not_proved",)),
    Attack("弱密钥", "A key of another kind", tills.weak_key, ("key_not_allowed",)),
    Attack("申请签发机构", "A wish to be an authority", tills.authority, ("authority_requested",)),
    Attack("已停用的终端", "A closed till", tills.closed_till, ("terminal_closed",)),
    Attack("改口的日终", "A day told otherwise", tills.told_otherwise, ("day_end_differs",)),
)


def steal(scene: Scene, attacks: Iterable[Attack] = ATTACKS, gang: Gang | None = None) -> list[str]:
    """Try every attack, with a gang of one's own or a given one; gives what got through, or was refused by another name, in words."""
    if gang is None:
        gang = gathered(Scene(scene.portal, scene.city, Report(lambda _line: None), scene.var))
    scene.report.part("小偷", "The thief")
    flaws = [flaw for attack in attacks for flaw in _tried(scene, gang, attack)]
    holds, moved = gang.balance_fen(), _moved(gang)
    if holds != moved:
        flaws.append(f"she has {holds} fen, and her transactions come to {moved}")
    return flaws


def _tried(scene: Scene, gang: Gang, attack: Attack) -> list[str]:
    """Try one; what it leads to is told as a step of its own."""
    try:
        with scene.report.step(attack.zh, attack.en) as step:
            got = [_name(answer) for answer in attack.act(gang)]
            wrong = sorted({name for name in got if name.partition(" ")[2] not in attack.refused_as})
            require(got and not wrong, f"{attack.en}: {', '.join(wrong) or 'nothing was tried'}")
            step.proves(f"{len(got)} × {', '.join(sorted(set(got)))}")
    except NotSo as flaw:
        scene.report.say(f"     ! {flaw}")
        return [str(flaw)]
    return []


def _name(answer: httpx.Response | str) -> str:
    """An answer's status and the code of its refusal; of a sale in a batch, its own reason."""
    if isinstance(answer, str):
        return answer
    if answer.is_success:
        return f"{answer.status_code} got through"
    problem = answer.headers.get("content-type", "").startswith("application/problem+json")
    return f"{answer.status_code} {answer.json()['code'] if problem else 'no problem document'}"


def _moved(gang: Gang) -> int:
    """What the transactions of her card come to."""
    every = everything(gang.scene.portal, "/v1/card/transactions", gang.payer.holder)
    return sum(one["amount_fen"] * (1 if one["direction"] == "in" else -1) for one in every)
