"""Who is calling: signing in, assurance, devices, officers, terminals.

Others use `callers.py` (the dependencies `citizen`, `officer`, `terminal`), `events.py`, `officers.py` and `terminals.py` (set-up),
`outside.py` (what wiring connects). Everything else is inside.
"""
