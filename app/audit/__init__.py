"""The sealed log of who looked at a person's data and who acted on it.

Others use `acts.py` (to seal an act), `basis.py` (what gives the right to look), `review.py` (to judge looks), `findings.py` (to
report one that stands out), `withholding.py` (what a law keeps from a person for now) and, for reading one's own log, `routes.py`.
"""
