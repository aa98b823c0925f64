"""The virus scanner: one port (`port.py`), and its client in the protocol of ClamAV's daemon (`clamd.py`)."""
