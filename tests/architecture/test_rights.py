"""No action goes around the rights: each names the one it needs, and each right is somebody's."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from desktop_app.accounts import policy
from desktop_app.accounts.model import Actor

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = ("cli", "demo", "printing", "shared", "store", "spreadsheets", "profiles")
"""Rooms without actions of their own: they call those of the slices.  What `store` does for a person has its door in
`accounts` (undoing, desk)."""
ONES_OWN = {
    "accounts.signing": {"change_password", "set_pin", "clear_pin", "still_valid", "must_change"},
    "accounts.sessions": {"open_session"},
    "accounts.known": {"must_be_known"},
    "accounts.desk": {"note_lock"},
    "accounts.rights": {"demand", "demand_any", "may", "rights_of", "reach_of", "refusal"},
    "accounts.undoing": {"undo"},
    "residents.reach": {"must_reach"},
}
"""What asks for no right: one's own password, PIN and seat, the checks themselves, and the undo, which works out the
rights from what the action changed."""
STEPS = {
    "visits.actions": {"prepare"},
    "meetings.noting": {"own_text"},
    "meetings.unsigned": {"opened"},
    "privacy.actions": {"must_be_allowed"},
    "privacy.exporting": {"give_out"},
    "privacy.queries": {"in_force"},
    "privacy.retaining": {"ask"},
}
"""Steps that marked actions and those that ask inside take; alone they write nothing of a slice."""
SENSITIVE = {
    "residents.queries": {"ids", "lines", "detail", "household_of", "members", "households_in", "same_number"},
    "residents.search": {"find", "hits"},
    "residents.duplicates": {"suspected", "while_typing"},
    "visits.queries": {"due", "visits", "for_person", "for_household", "for_room"},
    "appeals.queries": {"appeals", "lines", "detail"},
    "appeals.lists": {"numbers", "lines_of"},
    "orders.queries": {"orders", "lines", "detail"},
    "orders.finding": {"helpers", "candidates"},
    "orders.wish_lists": {"wishes", "wish_detail"},
    "orders.reporting_lists": {"registrations", "registration_detail", "claims", "posts"},
    "orders.roster": {"shifts", "served", "leave_lines"},
    "care.queries": {"bells", "bell_events", "pairs", "cared"},
    "care.responding": {"responders"},
    "meetings.queries": {"meetings", "meeting_file"},
    "organisation.queries": {"party_members"},
    "attachments.queries": {"of", "shown", "recent"},
    "papers.queries": {"jobs"},
    "sync.conflicts": {"open_conflicts", "settled_conflicts"},
    "sync.refused": {"listed"},
    "accounts.queries": {"accounts", "audit_lines"},
    "accounts.trail": {"page", "count", "people"},
}
"""Lists and details of persons, and the audit trail."""


def modules() -> Iterator[tuple[str, ModuleType]]:
    for path in sorted((ROOT / "desktop_app").glob("*/*.py")):
        if path.parent.name not in OUTSIDE and path.stem != "__init__":
            name = f"{path.parent.name}.{path.stem}"
            yield name, importlib.import_module(f"desktop_app.{name}")


def functions(module: ModuleType) -> Iterator[FunctionType]:
    for name, found in vars(module).items():
        if inspect.isfunction(found) and found.__module__ == module.__name__ and not name.startswith("_"):
            yield found


def asks_inside(function: Any) -> bool:
    """Where the right depends on what is asked for, the function works it out itself."""
    return any(word in inspect.getsource(function) for word in ("demand(", "demand_any(", "may("))


def takes_actor(function: Any) -> bool:
    return any(one.annotation in (Actor, "Actor") for one in inspect.signature(function).parameters.values())


FOUND = [(name, one) for name, module in modules() for one in functions(module)]


def test_every_action_of_every_slice_names_the_right_it_needs():
    exempt = {(name, one) for table in (ONES_OWN, STEPS) for name, ones in table.items() for one in ones}
    unmarked = [
        f"{name}.{one.__name__}"
        for name, one in FOUND
        if takes_actor(one) and not (hasattr(one, "rights") or asks_inside(one) or (name, one.__name__) in exempt)
    ]
    assert unmarked == []


def test_every_right_that_is_asked_for_exists_and_is_held_by_a_role():
    held = {right for role in policy.roles().values() for right in role.holds}
    asked = {(f"{name}.{one.__name__}", right) for name, one in FOUND for right in getattr(one, "rights", ())}
    assert len(asked) > 100
    assert not [one for one in asked if one[1] not in policy.rights()]
    assert not [one for one in asked if one[1] not in held]


@pytest.mark.parametrize("name", SENSITIVE)
def test_lists_and_details_of_persons_ask_for_whom(name):
    module = importlib.import_module(f"desktop_app.{name}")
    assert not [one for one in SENSITIVE[name] if not hasattr(getattr(module, one), "rights")]


def test_the_list_of_exceptions_names_nothing_that_is_gone():
    known = {(name, one.__name__) for name, one in FOUND}
    told = {(name, one) for table in (ONES_OWN, STEPS) for name, ones in table.items() for one in ones}
    assert not told - known
