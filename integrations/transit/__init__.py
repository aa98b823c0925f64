"""Public transport as its operators publish it: a GTFS schedule and GTFS-realtime feeds.

Rooms use `port` only. `schedule` and `realtime` read the two formats, `client` fetches and keeps them.
"""
