"""What was exchanged with departments: shown to whom it is about, and proved to anyone."""
