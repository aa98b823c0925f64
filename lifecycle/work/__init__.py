"""The stage of work (工作)."""
