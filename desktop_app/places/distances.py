"""How far places lie apart, on a local plane: good to a metre in a kilometre, which coordinates of buildings are not.

Longitude and latitude are decimal degrees, distances whole straight metres.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, cos, hypot, radians
from typing import Final, TypeVar

METRES_PER_DEGREE: Final = 111_195.0
"""Of latitude, on a sphere of 6,371 km."""
_FLATTEST: Final = 0.01
"""Nobody lives so near a pole that a degree of longitude is narrower than this share of a degree of latitude."""
_GRAIN: Final = 0.001
"""A millimetre: what rounding of degrees adds to a distance."""

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Point:
    """Where something stands."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees within which everything up to some distance from a point lies, and some of what lies beyond it."""

    west: float
    east: float
    south: float
    north: float

    def holds(self, point: Point) -> bool:
        """Whether a point lies within."""
        return self.west <= point.lon <= self.east and self.south <= point.lat <= self.north


def distance(one: Point, other: Point) -> float:
    """Metres in a straight line; the plane touches the ground at `one`."""
    east = (other.lon - one.lon) * METRES_PER_DEGREE * _width(one.lat)
    return hypot(east, (other.lat - one.lat) * METRES_PER_DEGREE)


def _width(lat: float) -> float:
    """A degree of longitude as a share of one of latitude."""
    return max(cos(radians(lat)), _FLATTEST)


def box_around(centre: Point, metres: float) -> Box:
    """The box that holds whatever is within some metres of a point."""
    up = metres / METRES_PER_DEGREE
    side = up / _width(centre.lat)
    # a hair wider, so that rounding never leaves out what stands on the line
    up, side = up * 1.000_001 + 1e-9, side * 1.000_001 + 1e-9
    return Box(centre.lon - side, centre.lon + side, centre.lat - up, centre.lat + up)


def within(centre: Point, metres: float, places: Iterable[tuple[K, Point]]) -> list[tuple[K, int]]:
    """Those of some places within a distance of a point, with whole metres (rounded up), the nearest first."""
    box = box_around(centre, metres)
    found = [
        (ceil(far - _GRAIN), key)
        for key, point in places
        if box.holds(point) and (far := distance(centre, point)) <= metres
    ]
    found.sort(key=lambda one: one[0])
    return [(key, far) for far, key in found]


def on_earth(lon: float | None, lat: float | None) -> Point | None:
    """The point of two columns; None where one is missing, is no place on earth, or is the 0, 0 of an empty cell."""
    if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90) or (lon == 0 and lat == 0):  # noqa: PLR2004 degrees
        return None
    return Point(lon, lat)
