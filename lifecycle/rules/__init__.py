"""Law as code: pure functions of facts, dated parameters and a day.

Higher rooms use `parameters` (what held when, and by which source), `ages`, and the file of each topic.
"""
