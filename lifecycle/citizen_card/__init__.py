"""The stage of the citizen card."""
