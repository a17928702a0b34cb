"""Rules of what a desk does beside the waiting, to be taken out.

Module, words, what stands in their place, and the tests of which one must notice.
"""

AHEAD, ENGINE, NEWCOMERS = "desktop_app.sync.ahead", "desktop_app.sync.engine", "central_server.newcomers"
BESIDE, MANY = "sync/test_ahead.py", "server/test_newcomers.py"

MUTANTS: dict[str, tuple[str, ...]] = {
    "ahead: a draft is sent though somebody has written": (
        AHEAD,
        " or _version(ready.reader) != ready.version",
        "",
        BESIDE,
    ),
    "ahead: a draft is sent though the answer brought records": (
        AHEAD,
        "return not told and now.cur",
        "return now.cur",
        BESIDE,
    ),
    "ahead: deletions go in a draft": (AHEAD, "(op='d' OR tbl=?)", "(0 OR tbl=?)", BESIDE),
    "ahead: the nonce is not on the disk": (
        AHEAD,
        'state.save(tx, nonce=":".join(nonce), counter=max(now.counter, client.counter + 1))',
        "pass",
        BESIDE,
    ),
    "ahead: what is written waits for the end of a long pull": (
        AHEAD,
        " or outbox.anything(self._db):\n            return",
        ":\n            return",
        BESIDE,
    ),
    "ahead: marks that may be thinned are counted on": (AHEAD, "pull.place.cur < page.purged", "False", BESIDE),
    "ahead: a page is stored wherever it begins": (ENGINE, " and ahead.begins_here(tx, pull)", "", BESIDE),
    "newcomers: what is there already is new": (NEWCOMERS, " or not feeds.unheard(unit, keys)", "", MANY),
    "newcomers: whatever a field holds is taken": (NEWCOMERS, "not PLAIN_KINDS.issuperset(", "not any(", MANY),
    "newcomers: stamps of the future hold": (NEWCOMERS, "max(0, min(one.ts, latest))", "one.ts", MANY),
    "newcomers: what follows another stands alone": (
        NEWCOMERS,
        "audiences.parent_of(one.table, one.values) if one.table in followed else None",
        "None",
        MANY,
    ),
    "newcomers: however big a record is": (NEWCOMERS, "max(map(len, texts)) * BYTES > ROW_BYTES", "False", MANY),
}
