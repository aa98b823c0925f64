"""The checks behind tests/test_architecture.py, as pure functions: each is also shown something broken."""
