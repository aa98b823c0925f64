"""The stage of education."""
