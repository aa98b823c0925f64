"""The ground floor: settings, database, ids, clock, words, refusals, events, jobs, idempotency.

It imports nothing of ours; every other room may use any of its files.
"""
