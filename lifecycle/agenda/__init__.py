"""The agenda: what comes next in a life, worked out anew whenever it is read.

Stages register a source; `structs` has what a source gives, `routes` the endpoint, `agenda.upcoming` the list.
"""
