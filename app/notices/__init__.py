"""Notices: an inbox for each citizen, a live stream of it, and campaigns that caseworkers send to exactly the right people.

Others use `inbox.py` (`deliver`) to tell a citizen something. A notice's phrase is registered in `app.kernel.phrases`.
"""
