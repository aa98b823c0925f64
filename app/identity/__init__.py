"""Who is calling: signing in, assurance, devices, officers, terminals.

Others use `callers.py` (the dependencies `citizen`, `officer`, `terminal`, `proved_key`), `events.py`, `devices.certified_key`,
`officers.py` and `terminals.py` (set-up), `demo.py`. Everything else is inside.
"""
