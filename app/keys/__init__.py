"""Keys: where they are kept, what they sign and seal, and the profile of requests that machines sign.

Others use `provider` (signing keys), `master` (the master key), `fields` (sealed columns and blind indexes), `persons`
(one data key per person), `rotation` (register what lies under the master key), `request_signatures` (RFC 9421) and `nonces` (each used
once). The rest is inside.
"""
