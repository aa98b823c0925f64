"""Electronic licences (电子证照): issued by decisions, sealed as PDF, shown line by line, checked by anybody who is shown one.

Upper rooms use `issuing` (issue one), `stepping` (end one: `end`, `end_all`), `structs` (Grant, Line), `events`, and `reading`.
"""
