"""From where to where: what is late together often travels together."""

from storage.tables import Shipment


def lane_of(shipment: Shipment | None) -> str | None:
    """`Hamburg → Lagos`, as the order writes both; None where either is not known."""
    if shipment is None or not shipment.origin or not shipment.destination:
        return None
    return lane(shipment.origin, shipment.destination)


def lane(origin: str, destination: str) -> str:
    return f"{' '.join(origin.split())} → {' '.join(destination.split())}"
