"""The stage of medical."""
