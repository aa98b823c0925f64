"""The stage of social security."""
