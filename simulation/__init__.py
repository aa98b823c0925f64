"""A synthetic town that lives through the real rules, month by month (`fuhai simulate`).

`people` has who lives there, `fund` where money goes, `living` what happens to them, `agendas` how their agendas move along,
`invariants` what must hold every month, `town` one district's life, `running` all districts side by side, and `sample` a few of its
families through the real database and case engine.
"""
