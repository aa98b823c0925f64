"""Text messages to phones. Rooms see `port` and `errors`; wiring builds `client.TencentSms`."""
