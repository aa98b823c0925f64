"""WeChat Pay APIv3. Rooms see `port` and `errors`; wiring builds `client.WeChatPay`."""
