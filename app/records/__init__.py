"""The lifelong record (幸福人生时间轴): what happened to a person, from which source, never changed afterwards.

Others use `filing.py` (to file a record) and `queries.py` (to read the timeline); `kinds.py` has the kinds.
"""
