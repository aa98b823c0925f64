"""Live queries (查询): what departments know about oneself or one's wards, asked now, and remembered with its "as of".

Stages use `registry` (offer a query) and `remembered` (what a department said before); `routes` has the endpoint.
"""
