"""No action goes around the rights: each names the one it needs, and each right is somebody's."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from desktop_app.accounts import policy
from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import right_to
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = ("cli", "demo", "printing", "shared", "store", "spreadsheets", "profiles")
"""Rooms without actions of their own: they call those of the slices.  What `store` does for a person has its door in
`accounts` (undoing, desk)."""
ONES_OWN = {
    "accounts.signing": {"change_password", "set_pin", "clear_pin", "still_valid", "must_change"},
    "accounts.sessions": {"open_session"},
    "accounts.known": {"must_be_known"},
    "accounts.attempts": {"note"},
    "accounts.desk": {"note_lock"},
    "accounts.rights": {"demand", "demand_any", "may", "rights_of", "reach_of", "refusal"},
    "residents.undoing": {"undo"},
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
    "privacy.queries": {"in_force", "given_out"},
    "privacy.retaining": {"ask"},
    "sync.heads": {"choose", "settle_relations"},
}
"""Steps that marked actions and those that ask inside take; alone they write nothing of a slice."""
UNASKED = {
    "comes before anybody is signed in, or is the sign-in itself": {
        "accounts.desk": {"is_counter", "idle_minutes"},
        "accounts.failures": {"must_be_open", "minutes_left", "note"},
        "accounts.hashing": {"bound", "subject"},
        "accounts.known": {"known_as", "known_staff", "must_be_free"},
        "accounts.queries": {"who_may_sign_in"},
        "accounts.sessions": {"resume"},
        "accounts.signing": {
            "first_administrator",
            "must_be_first", "administrator_anew", "sign_in", "sign_in_with_pin", "sign_out", "pin_of",
        },
        "accounts.actions": {"sit_down"},
        "upkeep.elsewhere": {"accounts_of_then"},
    },
    "is the check itself": {
        "accounts.rights": {"demand_of_viewer", "as_system", "has_accounts", "standing_of", "holders"},
        "accounts.managing": {"must_leave_a_keeper"},
        "accounts.undoing": {"rights_for"},
    },
    "names colleagues, as every paper and every record does": {
        "accounts.queries": {"staff", "handing_over"},
        "accounts.managing": {"proposed_login"},
    },
    "shows of each kind only what the viewer may read": {"overview.queries": {"timeline"}},
    "is the program's own work after a commit or by a timer, and runs as the system": {
        "accounts.lasting": {"now", "keep", "follow", "put_in_force"},
        "appeals.actions": {"follow_up", "catch_up"},
        "attachments.keeping": {"notice", "mind_size", "drop_vanished", "sweep_daily", "sweep", "bring_beside"},
        "matters.clashes": {"follow_up"},
        "orders.actions": {"follow_up", "catch_up"},
        "orders.wish_facts": {"follow_up"},
        "points.balances": {"follow_up", "catch_up"},
        "practice.actions": {"follow_up", "lay_out"},
        "residents.merging": {"follow_up"},
        "sync.alone": {"alone"},
        "sync.around": {"before", "after"},
        "sync.blanking": {"wipe_log"},
        "sync.blobs": {"exchange", "alone_with_contents", "exchange_quietly"},
        "sync.carried_contents": {"requests", "take"},
        "sync.diary": {"note_failure", "note_success", "learn"},
        "sync.engine": {"sync_now"},
        "sync.enrol": {"rotate_if_due", "check", "keep_counter", "must_stay", "another"},
        "sync.erasing": {"follow_up", "finish"},
        "sync.fuse": {"must_let_push"},
        "sync.outbox": {"anything"},
        "sync.rebase": {"offer_found", "note_successor"},
        "sync.refused": {"follow_up"},
        "sync.repairing": {"repair"},
        "sync.replay": {"after_upgrade"},
        "sync.retelling": {"forget_earlier"},
        "sync.sealed_files": {"follow_up"},
        "sync.starter": {"apply"},
        "sync.units": {"is_due", "earlier"},
        "sync.waiting": {"wait_for_change"},
        "sync.welcome": {"greet"},
    },
    "reads the rules or code tables of the desk and no record": {
        "appeals.intake": {"blank", "complete", "code_of", "check_days"},
        "attachments.keeping": {"rate", "fetches", "most"},
        "care.responding": {"rules_of"},
        "matters.actions": {"blank"},
        "meetings.queries": {"rules_of"},
        "orders.actions": {"blank"},
        "orders.checks": {"colours", "colour_words", "colour_word"},
        "orders.finding": {"limits"},
        "orders.reporting": {"negative_list", "rider_roles"},
        "orders.wishes": {"blank"},
        "organisation.contacts": {"role_words"},
        "points.book": {"rules_on", "rule_on", "transfer_year"},
        "points.joining": {"every_head", "members", "head"},
        "points.forgetting": {"astray"},
        "practice.queries": {"in_force", "text_of"},
        "privacy.policy": {"policy_of"},
        "privacy.requesting": {"due"},
        "privacy.restricted": {"is_on"},
        "residents.importing": {"living"},
        "visits.actions": {"result_word"},
        "visits.queries": {"intervals", "counting", "reached_words", "due_sql"},
    },
    "is a step of marked functions of its own slice, which ask first": {
        "appeals.deeds": {"check_deed"},
        "appeals.queries": {"narrowed"},
        "appeals.states": {"facts_of"},
        "matters.queries": {"facts_of"},
        "meetings.unsigned": {"meeting_of"},
        "orders.shift_facts": {"planned", "duties", "leaves_of", "on_duty"},
        "orders.states": {"facts_of"},
        "orders.wish_facts": {"facts_of"},
        "organisation.hosting": {"called"},
        "organisation.intake": {"check"},
        "privacy.queries": {"reason_wanted", "under_age"},
        "privacy.sealing": {"current", "is_unlocked", "missing", "about"},
        "sync.erasing": {"vanish"},
        "sync.heads": {"fits"},
        "sync.settling": {"sound"},
    },
    "tells identifiers to marked functions of its own slice and of those above, which ask first": {
        "residents.living": {"living_of", "room_id_of", "household_id_of"},
    },
    "tells numbers, times and names of the exchange, no content": {
        "places.sharing": {"was_taken_back"},
        "sync.conflicts": {"count_open"},
        "sync.directory": {"look_up"},
        "sync.logbook": {"exchanges", "facts", "as_text", "save"},
        "sync.refused": {"reason"},
        "sync.schedule": {"standing"},
        "sync.settling": {"settable"},
        "sync.status": {"status", "row_states", "row_state", "refusals"},
        "sync.units": {
            "known", "mine", "called", "community", "home_name", "desk_name", "keeps_residents", "limits",
            "server_keys", "desks",
        },
    },
}  # fmt: skip
"""Public functions that take the store and ask for no right, by the reason why."""


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


def takes_store(function: Any) -> bool:
    first = next(iter(inspect.signature(function).parameters.values()), None)
    return first is not None and first.annotation in (Database, "Database")


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


def test_every_right_of_the_table_is_asked_for_somewhere():
    """A line of the table that nothing asks for promises what the program does not do."""
    packages = (ROOT / "desktop_app", ROOT / "ui")
    sources = [path.read_text("utf-8") for package in packages for path in package.rglob("*.py")]
    asked = {right for right in policy.rights() if any(f'"{right}"' in source for source in sources)}
    read = {right_to("read", cls) for cls in record_classes().values()}  # `linli show`, for any record
    assert set(policy.rights()) - asked - read == set()


def test_every_question_of_every_slice_asks_for_whom():
    """Whatever takes the store: lists, time lines, calendars, rosters.  Whoever adds one marks it or says why not."""
    exempt = {(name, one) for table in UNASKED.values() for name, ones in table.items() for one in ones}
    unmarked = [
        f"{name}.{one.__name__}"
        for name, one in FOUND
        if takes_store(one) and not (hasattr(one, "rights") or takes_actor(one) or (name, one.__name__) in exempt)
    ]
    assert unmarked == []


def test_the_list_of_exceptions_names_nothing_that_is_gone():
    known = {(name, one.__name__) for name, one in FOUND}
    tables = (ONES_OWN, STEPS, *UNASKED.values())
    assert not {(name, one) for table in tables for name, ones in table.items() for one in ones} - known
