"""The citizen card (市民卡): its ledger, payments at terminals, top-ups and receipts.

Others use `queries.py` (what a transfer was), `events.py` and `checking.py` (proves the ledger).
"""
