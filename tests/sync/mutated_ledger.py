"""Rules of points to be taken out: module, words, what stands in their place, the tests of which one must notice."""

FOLDING, CLASHES = "desktop_app.points.folding", "desktop_app.points.clashes"
ERASING, ERASED = "desktop_app.sync.erasing", "sync/test_points_of_erased.py"
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
    "points: who was entered twice keeps two accounts": (
        "desktop_app.points.joining",
        "several = [sorted(one) for one in found.values() if len(one) > 1]",
        "several = []",
        "points/test_joining.py",
    ),
    "points: a voucher of another community may be taken in again": (
        "desktop_app.points.elsewhere",
        "ref_type=told.ref_type, ref_id=told.ref_id,",
        "",
        "sync/test_points_elsewhere.py",
    ),
    "points: the name of a reviewer who was erased stays with others": (
        ERASING,
        "named = [] if sealed_on else points.unname(tx, people, _names(person))",
        "named = []",
        ERASED,
    ),
    "points: a late reversal names what was told again since": (
        ERASING,
        "    if points.astray(db):\n        return True\n",
        "",
        ERASED,
    ),
    "erasure: a clash keeps what was taken out of the record": (
        ERASING,
        "f\"WHERE c.tbl='{table}' AND",
        'f"WHERE 0 AND',
        ERASED,
    ),
    "erasure: what was deleted beneath somebody long forgotten stays": (
        "desktop_app.sync.merge",
        "        blanking.blank_buried_beneath(self._tx, table.name, unheard)",
        "        pass",
        "sync/test_vanishing.py",
    ),
    "points: a number is no news": ("desktop_app.sync.numbering", "        tx.touched(name)", "        pass", TESTS),
}
