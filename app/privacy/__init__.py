"""Rights over one's own data: consents, exports, erasure, corrections, and why each field is held.

Others use `consents.py` (is it given? ask at each use), `purposes.py` (for what), `rights.py` (register an exporter and an eraser,
files, the seal), `holdings.py` (register what stands in the way of an erasure), `provenance.py` (a room's `provenance.toml`), `events.py`.
"""
