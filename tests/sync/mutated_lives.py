"""Rules of repair, leases, erasure, moves, withdrawal, the fuse and bundles to be taken out.

Module, words, what stands in their place, and the tests of which one must notice.
"""

MAILBOX, HISTORY, SYNCING = "central_server.mailbox", "central_server.history", "central_server.syncing"
AUDIENCES, ERASING, MOVES = "central_server.audiences", "central_server.erasing", "central_server.moves"
LEASES, BUNDLES, PURGING = "central_server.leases", "central_server.bundles", "central_server.purging"
DESK_MERGE, OUTBOX, ENGINE = "desktop_app.sync.merge", "desktop_app.sync.outbox", "desktop_app.sync.engine"
REPAIRING, BLANKING, FUSE = "desktop_app.sync.repairing", "desktop_app.sync.blanking", "desktop_app.sync.fuse"
CARRIED, BUNDLE, PARKED = "desktop_app.sync.carried", "desktop_app.sync.bundle", "desktop_app.sync.parked"
RARE, REPAIR, HOME = "sync/test_rare_meetings.py", "sync/test_repairing.py", "sync/test_waiting_for_home.py"
PURGE_THERE, ERASE_THERE, MOVE_THERE = "server/test_purging.py", "server/test_erasing.py", "server/test_moves.py"
SHARE_THERE, STICK_THERE = "server/test_audiences.py", "server/test_bundles.py"
VANISH, STICK, BLOWN, UNITS = "sync/test_vanishing.py", "sync/test_bundle.py", "sync/test_fuse.py", "sync/test_units.py"

OF_REPAIR: dict[str, tuple[str, ...]] = {
    "repair: what was never proved counts as deleted": (
        REPAIRING,
        "return max(now.cur, now.push_seq) if too_old else now.purged",
        "return 1 << 62 if too_old else now.purged",
        RARE,
    ),
    "repair: too old before another past": (
        HISTORY,
        "    check_history(session, scope, head, place)\n    if 0",
        "    if place.epoch != head.epoch:\n        check_history(session, scope, head, place)\n    if 0",
        RARE,
        PURGE_THERE,
    ),
    "repair: one that was cut off counts": (
        ENGINE,
        "done = self._repair()",
        "self._note(REPAIRED_AT); done = self._repair()",
        HOME,
    ),
    "repair: what a guest edits in a lost record goes alone": (
        "desktop_app.sync.rebase",
        '" AND r.scope<>0"',
        '" AND 0"',
        HOME,
    ),
    "repair: what only a guest has waits for ever": (
        "desktop_app.sync.rebase",
        "for below, field, more in blanking.followers(tx, name):",
        "for below, field, more in ():",
        HOME,
    ),
    "withdrawn: what waits beneath stays": (
        DESK_MERGE,
        "        _withdraw_beneath(tx, table.name, [row.id for",
        "        _withdraw_beneath(tx, table.name, [0 for",
        HOME,
    ),
    "erased: what was refused beneath stays": (
        BLANKING,
        'tx.execute(sql, (table.name, f"$.{field}", chosen))',
        "pass",
        RARE,
    ),
    "repair: the past is not proved": (
        "central_server.repairing",
        "    if sums.place:",
        "    if False:",
        "server/test_repair.py",
    ),
    "repair: what waits is dropped": (
        REPAIRING,
        '"AND (sync_seq<=? OR scope OR sync_del) AND local_no NOT IN (SELECT local_no FROM sync_dirty WHERE tbl=?)"',
        '"AND (sync_seq<=? OR scope OR sync_del) AND ?"',
        REPAIR,
    ),
    "repair: other units' records are offered": (
        REPAIRING,
        "own = [number for number in numbers if number not in guests]",
        "own = numbers",
        RARE,
        UNITS,
        REPAIR,
    ),
    "repair: a number too high stays": (REPAIRING, "tx.execute(sql, (row.seq, row.id, row.seq))", "pass", REPAIR),
    "repair: versions that are here already are passed over": (
        REPAIRING,
        "merge.apply(tx, rows, 0, again=True)",
        "merge.apply(tx, rows, 0)",
        REPAIR,
    ),
    "repair: unknown tables are dropped though they are offered": (
        PARKED,
        " AND json_extract(body,'$.offer') IS NOT 1",
        "",
        RARE,
    ),
    "repair: contents are not compared": (
        REPAIRING,
        "sums[bucket_of(table, pk)] += content_hash(table, pk, seq, values)",
        "sums[bucket_of(table, pk)] += version_hash(table, pk, seq)",
        REPAIR,
    ),
    "repair: the desk stays where it was": (
        REPAIRING,
        "state.save(tx, epoch=told.epoch, cur=told.head, **proof, **pushed)",
        "pass",
        REPAIR,
        RARE,
    ),
    "repair: once a day, however often the server goes back": (
        ENGINE,
        "                tx.set_setting(REPAIRED_AT, None)",
        "                pass",
        RARE,
    ),
    "marks: those at which desks stand are thinned": (
        PURGING,
        "kept.update(seq for place in places for seq in place)",
        "pass",
        PURGE_THERE,
    ),
    "marks: those of last pushes are thinned": (
        PURGING,
        'kept = {seq for (seq,) in session.rows("select max(seq) from mark where scope_id=? group by device", unit)}',
        "kept = set()",
        PURGE_THERE,
    ),
    "leases: nobody looks at the start": (
        LEASES,
        "if unit in heads and heads[unit][0] < seq]",
        "if False]",
        PURGE_THERE,
    ),
    "leases: nothing is written down": (
        LEASES,
        "self._seen[unit], self._changed = seq, True",
        "self._changed = False",
        PURGE_THERE,
    ),
    "leases: the same is found at every start": (
        LEASES,
        "self._seen |= {unit: heads[unit][0] for unit in behind}",
        "pass",
        PURGE_THERE,
    ),
}

OF_VANISHING: dict[str, tuple[str, ...]] = {
    "erased: what follows a forgotten record stays": (
        ERASING,
        "(feeds.followers(unit, forgotten) if forgotten else [])",
        "[]",
        ERASE_THERE,
        RARE,
    ),
    "restore: what waits for a record under the common mark itself waits for ever": (
        ENGINE,
        "return not rebase.offer_found(self._db)",
        "return True",
        RARE,
    ),
    "merged: what the successor never heard named stays at one desk": (
        DESK_MERGE,
        "            self._offer_unnamed(table, rows)",
        "            pass",
        RARE,
    ),
    "merged: a field to come stays at one desk": (
        DESK_MERGE,
        "if not lone.issubset(table.columns):",
        "if False:",
        RARE,
    ),
    "erased: what was set aside stays": (
        ERASING,
        "    _forget_quarantine(feeds.session, unit, {record_id for _, record_id in closure}, set(wanted))",
        "    pass",
        ERASE_THERE,
    ),
    "erased: what was set aside in an earlier unit stays": (
        ERASING,
        'from quarantine where scope_id in (select scope_id from scope_head)"',
        "from quarantine where scope_id in (select scope_id from scope_head where scope_id not in (select id from unit "
        'where successor is not null))"',
        "server/test_rare_meetings.py",
    ),
    "erased: what is refused while that is ordered stays": (OUTBOX, " or self._is_to_go(change)", "", RARE),
    "purge: an edit of what is forgotten makes half a record": (
        MAILBOX,
        'if change.op == "u" and change.base and not code and (record is None',
        "if False and (record is None",
        PURGE_THERE,
    ),
    "merged: what is edited while a desk joins is pushed alone": (OUTBOX, "    rebase.hold(tx)", "    pass", RARE),
    "moved: guests keep what met another record": (
        MOVES,
        "            _take_from_guest(feeds, guest, key, unit)",
        "            pass",
        MOVE_THERE,
    ),
    "erased: not where it stands as a copy": (
        ERASING,
        "places = _places(feeds.session, unit, closure) | feeds.in_hand(unit, closure)",
        "places = feeds.in_hand(unit, closure)",
        ERASE_THERE,
        UNITS,
    ),
    "erased: nothing is written outside the database": (
        ERASING,
        "    erased_list.note(done.entries)",
        "    pass",
        ERASE_THERE,
    ),
    "erased: what the server did not take stays at the desk": (
        DESK_MERGE,
        "        refused.forget(tx, table.name, row.id)",
        "        pass",
        RARE,
        VANISH,
    ),
    "erased: what was deleted beneath stays at the desk": (
        DESK_MERGE,
        "        blanking.blank_buried_beneath(tx, table.name, erased)",
        "        pass",
        RARE,
    ),
    "erased: what was set aside beneath stays at the desk": (
        DESK_MERGE,
        "        blanking.offer_beneath(tx, table.name, erased)",
        "        pass",
        RARE,
    ),
    "erased: the history of the desk keeps it": (
        BLANKING,
        '    tx.execute(f"DELETE FROM journal_change WHERE tbl=? AND row IN {_CHOSEN}", (table.no, chosen))',
        "    pass",
        VANISH,
    ),
    "erased: drafts keep it": (BLANKING, "    _forget_drafts(tx, table, chosen)", "    pass", VANISH),
    "moved: what its writer had seen is forgotten": (
        MOVES,
        "bases[name] = arrived if seen >= left or held.seq <= seen or held.device == device else 0",
        "bases[name] = 0",
        MOVE_THERE,
    ),
    "moved: the trail is not followed further": (
        MOVES,
        "        here = feeds.get(unit, key)\n    if here is None or here.gone in",
        "        here = feeds.get(unit, key)\n        break\n    if here is None or here.gone in",
        MOVE_THERE,
    ),
    "moved: a new record writes into another of the same name": (
        MOVES,
        "    if feeds.get(to, key) is not None:\n        return None",
        "    if False:\n        return None",
        MOVE_THERE,
        "server/test_trespass.py",
    ),
    "moved: guests are not told": (
        MOVES,
        "            _tell_guest(feeds, guest, key, to)",
        "            pass",
        MOVE_THERE,
    ),
    "moved: differences with what stands there are lost": (
        MOVES,
        "met = _differences(feeds, to, held, record)",
        "met = []",
        MOVE_THERE,
        UNITS,
    ),
    "moved: pending fields are blanked": (
        DESK_MERGE,
        "blanking.blank(tx, table, [here.local_no], mine.fields(table))",
        "blanking.blank(tx, table, [here.local_no])",
        VANISH,
        RARE,
    ),
    "withdrawn: what was written in an addition makes half a record": (
        OUTBOX,
        "                self._leave(change, code, flew, here)",
        "                pass",
        RARE,
    ),
    "withdrawn: what waited is lost": (
        DESK_MERGE,
        "refused.note(tx, table.name, row.id, code, pending.values(tx, table, mine))",
        "pass",
        VANISH,
    ),
    "withdrawn: guests may answer in what is only shown": (
        AUDIENCES,
        "return rules_of(root.table).reach is Reach.NAMED",
        "return True",
        SHARE_THERE,
        "server/test_trespass.py",
    ),
    "audience: a guest takes others out": (
        AUDIENCES,
        "return speaker == home or speaker in tree.above(home) or lost <= {speaker}",
        "return True",
        SHARE_THERE,
    ),
    "audience: anybody may be named": (
        AUDIENCES,
        "if not all(tree.may_be_named(unit, home, speaker) for unit in named - known - {home}):",
        "if False:",
        SHARE_THERE,
    ),
    "merged: guests of a merged unit are forgotten": (
        "central_server.regrouping",
        "    for key, home in _guests(storage, unit):",
        "    for key, home in ():",
        MOVE_THERE,
        "server/test_rare_meetings.py",
        SHARE_THERE,
    ),
}

OF_CARRYING: dict[str, tuple[str, ...]] = {
    "fuse: each page counts for itself": (
        FUSE,
        "    tx.set_setting(PASSED, orjson.dumps(passed + Counter(coming)).decode())",
        "    pass",
        BLOWN,
    ),
    "fuse: a push is not looked at": (FUSE, "        if count > most(total):", "        if False:", BLOWN),
    "fuse: what a person confirmed is asked about again": (
        MAILBOX,
        "    if not batch.sure:",
        "    if True:",
        PURGE_THERE,
        BLOWN,
    ),
    "bundles: a batch may come late": (
        SYNCING,
        "if carried and devices.is_late(session, device, batch.number):",
        "if False:",
        STICK_THERE,
        STICK,
    ),
    "bundles: answers are not kept": (
        SYNCING,
        "            devices.keep_ack(session, device, batch.number, said.digest, done.ack)",
        "            pass",
        STICK_THERE,
        STICK,
    ),
    "bundles: answers are kept for ever": (
        BUNDLES,
        "            self._forget_acks(batch.number if batch else 0)",
        "            pass",
        STICK_THERE,
    ),
    "bundles: anybody's request is taken": (
        BUNDLES,
        "        if (known.scope, known.id) != (self._device.scope, self._device.id):",
        "        if False:",
        STICK_THERE,
    ),
    "bundles: a revoked desk's file is taken": (
        BUNDLES,
        "    if device.revoked_at is not None:",
        "    if False:",
        STICK_THERE,
    ),
    "bundles: a starter is good for ever": (
        BUNDLES,
        "    if device.expires_at is not None and device.expires_at < central.now():",
        "    if False:",
        STICK_THERE,
    ),
    "bundles: a page may begin anywhere": (
        CARRIED,
        'if _number(answer.headers.get(bundle.AFTER, "0")) > now.cur or (now.epoch and now.epoch != page.epoch):',
        "if False:",
        STICK,
    ),
    "bundles: any answer settles a batch": (
        CARRIED,
        "return next((box for box in boxes if (str(box.number), body_hash(box.body)) == wanted), None)",
        "return next(iter(boxes), None)",
        STICK,
    ),
    "bundles: another desk's file is taken in": (
        BUNDLE,
        "    if not now.device or keys is None or (header.scope, header.device) != (now.scope, now.device):",
        "    if keys is None:",
        STICK,
    ),
    "bundles: what is in flight is frozen again": (
        "desktop_app.sync.freezing",
        "WHERE f.tbl=sync_dirty.tbl AND f.local_no=sync_dirty.local_no) ",
        "WHERE 0) ",
        STICK,
    ),
    "bundles: a page is stored while batches are in flight": (
        ENGINE,
        "stored = page is not None and outbox.current(tx) is None",
        "stored = page is not None",
        STICK,
    ),
}
MUTANTS = OF_REPAIR | OF_VANISHING | OF_CARRYING
