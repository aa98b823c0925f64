"""WeChat mini-programs: who stands behind a login code. Rooms see `port` and `errors`."""
