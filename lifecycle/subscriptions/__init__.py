"""Subscriptions: push matters that citizens switch on and off, and who is therefore told what departments send of them."""
