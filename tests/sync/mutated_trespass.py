"""Rules about what is not one's own to be taken out: orders, what has left, keys that were replaced.

Module, words, what stands in their place, and the tests of which one must notice.
"""

ADMISSION, MOVES = "central_server.admission", "central_server.moves"
AFTER_MOVES, PLANTING = "server/test_trespass_after_moves.py", "server/test_planting.py"
MOVE_THERE, TOLD = "server/test_moves.py", "sync/test_refused_orders.py"
ENROL, RENEWING = "desktop_app.sync.enrol", "sync/test_renewing.py"
CELLS, LONG = "sync/test_cells.py", "sync/test_long_answers.py"

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
    "renewal: any unit it names is joined": (
        ENROL,
        "    if identity.scope == own:\n        return\n",
        "    return\n",
        RENEWING,
    ),
    "renewal: another unit than the merger's is joined": (
        ENROL,
        "if identity.scope == told and",
        "if told and",
        RENEWING,
    ),
    "renewal: a changed key is one of the successor": (
        "central_server.exchange",
        "if replaces and present.successor is not None:",
        "if False:",
        RENEWING,
    ),
    "renewal: a merged unit says what it cannot mean": (
        "central_server.syncing",
        'refusal.code not in ("HISTORY", "CLONE")',
        "True",
        "sync/test_rare_meetings.py",
    ),
    "renewal: an identity whose answer was lost is forgotten in a merger": (
        "central_server.devices",
        "dict.fromkeys((device.scope, scope))",
        "(scope,)",
        RENEWING,
    ),
    "renewal: what a desk was before is not tried": (
        ENROL,
        "[: -MOST_ASKED - 1 : -1]",
        "[:0]",
        RENEWING,
    ),
    "cells: many are stored unseen": (
        "desktop_app.sync.cells",
        "if kind and not _fits(kind, cells):",
        "if False:",
        CELLS,
    ),
    "cells: those of an answer are stored unseen": (
        "desktop_app.sync.merge",
        "not row.gone and not cells.fit(row.table, row.values)",
        "False",
        CELLS,
    ),
    "long: a page is counted in records alone": (
        "central_server.records",
        "        if size > most:\n",
        "        if False:\n",
        LONG,
    ),
    "long: no mark within a push": (
        "central_server.feeds",
        "if size > records.PAGE_CHARACTERS and seq < last:",
        "if False:",
        LONG,
    ),
    "long: what keeps its number is marked again": (
        "central_server.feeds",
        " if seq >= feed.head.next_seq]",
        "]",
        LONG,
    ),
    "long: an answer is as long as it comes": (
        "central_server.syncing",
        "if len(text) > codec.PAGE_CAP // 2 and",
        "if False and",
        LONG,
    ),
    "long: a record grows for ever": (
        "central_server.feeds",
        "characters > records.MOST_CHARACTERS",
        "False",
        LONG,
    ),
}
