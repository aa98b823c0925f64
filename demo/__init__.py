"""A citizen's whole day, lived from outside: an HTTP client that proves step by step that a running Fuhai does what it says.

It imports nothing of the product, so it is also an example for whoever writes a client, a terminal or a checker. `day.py` is
the command; `steps/` holds the parts of the day; the other files are what any client needs: keys, proofs, signatures, checks.
"""
