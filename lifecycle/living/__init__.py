"""The stage of daily life."""
