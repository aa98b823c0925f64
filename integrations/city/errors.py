"""What the city's developers' face and its parties refuse."""

from app.kernel.errors import BadRequest, Conflict, NotFound, Refusal, Unavailable, Unprocessable
from app.kernel.words import Words


class CityBodyMalformed(BadRequest):
    """The body isn't JSON of the shape that is asked for."""

    code = "city_body_malformed"
    title = Words(zh="请求内容格式不正确。", en="The body isn't JSON of the shape asked for.")


class CityQueryMalformed(BadRequest):
    """The query names something that nobody knows, or says it in another form."""

    code = "city_query_malformed"
    title = Words(zh="查询条件不正确。", en="The query names something unknown, or says it in another form.")


class CityPersonUnknown(NotFound):
    """Nobody in the city has this number."""

    code = "city_person_unknown"
    title = Words(zh="沙盒城市中查无此人。", en="Nobody in the city has this number.")


class CityBirthUnknown(NotFound):
    """No such birth certificate was issued."""

    code = "city_birth_unknown"
    title = Words(zh="查无此出生医学证明。", en="No such birth certificate was issued.")


class CityMotherUnfit(Unprocessable):
    """Only a woman of 18 to 55 who is alive can give birth here."""

    code = "city_mother_unfit"
    title = Words(zh="该居民不符合生育条件。", en="Only a woman of 18 to 55 can give birth here.")


class CityDoseRepeated(Conflict):
    """This dose is already recorded."""

    code = "city_dose_repeated"
    title = Words(zh="该剂次已登记。", en="This dose is already recorded.")


class CityServiceUnknown(NotFound):
    """No department has this code."""

    code = "city_service_unknown"
    title = Words(zh="沙盒城市中没有该部门。", en="No department of the city has this code.")


class CityOrderUnknown(NotFound):
    """No such payment order was opened."""

    code = "city_order_unknown"
    title = Words(zh="查无此订单。", en="No such payment order was opened.")


class CityOrderNotPayable(Conflict):
    """The order is closed, expired or already paid."""

    code = "city_order_not_payable"
    title = Words(zh="订单不可支付。", en="This order can't be paid any more.")


class PartyOut(Unavailable):
    """A fault was asked for: the party doesn't answer."""

    code = "party_out"
    title = Words(zh="系统维护中。", en="This party is out of order, as was asked for.")


class PartyFailed(Refusal):
    """A fault was asked for: the party fails."""

    status = 500
    code = "party_failed"
    title = Words(zh="系统内部错误。", en="This party failed, as was asked for.")
