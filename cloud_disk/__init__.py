"""The citizen's cloud disk (云盘): folders and files that outlive phones.

A file's bytes go straight between the client and the object store by short-lived signed addresses; here are names, places,
checksums and states. Others use `keeping.py` to put a document of ours (a licence) into somebody's disk, and `originals.py` to take a
copy of somebody's file.
"""
