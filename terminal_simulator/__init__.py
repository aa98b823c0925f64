"""Terminals played from outside: a till that pays, a bus that sells without a line, and a thief who tries everything.

Like the demo it imports nothing of the product, so it is an example for whoever writes a terminal. `commands.py` is the command
`fuhai terminal`; `folder.py` is what survives a terminal's being killed.
"""
