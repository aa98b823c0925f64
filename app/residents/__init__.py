"""The people whom the portal knows, with or without an account, and their families.

Others use `people.py` (one resident), `directory.py` (find by a number), `registration.py` (make one known),
`families.py` (kinship, guardianship), `births.py` (what a hospital tells), `events.py`, `facets.py` (audiences).
"""
