"""What the stage of transport and travel registers beside its queries and applications: buses, by their operators' feeds."""

from integrations.transit.port import Transit
from lifecycle.travel import buses


def register(transit: Transit) -> None:
    """Register the stage with the port; doing it again replaces it."""
    buses.register(transit)
