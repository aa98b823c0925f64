"""Fuhai (福海): the backend that a city's citizens carry through life."""

__version__ = "0.1.0"
