"""Who is calling: signing in, assurance, devices, officers, terminals.

Others use `callers.py` (the dependencies `citizen`, `officer`, `terminal`, `proved_key`), `events.py`, `devices.certified_key`,
`officers.py`, `officer_grants.give`, `departments.publish`, `terminals.py` and `demo.py` (set-up), and
`officer_actions.register_actions`. Everything else is inside.
"""
