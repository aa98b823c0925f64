"""Cases (办件): a citizen's application from its draft to its end, and the desk where officers decide it.

Stages use `forms` (register a matter's form) and `structs`; upper rooms listen to `events`. The rest is inside.
"""
