"""Distances on the plane agree with the sphere, and the box leaves nobody out."""

from math import asin, cos, radians, sin, sqrt

from hypothesis import assume, given
from hypothesis import strategies as st

from desktop_app.places.distances import METRES_PER_DEGREE, Point, box_around, distance, on_earth, within

LATS, LONS = st.floats(-60, 60), st.floats(-179, 179)
AWAY = st.floats(-0.06, 0.06)
POINTS = st.builds(Point, LONS, LATS)


def on_the_sphere(one: Point, other: Point) -> float:
    """Haversine, in metres."""
    up, side = radians(other.lat - one.lat), radians(other.lon - one.lon)
    part = sin(up / 2) ** 2 + cos(radians(one.lat)) * cos(radians(other.lat)) * sin(side / 2) ** 2
    return 2 * asin(sqrt(part)) * METRES_PER_DEGREE * 180 / 3.141592653589793


@given(POINTS, AWAY, AWAY)
def test_within_five_kilometres_the_plane_is_good_to_one_in_five_hundred(here, east, north):
    there = Point(here.lon + east, here.lat + north)
    far = on_the_sphere(here, there)
    assume(1 < far < 5_000)
    assert abs(distance(here, there) - far) / far < 0.002


@given(POINTS, st.lists(st.tuples(AWAY, AWAY), max_size=30), st.floats(0, 6_000))
def test_the_search_by_box_finds_what_measuring_everybody_finds(here, offsets, metres):
    places = [(at, Point(here.lon + east, here.lat + north)) for at, (east, north) in enumerate(offsets)]
    by_hand = sorted(key for key, point in places if distance(here, point) <= metres)
    found = within(here, metres, places)
    assert sorted(key for key, _ in found) == by_hand
    assert [far for _, far in found] == sorted(far for _, far in found)
    box = box_around(here, metres)
    assert all(box.holds(point) for key, point in places if key in by_hand)


def test_a_place_is_none_where_a_coordinate_is_missing_or_cannot_be():
    assert on_earth(114.0, 30.0) == Point(114.0, 30.0)
    for lon, lat in ((None, 30.0), (114.0, None), (0.0, 0.0), (200.0, 30.0), (114.0, 95.0)):
        assert on_earth(lon, lat) is None


def test_whole_metres_are_rounded_up_so_that_next_door_is_never_nought_metres_away():
    here = Point(114.0, 30.0)
    ((_, far),) = within(here, 500, [("next", Point(114.0, 30.0 + 10.2 / METRES_PER_DEGREE))])
    assert far == 11
