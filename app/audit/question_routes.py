"""Asking why somebody looked, and answering it."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from app.audit import question_queries
from app.audit.errors import (
    AccessQuestionAnswered,
    AccessQuestionNotFound,
    EntryNotFound,
    EntryWithheld,
    OnlyOfficesAreAsked,
)
from app.audit.question_structs import AccessQuestion, Answering, Asking, OfficerQuestion
from app.kernel.actors import Citizen, Officer
from app.kernel.assurance import BY_PHONE, LEVEL
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems

_BODY = (ParameterWrong, BodyUnreadable, BodyWrong)


class AskController(Controller):
    """Why did somebody look at my data?"""

    path = "/v1/me/access-log"
    tags = ("Access log",)
    opt = {LEVEL: BY_PHONE}  # noqa: RUF012 - litestar's own shape

    @get("/questions", operation_id="listAccessQuestions", responses=problems(CursorWrong))
    async def list_questions(
        self, citizen: NamedDependency[Citizen], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[AccessQuestion]:
        """List what you asked, with deadlines and answers, newest first."""
        return await question_queries.own_questions(citizen, cursor, limit)

    @post(
        "/{entry_id:uuid}/ask",
        operation_id="askWhy",
        status_code=200,
        responses=problems(EntryNotFound, EntryWithheld, OnlyOfficesAreAsked, *_BODY),
    )
    async def ask(
        self,
        citizen: NamedDependency[Citizen],
        entry_id: FromPath[UUID],
        data: JSONBody[Asking],
        once: NamedDependency[Once],
    ) -> AccessQuestion:
        """Ask why an officer or department acted on your data or a ward's; they must answer by the day that is said."""
        return await once(citizen, AccessQuestion, lambda: question_queries.ask(citizen, entry_id, data.question))


class AnswerController(Controller):
    """Questions of citizens, in the hands of who looked."""

    path = "/v1/officer/access-questions"
    tags = ("Access questions",)

    @get("/", operation_id="listOpenAccessQuestions", responses=problems(CursorWrong))
    async def open_questions(
        self, officer: NamedDependency[Officer], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[OfficerQuestion]:
        """List citizens' questions that wait for your answer, the oldest first."""
        return await question_queries.open_questions(officer, cursor, limit)

    @post(
        "/{question_id:uuid}/answer",
        operation_id="answerAccessQuestion",
        status_code=200,
        responses=problems(AccessQuestionNotFound, AccessQuestionAnswered, *_BODY),
    )
    async def answer(
        self,
        officer: NamedDependency[Officer],
        question_id: FromPath[UUID],
        data: JSONBody[Answering],
        once: NamedDependency[Once],
    ) -> OfficerQuestion:
        """Answer why you looked; the citizen is told."""
        return await once(officer, OfficerQuestion, lambda: question_queries.answer(officer, question_id, data.answer))
