"""Tables of WeChat accounts."""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class WeChatBindingRow(Table, tablename="wechat_binding"):
    """A WeChat account that may sign in as a citizen; its names are sealed, and found through `wechat_identifier`."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    appid = Text(default=None)
    openid = Bytea(default=None)
    unionid = Bytea(default=None, null=True)
    bound_at = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True)


class WeChatIdentifierRow(Table, tablename="wechat_identifier"):
    """Whose a WeChat account is, by the blind index of its name in one app (openid) or in all of them (unionid)."""

    kind = Text(primary_key=True, default=None)
    blind_index = Bytea(default=None)
    citizen_id = UUID(default=None)
