"""Rights over one's own data: what the portal may use them for, and who must be asked when they are exported or erased.

Others use `consents.py` (is it given?), `purposes.py` (for what), `rights.py` (register an exporter and an eraser).
"""
