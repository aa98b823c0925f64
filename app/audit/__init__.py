"""The sealed log of who looked at a person's data and who acted on it.

Others use `acts.py` (to seal an act) and, for reading one's own log, `routes.py`.
"""
