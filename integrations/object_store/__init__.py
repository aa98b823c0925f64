"""The object store: one port (`port.py`) and its S3 client (`s3.py`)."""
