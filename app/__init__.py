"""Fuhai (福海): the backend that a city's citizens carry through life."""
