"""The servers that Fuhai brings along: PostgreSQL, an S3 store, and one foreground tree of processes over all of it.

`processes.run_everything` is what `make run` calls; `postgres.running` and `store.running` are for tests. Nothing here
is used when settings point at an external PostgreSQL and S3.
"""
