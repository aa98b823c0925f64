"""Who may call what: every operation, called by everybody, against what matrix.txt says that each is answered.

`portal.py` is the application with a running city outside, `scene.py` the people and their things, `asks.py` what each operation
is asked with, `matrix.py` reads and writes the table.
"""
