"""Rules of points to be taken out: module, words, what stands in their place, the tests of which one must notice."""

FOLDING, CLASHES = "desktop_app.points.folding", "desktop_app.points.clashes"
APART, TESTS = "sync/test_points_apart.py", "sync/test_ledger.py"

MUTANTS: dict[str, tuple[str, ...]] = {
    "points: what was given twice counts twice": (
        FOLDING,
        "return Stale(one.id, holder, TWICE) if holder else None",
        "return None",
        APART,
    ),
    "points: what was taken back twice counts twice": (
        FOLDING,
        "            return Stale(one.id, earlier, BACK_TWICE)",
        "            return None",
        APART,
    ),
    "points: whoever writes later counts": (
        FOLDING,
        "for one in in_order(entries):\n        if one.sync_del:\n            continue\n        if because",
        "for one in in_order(entries)[::-1]:\n        if one.sync_del:\n            continue\n        if because",
        APART,
    ),
    "points: nobody is told of an overdraft": (
        CLASHES,
        "            note_clashes(tx, TABLE, [said], numbered, kind=OVERDRAFT)",
        "            pass",
        APART,
    ),
    "points: an overdraft that was made good is asked about for ever": (
        CLASHES,
        'tx.change(Conflict, key, status="kept", resolved_at=tx.db.clock.ms())',
        "pass",
        APART,
    ),
    "points: a number is no news": ("desktop_app.sync.numbering", "        tx.touched(name)", "        pass", TESTS),
}
