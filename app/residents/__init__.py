"""The people whom the portal knows, with or without an account, and their families.

Others use `people.py` (one resident), `directory.py` (find by a number), `registration.py` (make one known),
`families.py` (kinship, guardianship), `births.py` (what a hospital tells), `events.py`. Audiences read the plain columns of
`resident` (birth date, sex, division) and `kinship`; a child's guardians stand in the child's own shard (`ward_of`).
"""
