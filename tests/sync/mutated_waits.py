"""Rules of what waits at the desk to be taken out: versions it could not store, what was refused, limits.

Module, words, what stands in their place, and the tests of which one must notice.
"""

PARKED, REPLAY, REBASE = "desktop_app.sync.parked", "desktop_app.sync.replay", "desktop_app.sync.rebase"
OUTBOX, REFUSED, UNITS = "desktop_app.sync.outbox", "desktop_app.sync.refused", "desktop_app.sync.units"
SEATED, ERASING = "desktop_app.store.seated", "central_server.erasing"
WAITING, RARE, ERASE_HERE = "sync/test_parked.py", "sync/test_rare_meetings.py", "sync/test_erasing.py"

MUTANTS: dict[str, tuple[str, ...]] = {
    "parked: an old body gets the number of what was written beside it": (
        PARKED,
        "{**row.values, **change.values}",
        "row.values",
        WAITING,
    ),
    "parked: what waited is written over what is on its way": (
        REPLAY,
        'if not tx.scalar("SELECT EXISTS(SELECT 1 FROM sync_outbox)"):',
        "if True:",
        WAITING,
    ),
    "parked: what waits for an answer waits for ever": (REPLAY, "        if all_of_them:", "        if True:", WAITING),
    "parked: an upgrade forgets what was to be offered": (
        REPLAY,
        "        _offer(tx, tx.db.tables[name], record_id)",
        "        pass",
        WAITING,
    ),
    "parked: the earlier version is offered over the later": (
        REBASE,
        '"id NOT IN (SELECT pk FROM sync_parked WHERE tbl=?)"',
        '"? NOTNULL"',
        WAITING,
    ),
    "parked: an offer that is not taken is made for ever": (
        OUTBOX,
        "        parked.withdraw(tx, change.table, change.id)\n        if flew",
        "        if flew",
        WAITING,
    ),
    "refused: what is long forgotten is said to be elsewhere": (
        REFUSED,
        "        return FORGOTTEN",
        "        pass",
        RARE,
    ),
    "refused: an erasure ordered twice looks refused": (
        REFUSED,
        'return "" if code == "APPEND_ONLY" and told and table == ERASURE_TABLE else code',
        "return code",
        ERASE_HERE,
    ),
    "limits: what the enrolment says is not heard": (
        UNITS,
        "(told_limits or identity.limits).items()",
        "(told_limits or {}).items()",
        "sync/test_schedule.py",
    ),
    "put off: a failure becomes that of the transaction before it": (
        SEATED,
        "            _log.error(",
        "            raise\n            _log.error(",
        "accounts/test_attempts.py",
    ),
    "put off: whoever does it lends it his reason and rights": (
        SEATED,
        '        told.clear()\n        told["reason"] = reason',
        "        pass",
        "accounts/test_attempts.py",
    ),
    "lines: which address answered is forgotten": (
        "desktop_app.sync.lines",
        "    _good[host, port] = address",
        "    pass",
        "sync/test_lines.py",
    ),
    "lines: the first address has all the patience": (
        "desktop_app.sync.lines",
        "    if len(found) > 1:",
        "    if False:",
        "sync/test_lines.py",
    ),
    "lines: what is long has as much time as a connection": (
        "desktop_app.sync.wholes",
        "super().send(memoryview(data)[start : start + lines.PIECE])",
        "super().send(data) if start == 0 else None",
        "sync/test_lines.py",
    ),
    "erased: the files keep it if the server was off": (
        ERASING,
        "where at>coalesce((select at from wiped),-1) group",
        "where at>1e15 group",
        "server/test_erasing.py",
    ),
}
