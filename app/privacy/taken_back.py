"""Whether a purpose was taken back after something more particular was agreed to, as a condition of SQL.

The newest choice about a purpose counts. One that was taken back, or whose days are over, silences what was agreed to before it; what is
agreed to later is the newer word of the same person and holds.
"""


def not_taken_back_since(row: str, agreed_at: str, purpose: str, now: str) -> str:
    """The condition that a purpose wasn't taken back, and didn't end, since `agreed_at`, of the person whose `row` it is.

    `row` is the alias of a table of a person's (with `shard` and `citizen_id`); the others are columns or placeholders.
    """
    ends_at = "coalesce(c.ends_at, c.at + interval '365 days')"
    silent_from = f"CASE WHEN NOT c.given THEN c.at WHEN {ends_at} <= {now} THEN {ends_at} END"
    return (
        f"coalesce((SELECT {silent_from} FROM consent c WHERE c.shard = {row}.shard AND c.citizen_id = {row}.citizen_id "
        f"AND c.purpose = {purpose} ORDER BY c.version DESC LIMIT 1) < {agreed_at}, true)"
    )
