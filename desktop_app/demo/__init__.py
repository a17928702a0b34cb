"""The demonstration: an invented community, and the main job done with it from end to end."""

from desktop_app.demo.community import DemoCommunity, demo_beginning, make_demo_community
from desktop_app.demo.rehearsal import Rehearsal, rehearse

__all__ = ["DemoCommunity", "Rehearsal", "demo_beginning", "make_demo_community", "rehearse"]
