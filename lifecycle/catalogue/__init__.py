"""The catalogue: every matter (事项) that a citizen can ask, apply for, book, calculate or pay, and how to find it.

Higher rooms use `published` (the matters on offer), `structs`, and `calculators` (stages register theirs).
"""
