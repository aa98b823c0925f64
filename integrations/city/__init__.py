"""The sandbox city: a real HTTP server that plays all outside parties for development and tests.

`server.run` starts it, `keys.prepare` makes its keys, `accounts` tells our clients how to log in to it. No room imports it.
"""
