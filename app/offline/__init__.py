"""Payments without a line: codes that a terminal checks by itself, the batches that it brings in later, and the list of what doesn't pay."""
