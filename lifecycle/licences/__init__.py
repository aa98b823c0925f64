"""Electronic licences (电子证照): issued by decisions, sealed as PDF, checked by anybody who is shown one.

Upper rooms use `issuing` (issue one), `structs` (Grant), `events`, and `reading`.
"""
