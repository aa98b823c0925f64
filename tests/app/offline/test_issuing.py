"""Certifying a device for a day, and its codes where there is a line."""

import asyncio
import base64
from datetime import timedelta

import httpx
import msgspec
import pytest

from app.card import cards, payments, reversals
from app.card.errors import CardLost, CardNotOpened, NewDevicePaymentOverLimit, PayerCodeExpired, PayerCodeWrong
from app.card.states import CardStep
from app.card.terminal_structs import TerminalPayment, TerminalReversal
from app.identity import device_keeping, devices
from app.identity.errors import DeviceUnknown
from app.identity.invitation_structs import DeviceToRenew
from app.kernel import clock
from app.kernel.settings import load
from app.offline import denials, issuing
from app.offline.codes import read_code
from app.pki.setup import rotate, setup_of
from tests.app.offline import vectors
from tests.makers.callers import a_key, a_terminal, headers, signed_in
from tests.makers.cards import a_card_holder, a_request, a_till, balance_fen
from tests.makers.offline import Phone, a_device_holder, a_phone_that_pays, reissued
from tests.makers.people import a_citizen
from tests.makers.pki import a_csr

CERTIFICATES = "/v1/card/offline-certificates"


async def paid_with(code: str, fen: int = 300) -> None:
    """Pay at a terminal with a line."""
    payment = TerminalPayment(sequence=1, amount_fen=fen, payer_code=code)
    await payments.pay(a_till(), payment, a_request(payment))


class TestCertificate:
    async def test_is_the_same_for_half_a_day_also_for_many_at_once(self) -> None:
        citizen, _, _ = await a_device_holder()

        issued = await asyncio.gather(*(issuing.certify(citizen) for _ in range(5)))

        assert len(set(issued)) == 1
        assert issued[0].not_after - issued[0].not_before == timedelta(days=1)

    async def test_says_nothing_of_its_owner_and_names_another_account_each_time(self) -> None:
        phone = await a_phone_that_pays()
        await cards.take_step(phone.citizen, CardStep.REPORT_LOSS)
        await denials.review(phone.citizen.id)
        await cards.take_step(phone.citizen, CardStep.REPORT_FOUND)

        other = await issuing.certify(phone.citizen)

        first, second = phone.certificate, msgspec.json.decode(f'"{other.certificate}"', type=bytes)
        assert first != second
        for secret in (phone.citizen.id.bytes, phone.citizen.id.bytes[8:], str(phone.citizen.id).encode()):
            assert secret not in first

    async def test_is_another_one_for_the_devices_next_key(self) -> None:
        phone, next_key = await a_phone_that_pays(), a_key()
        assert phone.citizen.device_id is not None
        await device_keeping.renew(phone.citizen, phone.citizen.device_id, DeviceToRenew(a_csr(next_key)))

        issued = await issuing.certify(phone.citizen)

        renewed = msgspec.structs.replace(phone, key=next_key, certificate=base64.b64decode(issued.certificate))
        assert read_code(renewed.code()).is_of_device()

    async def test_of_a_new_device_has_lower_limits(self) -> None:
        certificate = read_code((await a_phone_that_pays(since=timedelta(hours=1))).code()).certificate

        assert (certificate.payment_max_fen, certificate.sum_max_fen) == (5_000, 10_000)

    async def test_is_not_for_a_lost_card_or_none_or_a_device_that_is_gone(self) -> None:
        citizen, _, _ = await a_device_holder()
        no_card = msgspec.structs.replace(citizen, id=(await a_citizen(3)).id)
        with pytest.raises(CardNotOpened):
            await issuing.certify(no_card)
        with pytest.raises(DeviceUnknown):
            await issuing.certify(msgspec.structs.replace(citizen, device_id=None))

        await cards.take_step(citizen, CardStep.REPORT_LOSS)
        with pytest.raises(CardLost):
            await issuing.certify(citizen)

    async def test_is_for_enrolled_devices_only(self, portal: httpx.AsyncClient) -> None:
        anonymous = await portal.post(CERTIFICATES)
        by_name = await portal.post(CERTIFICATES, headers=await headers(await a_card_holder()))
        terminal = await portal.post(CERTIFICATES, json={}, auth=await a_terminal())
        stranger = await portal.post(CERTIFICATES, auth=await signed_in(await a_citizen(3)))

        answers = [(one.status_code, one.json()["code"]) for one in (anonymous, by_name, terminal, stranger)]
        assert answers == [
            (401, "not_signed_in"),
            (403, "assurance_too_low"),
            (401, "not_signed_in"),
            (404, "card_not_opened"),
        ]

    async def test_by_an_earlier_key_is_believed_after_a_rotation(self, portal: httpx.AsyncClient) -> None:
        phone, till = await a_phone_that_pays(1_000), await a_terminal()
        before = (await portal.post("/v1/terminal/sign-on", json={}, auth=till)).json()["offline"]

        await asyncio.to_thread(rotate, setup_of(load()), "offline-codes")
        after = (await portal.post("/v1/terminal/sign-on", json={}, auth=till)).json()["offline"]
        await paid_with(phone.code())

        kids = [{key["kid"] for key in one["issuer_keys"]} for one in (before, after)]
        assert kids[0] < kids[1]
        assert read_code((await a_phone_that_pays()).code()).kid in kids[1] - kids[0]
        assert await balance_fen(phone.citizen) == 700
        assert (after["batch_sales"], after["upload_hours"]) == (500, 72)


class TestCodeWithALine:
    async def test_ends_with_its_minute_its_certificate_and_its_device(self) -> None:
        phone = await a_phone_that_pays(1_000)
        over = [
            phone.code(clock.now() - timedelta(seconds=61)),
            (await reissued(phone, begins=-90_000)).code(),
        ]
        gone = phone.code()
        assert phone.citizen.device_id is not None
        await devices.remove(phone.citizen, phone.citizen.device_id)

        for code in (*over, gone):
            with pytest.raises(PayerCodeExpired):
                await paid_with(code)
        assert await balance_fen(phone.citizen) == 1_000

    async def test_is_refused_when_it_is_not_genuine_or_not_of_now(self) -> None:
        phone, other = await a_phone_that_pays(1_000), await a_phone_that_pays(1_000)
        thief = Phone(other.citizen, other.key, other.way_in, phone.certificate)

        for code in (vectors.GOOD, thief.code(), phone.code(clock.now() + timedelta(minutes=5)), "FH1:", "FH1:A B"):
            with pytest.raises(PayerCodeWrong):
                await paid_with(code)
        assert [await balance_fen(one.citizen) for one in (phone, other)] == [1_000, 1_000]

    async def test_of_a_new_device_pays_less(self) -> None:
        phone = await a_phone_that_pays(100_000, since=timedelta(hours=1))

        with pytest.raises(NewDevicePaymentOverLimit):
            await paid_with(phone.code(), 50_001)

    async def test_can_be_reversed_unanswered(self) -> None:
        phone, till = await a_phone_that_pays(1_000), a_till()
        payment = TerminalPayment(sequence=1, amount_fen=300, payer_code=phone.code())
        await payments.pay(till, payment, a_request(payment))

        undone = await reversals.reverse_unanswered(till, TerminalReversal(1, 300, payment.payer_code, "no_answer"))

        assert undone.outcome == "reversed"
        assert await balance_fen(phone.citizen) == 1_000
