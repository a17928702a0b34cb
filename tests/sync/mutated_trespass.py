"""Rules about what is not one's own to be taken out: orders, what has left, keys that were replaced.

Module, words, what stands in their place, and the tests of which one must notice.
"""

ADMISSION, MOVES = "central_server.admission", "central_server.moves"
AFTER_MOVES, PLANTING = "server/test_trespass_after_moves.py", "server/test_planting.py"
MOVE_THERE, TOLD = "server/test_moves.py", "sync/test_refused_orders.py"

MUTANTS: dict[str, tuple[str, ...]] = {
    "trespass: a desk has anything moved": (
        ADMISSION,
        'return fault or ("" if table in MOVABLE else "NOT_YOURS")',
        "return fault",
        AFTER_MOVES,
    ),
    "trespass: an order over a tombstone is not judged": (
        ADMISSION,
        " and (record is None or not record.values)",
        " and record is None",
        AFTER_MOVES,
    ),
    "trespass: a merged unit shares with anybody": (
        ADMISSION,
        "return self._as_there(change, verdict)",
        "return verdict",
        AFTER_MOVES,
    ),
    "trespass: a late edit names anybody": (
        MOVES,
        "return not audiences.may_name(tree, here.home, here.home, audience, present)",
        "return False",
        AFTER_MOVES,
    ),
    "trespass: a late edit hangs its record anywhere": (
        MOVES,
        "return above is None or above.gone != Gone.MOVED",
        "return False",
        AFTER_MOVES,
    ),
    "trespass: a replaced key lives on": (
        "central_server.exchange",
        "            if replaces:\n",
        "            if 0:\n",
        "sync/test_trust.py",
    ),
    "orders: an erasure that is refused deletes": (
        ADMISSION,
        'if change.op == "d" and (change.table, change.id) in self.to_erase:',
        "if False:",
        TOLD,
    ),
    "orders: an erasure and its deletions are torn apart": (
        "desktop_app.sync.freezing",
        "return chosen[:whole]",
        "return chosen[:at]",
        TOLD,
    ),
    "orders: what had left a merged unit is said to be done": (
        ADMISSION,
        'return "NOT_YOURS"  # it had left before',
        'return ""',
        MOVE_THERE,
        TOLD,
    ),
    "orders: a refused erasure is told for every part": (
        "desktop_app.sync.refused",
        'return {one.id for one in orders if one.values.get("tbl") != "person" and ',
        "return {one.id for one in orders if 0 and ",
        TOLD,
    ),
    "trespass: what a deletion says is kept": (
        "central_server.exchange",
        'one._replace(values={}) if one.op == "d" else one',
        "one",
        PLANTING,
    ),
    "trespass: orders are carried out as they were judged one by one": (
        "central_server.mailbox",
        "        if care.order_fault(change):  # what",
        "        if 0:  # what",
        PLANTING,
    ),
    "trespass: the trail of a namesake is followed": (
        MOVES,
        "        if ARRIVED not in (here.versions or {}):  # what",
        "        if 0:  # what",
        PLANTING,
    ),
    "trespass: half a parent is no parent": (
        ADMISSION,
        "said = {**record.values, **change.values} if record is not None else change.values",
        "said = change.values",
        PLANTING,
    ),
    "waits: heads are found one by one": (
        "central_server.mailbox",
        "    feeds.lock(*care.concerned())\n",
        "",
        PLANTING,
    ),
    "trust: a desk whose answer was lost is shut out": (
        "desktop_app.sync.enrol",
        'asked = code == "REVOKED" and bool(secrets.get(WAITING_KEY))',
        "asked = False",
        "sync/test_trust.py",
    ),
    "trust: a mix-up uses the code up": (
        "central_server.devices",
        "    _must_fit(session, request, scope)\n",
        "",
        "sync/test_enrolling.py",
    ),
    "trust: a desk of another unit is shut out too": (
        "central_server.devices",
        "for unit in Tree(session).line(scope) for device in listed(session, unit)]",
        "for device in listed(session)]",
        "server/test_enrolment.py",
    ),
    "trust: a replacement that was shut out is got again": (
        "central_server.devices",
        "parent=? and public_key=? and revoked_at is null",
        "parent=? and public_key=?",
        PLANTING,
    ),
}
