"""Rules of merging, clones, restores and units to be taken out: module, words, what stands in their place.

Seeded worlds must notice those that name no tests.
"""

MERGE, MAILBOX, HISTORY = "central_server.merge", "central_server.mailbox", "central_server.history"
SYNCING, AUDIENCES, ADMISSION = "central_server.syncing", "central_server.audiences", "central_server.admission"
ERASING, DESK_MERGE, OUTBOX = "central_server.erasing", "desktop_app.sync.merge", "desktop_app.sync.outbox"
REBASE, ENGINE, MOVES = "desktop_app.sync.rebase", "desktop_app.sync.engine", "central_server.moves"
SAW = "return seen >= record.seq or held.seq <= seen or held.device == device"

MUTANTS: dict[str, tuple[str, ...]] = {
    "R2 pending fields forget what they were based on": (
        DESK_MERGE,
        "bases.setdefault(name, here.seq)",
        "pass",
        "sync/test_two_desks.py",
    ),
    "R3 untouched fields have no creation": (
        MERGE,
        "return {CREATED: Version(record.seq, record.ts, record.device, record.by)}",
        "return {CREATED: NEVER}",
        "sync/test_two_desks.py",
    ),
    "R4 a device clashes with itself": (MERGE, " or held.device == device", "", "sync/test_two_desks.py"),
    "R5 the truth in the ack is ignored": (
        OUTBOX,
        "digest = merge.apply(tx, ack.truth, digest).digest",
        "pass",
        "sync/test_two_desks.py",
    ),
    "R5 fields edited again lose the older base": (
        OUTBOX,
        "                self._keep_bases(table, flew, mine)",
        " " * 16 + "pass",
        "sync/test_two_desks.py",
        "sync/test_conflicts.py",
        "sync/test_hard_cases.py",
    ),
    "R6 what others changed counts as clean": (
        MAILBOX,
        "if record.seq > intake.batch.place.cur:",
        "if False:",
        "sync/test_two_desks.py",
    ),
    "R7 pages end anywhere": (
        MAILBOX,
        "found += records.after(session, scope, last, upto=to)",
        "to = last",
        "server/test_exchange.py",
    ),
    "R8 the last push is not proved": (
        HISTORY,
        "{place.mark, place.push} if place.push[0] > place.cur else",
        "",
        "server/test_exchange.py",
        "server/test_purging.py",
    ),
    "R8 nothing is proved": (
        HISTORY,
        " and _has_marks(session, scope, place)\n",
        "\n",
        "server/test_exchange.py",
        "server/test_purging.py",
    ),
    "R9 bases survive the epoch": (REBASE, "min(base, common)", "base", "sync/test_rare_meetings.py"),
    "R10 equal values clash": (MERGE, "if present == value:", "if False:", "sync/test_two_desks.py"),
    "R11 tombstones have content": (
        "central_server.records",
        "() if gone else tuple(values)",
        "tuple(values)",
        "server/test_exchange.py",
    ),
    "R13 mark 0 passes as proof": (
        HISTORY,
        "if place.cur == 0 and place.push[0] == 0:",
        "if place.mark[0] == 0 or place.push[0] == 0:",
        "server/test_exchange.py",
    ),
    "R14 future stamps are not clamped": (
        MAILBOX,
        "max(0, min(change.ts, intake.latest))",
        "change.ts",
        "server/test_exchange.py",
    ),
    "once: a repeated batch is refused": (SYNCING, "if kept is not None:", "if False:", "server/test_exchange.py"),
    "clones: no nonce": (
        "central_server.devices",
        "if device.nonce not in (last, following):",
        "if False:",
        "server/test_exchange.py",
    ),
    "clones: no chain": (
        SYNCING,
        "if (batch.number, batch.prev) != (device.batch_no + 1, device.batch_hash):",
        "if False:",
        "server/test_exchange.py",
    ),
    "clones: what was in flight is forgotten": (
        REBASE,
        "    pending.take_back_all(tx)\n",
        '    tx.execute("DELETE FROM sync_fly")\n    tx.execute("DELETE FROM sync_outbox")\n',
        "sync/test_hard_cases.py",
    ),
    "merge: the clock decides": (MERGE, SAW, "return False", "server/test_exchange.py"),
    "merge: the last push wins": (MERGE, SAW, "return True", "server/test_exchange.py"),
    "merge: a deletion beats an edit": (MERGE, "if saw_all or record.deleted:", "if True:"),
    "restore: nothing is offered again": (
        REBASE,
        "            _offer_again(tx, table, common, wrote)",
        "            pass",
        "sync/test_hard_cases.py",
    ),
    "restore: vanished rows keep a number": (
        REBASE,
        "sync_seq=iif(sync_del>?,0,?) WHERE",
        "sync_seq=iif(sync_del>?,?1,?) WHERE",
        "sync/test_units.py",
    ),
    "withdrawn: the desk keeps the content": (
        DESK_MERGE,
        "            blanking.blank(tx, table, local_nos, erased=kind == Gone.ERASED)",
        "            pass",
    ),
    "withdrawn: the server keeps the content": (
        AUDIENCES,
        "held.values, held.versions, held.gone, held.holders = {}, None, Gone.WITHDRAWN, (held.home,)",
        "held.gone, held.holders = Gone.WITHDRAWN, (held.home,)",
    ),
    "withdrawn: nobody is told": (AUDIENCES, "        withdraw(feeds, other, key)", "        pass"),
    "audience: not for what follows": (
        AUDIENCES,
        "return frozenset({unit, *above.holders} - {record.home})",
        "return frozenset()",
    ),
    "forgotten: a tombstone without content is brought back by half": (
        MAILBOX,
        "(record is None or _is_bare(record))",
        "record is None",
        "sync/test_rare_meetings.py",
    ),
    "merged: what its desks have ordered is done where nothing is": (
        MAILBOX,
        "where = moves.landing(feeds, care.tree, unit, None) or unit",
        "where = unit",
        "server/test_moves.py",
        "sync/test_rare_meetings.py",
    ),
    "audience: a guest that leaves takes back what it wrote": (
        MAILBOX,
        "for key in sorted(changed, key=lambda key: not changed[key].parent):",
        "for key in [*changed]:",
        "server/test_audiences.py",
    ),
    "audience: residents too": (
        AUDIENCES,
        "if rules.reach is Reach.NAMED:",
        "if rules.reach is not Reach.UPWARD:",
        "server/test_audiences.py",
    ),
    "audience: another unit's record is written over": (
        AUDIENCES,
        "if held is not None and held.gone not in VANISHED and held.home != record.home:",
        "if False:",
    ),
    "moved: late edits are not passed on": (
        ADMISSION,
        "if seen else FORWARDED",
        "if seen else NOT_YOURS",
        "server/test_moves.py",
    ),
    "moved: what follows stays": (
        MOVES,
        "erasing.closure_of(feeds, unit, keys)",
        "[feeds.get(unit, key) for key in keys]",
    ),
    "moved: the new home is not told": (MOVES, "        feeds.put(to, arrived)\n", ""),
    "erased: the identifier is accepted again": (
        ADMISSION,
        "if (change.table, change.id) in self.erased and record is None:",
        "if False:",
        "server/test_erasing.py",
    ),
    "erased: what follows is accepted": (
        ADMISSION,
        "if erased or (parent and key_of(parent) in self.erased):",
        "if False:",
    ),
    "erased: stored answers stay": (ERASING, "            _forget_in_acks(session, unit, keys)", "            pass"),
    "erased: not again after a restore": (ERASING, "    if not missing:\n", "    if True:\n"),
    "purge: nobody is told": (
        "central_server.purging",
        'set purged=?,digest=? where scope_id=?", upto,',
        'set purged=?,digest=? where scope_id=?", head.purged,',
        "server/test_purging.py",
    ),
    "purge: nobody is too old": (
        HISTORY,
        "if 0 < place.cur < head.purged and told < head.purged:",
        "if False:",
        "server/test_purging.py",
    ),
    "fuse: off at the desk": (
        "desktop_app.sync.fuse",
        "        if count > most(total):",
        "        if False:",
        "sync/test_fuse.py",
    ),
    "fuse: off at the desk and the server": (
        "central_server.fuse",
        "if count * SHARE > total:",
        "if False:",
        "server/test_purging.py",
    ),
    "merged: the last exchange looks like an arrival": (
        ENGINE,
        "told = page.digest is not None or not box",
        "told = True",
    ),
    "merged: the successor forgets what was erased": (
        "central_server.regrouping",
        "    _inherit_erasures(session, unit, into)",
        "    pass",
    ),
    "merged: changes do not wait": (
        REBASE,
        'whose = "" if source.rows(setting, (merge.JOINED,)) else " AND r.scope<>0"',
        'whose = " AND r.scope<>0"',
        "sync/test_rare_meetings.py",
    ),
    "too old: the unit has gone": (ENGINE, 'if refusal.code != "SCOPE_GONE":', "if True:"),
}
