"""A device that was enrolled just now has lower limits, so that whoever brought theirs in gains little before it is noticed."""

from datetime import timedelta

from app.identity.limits import limit_today
from app.kernel import clock
from app.kernel.actors import Citizen


def is_new_device(citizen: Citizen) -> bool:
    """Whether the citizen calls from a device that was enrolled within the last day."""
    hours = timedelta(hours=limit_today("new_device_hours"))
    return citizen.device_since is not None and clock.now() < citizen.device_since + hours
