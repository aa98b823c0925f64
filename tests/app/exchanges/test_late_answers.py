"""Answers that a department promised: taken once, by the department's own signature, about whom was asked."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from app.exchanges import late_answers, reading
from app.exchanges.checking import LateAnswersRefused, late_answers_finding
from app.exchanges.late_answers import TAKER
from app.kernel import clock
from app.kernel.database import execute, transaction
from app.kernel.errors import Refusal
from app.kernel.settings import load
from app.keys.errors import DigestMismatch, KeyUnknown, NonceReplayed, SignatureMissing, SignatureTooOld
from app.keys.request_signatures import Request
from app.notices import inbox
from integrations.departments.social_security import SOCIAL_INSURANCE
from integrations.exchange.errors import (
    AnswerAboutAnother,
    AnswerContradicts,
    AnswerFromFuture,
    AnswerNotAwaited,
    AnswerTooLate,
    DepartmentAnsweredWrongly,
    DepartmentAnswersLater,
    DepartmentRefused,
    NotKnownToDepartment,
    PushFromAnother,
)
from integrations.exchange.messages import make_late_answer
from integrations.exchange.structs import LateAnswer
from integrations.exchange.tickets import is_ticket
from tests.makers.cases import CityPorts, a_fault
from tests.makers.city import FATHER, MOTHER, Town
from tests.makers.erasure import erased
from tests.makers.late import (
    ANSWERS,
    an_answer_to,
    delivered,
    signed,
    the_departments,
    the_signer,
    the_ticket,
)
from tests.makers.people import a_citizen
from tests.makers.promised import HOUR, an_asking, as_json, ask, findings_about, listed, promised, the_truth


class TestPromise:
    async def test_is_a_signed_ticket_and_isnt_asked_for_twice(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)

        with pytest.raises(DepartmentAnswersLater) as again:
            await ask(ports, citizen)

        assert again.value.awaited.exchange_id == exchange_id
        assert await listed(citizen) == [("out", "later")]
        facts = again.value.facts
        assert (facts["department_code"], facts["overdue"]) == ("RSJ", False)
        (one,) = (await reading.listed(citizen, None, None, 20)).items
        assert one.awaited is not None
        assert one.awaited.expected_by == again.value.awaited.expected_by > clock.now()

    async def test_holds_for_this_question_only(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        await promised(ports, town, citizen)

        other_person = await ask(ports, citizen, MOTHER)
        other_purpose = await ports.registers.about(
            msgspec.structs.replace(an_asking(citizen), purpose="pension_info"), SOCIAL_INSURANCE, FATHER, {}
        )

        assert other_person.department == other_purpose.department == "RSJ"

    @pytest.mark.parametrize("by", [-1.0, 100 * 86_400.0], ids=["past", "in a hundred days"])
    async def test_of_an_impossible_time_is_no_answer(
        self, ports: CityPorts, town: Town, by: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await a_citizen(2)
        monkeypatch.setattr("integrations.exchange.client.is_ticket", lambda said, at: _lies_ahead(said, at, by))

        async with a_fault(town, party="rsj", late_seconds=100_000):
            with pytest.raises(DepartmentAnsweredWrongly) as wrong:
                await ask(ports, citizen)

        assert wrong.value.facts["flaw"] == "ticket_wrong"
        assert await listed(citizen) == [("out", "wrong")]


def _lies_ahead(said: Any, at: Any, by: float) -> bool:
    return is_ticket(msgspec.structs.replace(said, expected_by=at + timedelta(seconds=by)), at)


class TestTake:
    async def test_is_given_to_who_asks_next_and_told_to_who_asked(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)
        truth = await the_truth(town)

        taken = await delivered(town, late := await an_answer_to(exchange_id, truth))
        said = await ask(ports, citizen)

        assert (taken.id, taken.received) == (late.id, True)
        assert as_json(said.body) == truth["told"]
        assert await listed(citizen) == [("out", "later"), ("in", "ok")]
        (notice, *_) = (await inbox.inbox(citizen, None, 10)).items
        assert (notice.kind, notice.about_id) == ("exchange.answer_settled", said.exchange_id)

    async def test_counts_once_however_often_and_at_once_it_is_repeated(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))

        at_once = await asyncio.gather(*(delivered(town, late) for _ in range(3)))
        other_id = await delivered(town, msgspec.structs.replace(late, id=uuid.uuid4(), at=clock.now()))

        assert {one.id for one in at_once} == {late.id} != {other_id.id}
        assert await listed(citizen) == [("out", "later"), ("in", "ok")]
        assert await findings_about(citizen) == []

    async def test_a_contradiction_is_refused_by_name_and_kept_once(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))
        await delivered(town, late)
        other = msgspec.structs.replace(late, id=uuid.uuid4(), status="not_found", body=msgspec.Raw(b"null"))

        for _ in range(2):
            with pytest.raises(AnswerContradicts):
                await delivered(town, other)

        assert await findings_about(citizen) == ["answer_contradicts"]
        assert await listed(citizen) == [("out", "later"), ("in", "ok"), ("in", "wrong")]
        assert (await ask(ports, citizen)).as_of == late.as_of
        with pytest.raises(LateAnswersRefused, match="answer_contradicts"):
            await late_answers_finding(load())

    async def test_of_two_that_contradict_each_other_at_once_one_counts(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))
        other = msgspec.structs.replace(late, id=uuid.uuid4(), as_of=late.as_of - HOUR)

        done = await asyncio.gather(*(delivered(town, one) for one in (late, other)), return_exceptions=True)

        assert sorted(type(one).__name__ for one in done) == ["AnswerContradicts", "AnswerTaken"]
        assert await findings_about(citizen) == ["answer_contradicts"]

    @pytest.mark.parametrize(
        ("status", "refusal"), [("refused", DepartmentRefused), ("not_found", NotKnownToDepartment)]
    )
    async def test_a_refusal_is_told_once_and_then_asked_anew(
        self, ports: CityPorts, town: Town, status: str, refusal: type[Refusal]
    ) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)

        await delivered(town, await an_answer_to(exchange_id, None, status=status, reason="closed"))

        with pytest.raises(refusal):
            await ask(ports, citizen)
        assert (await ask(ports, citizen)).department == "RSJ"

    async def test_serves_while_it_is_fresh_and_not_longer(
        self, ports: CityPorts, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))
        await delivered(town, late)
        served = await ask(ports, citizen)
        async with transaction(TAKER):
            await execute(
                "UPDATE awaited_answer SET answered_at = $2 WHERE id = $1",
                *(late.request_id, clock.now() - SOCIAL_INSURANCE.fresh_for),
            )

        anew = await ask(ports, citizen)

        assert served.as_of == late.as_of < anew.as_of
        assert await listed(citizen) == [("out", "later"), ("in", "ok"), ("out", "ok")]


class TestRefused:
    async def test_who_signs_for_another_or_isnt_known(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))

        with pytest.raises(PushFromAnother):
            await delivered(town, late, by="GAJ")
        with pytest.raises(AnswerNotAwaited):
            await delivered(town, msgspec.structs.replace(late, department="GAJ"))
        stranger = msgspec.structs.replace(the_signer(town, "RSJ"), keyid="xyz.dept.fuhai.example")
        with pytest.raises(KeyUnknown):
            await late_answers.take(signed(late, stranger), the_departments(town))
        assert (await the_ticket(late.request_id))["answer_id"] is None
        assert await listed(citizen) == [("out", "later")]

    @pytest.mark.parametrize(
        "changes",
        [{"ticket": "RSJ-000000000000"}, {"question_digest": "A" * 43 + "="}, {"request_id": uuid.uuid4()}],
        ids=lambda changes: next(iter(changes)),
    )
    async def test_what_answers_another_question(
        self, ports: CityPorts, town: Town, changes: dict[str, object]
    ) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town), **changes)

        with pytest.raises(AnswerNotAwaited):
            await delivered(town, late)
        assert await findings_about(citizen) == []

    async def test_another_citizens_ticket_doesnt_serve(self, ports: CityPorts, town: Town) -> None:
        one, other = await a_citizen(2), await a_citizen(2)
        first, second = await promised(ports, town, one), await promised(ports, town, other)
        late = await an_answer_to(first, await the_truth(town))

        with pytest.raises(AnswerNotAwaited):
            await delivered(town, msgspec.structs.replace(late, request_id=second))

    async def test_what_is_about_another_person_and_it_is_kept(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)

        with pytest.raises(AnswerAboutAnother):
            await delivered(town, await an_answer_to(exchange_id, await the_truth(town, MOTHER)))

        assert await findings_about(citizen) == ["answer_about_another"]
        await delivered(town, await an_answer_to(exchange_id, await the_truth(town)))
        assert await listed(citizen) == [("out", "later"), ("in", "wrong"), ("in", "ok")]

    @pytest.mark.parametrize("body", [None, {}, {"id_number": FATHER}, {"id_number": FATHER, "told": {"x": 1}}, []])
    async def test_what_has_another_shape(self, ports: CityPorts, town: Town, body: object) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)

        with pytest.raises(Refusal) as refused:
            await delivered(town, await an_answer_to(exchange_id, body))

        assert refused.value.code == "body_wrong"
        assert await findings_about(citizen) == ["body_wrong"]
        assert (await the_ticket(exchange_id))["answer_id"] is None

    async def test_an_expired_question(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))
        async with transaction(TAKER):
            await execute("UPDATE awaited_answer SET closes_at = $2 WHERE id = $1", late.request_id, clock.now() - HOUR)

        with pytest.raises(AnswerTooLate):
            await delivered(town, late)

    async def test_what_is_dated_in_the_future(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)

        with pytest.raises(AnswerFromFuture):
            await delivered(town, await an_answer_to(exchange_id, await the_truth(town), as_of=clock.now() + HOUR))

    async def test_a_replay_a_changed_body_an_old_signature_and_none(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))
        request, known = signed(late, the_signer(town, "RSJ")), the_departments(town)
        await late_answers.take(request, known)

        for changed, refusal in (
            (request, NonceReplayed),
            (msgspec.structs.replace(request, body=request.body + b" "), DigestMismatch),
            (Request("POST", request.target_uri, {"content-type": "application/json"}, request.body), SignatureMissing),
        ):
            with pytest.raises(refusal):
                await late_answers.take(changed, known)
        with pytest.raises(SignatureTooOld):
            await late_answers.take(_signed_long_ago(late, town), known)

    async def test_over_http_the_anonymous_the_malformed_and_the_oversized(self, http: httpx.AsyncClient) -> None:
        nothing = await http.post("/v1/exchange/answers", json={"id": "x"})
        unreadable = await http.post("/v1/exchange/answers", content=b"{", headers={"content-type": "application/json"})
        large = await http.post(
            "/v1/exchange/answers", content=b"x" * 1_100_000, headers={"content-type": "application/json"}
        )

        assert (nothing.status_code, nothing.json()["code"]) == (401, "signature_missing")
        assert unreadable.status_code == 401
        assert (large.status_code, large.json()["code"]) == (413, "too_large")

    async def test_what_comes_for_the_erased(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))
        await erased(citizen)

        with pytest.raises(AnswerNotAwaited):
            await delivered(town, late)


def _signed_long_ago(late: LateAnswer, town: Town) -> Request:
    message = make_late_answer(late, ANSWERS, the_signer(town, "RSJ"), clock.now() - HOUR)
    return Request("POST", ANSWERS, message.headers, message.body)
