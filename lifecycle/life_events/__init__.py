"""Life events (人生事件): declared, told by departments, suggested by shared data, or brought by a date; and what follows from each.

A standing event is a fact for rules, an entry in the record and a notice of what comes next. One that was wrong is taken back with
what followed. Rooms beside it are told by `facts.changed`; `facts.of_life_events` is its source of facts.
"""
