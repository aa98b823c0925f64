"""The stage of marriage (婚姻): marriage, divorce, and the check before a marriage."""
