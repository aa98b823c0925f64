"""Settlement: terminals' day-end totals, what merchants are paid and when, and what differs between the books.

Others use `structs.py` and `checking.py` (proves that every closed day adds up).
"""
