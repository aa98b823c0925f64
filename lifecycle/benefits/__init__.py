"""Benefits without an application (免申即享): the event creates the entitlement, the citizen confirms or declines.

An offer stands from when a rule says yes by facts that departments told; it is looked at whenever the person's agenda is.
"""
