"""What this room refuses."""

from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.kernel.words import Words


class LifeEventUnknown(NotFound):
    """The catalogue has no life event of this code."""

    code = "life_event_unknown"
    title = Words(zh="没有这种人生事件。", en="There's no such life event.")


class LifeEventNotFound(NotFound):
    """No such event of the citizen's or a ward's."""

    code = "life_event_not_found"
    title = Words(zh="未找到该人生事件。", en="There's no such event of yours.")


class NotDeclarable(Forbidden):
    """Nobody declares this, or not somebody else; `declared_by` says who does."""

    code = "life_event_not_declarable"
    title = Words(
        zh="此事件由部门告知或按日期产生，或只能由本人（监护人）申报。",
        en="A department tells this, a date brings it, or only the person (or a guardian) declares it.",
    )


class EventImplausible(Unprocessable):
    """It can't have been so; `errors` point at what is wrong."""

    code = "life_event_implausible"
    title = Words(zh="所填内容不合理，请核对标出的内容。", en="This can't be right; see what is pointed at.")


class EventSaidOtherwise(Conflict):
    """The same event of that day stands with other details; take `event_id` back first."""

    code = "life_event_said_otherwise"
    title = Words(
        zh="同一事件已申报且内容不同，请先撤回。", en="This event stands with other details; take it back first."
    )


class EventStandsAlready(Conflict):
    """Only one of these can be at a time, and `event_id` stands."""

    code = "life_event_stands_already"
    title = Words(zh="已有同类事件，请先撤回原事件。", en="One of these stands already; take it back first.")


class EventOver(Conflict):
    """It has ended or was taken back; `state` says which."""

    code = "life_event_over"
    title = Words(zh="该事件已结束或已撤回。", en="This event has ended, or was taken back.")


class TooManyEvents(Conflict):
    """The person has as many declared events as anybody may have; `most` says how many those are."""

    code = "too_many_life_events"
    title = Words(
        zh="申报的人生事件过多，请先撤回不再需要的。", en="Too many events are declared; take some back first."
    )


class PersonHasDied(Conflict):
    """Nothing happens any more in the life of who has died."""

    code = "person_has_died"
    title = Words(zh="该人已登记死亡，不能再申报。", en="This person has died; nothing more is declared of them.")
