"""The signed exchange protocol that every department speaks with the portal (after X-Road).

Others use `structs` and `messages` (both sides), `client` (calls to departments), `archive` (what was exchanged) and
`errors`. Each message is signed by RFC 9421 under the tags `fuhai-exchange` and `fuhai-exchange-answer`.
"""
