"""The tables of the mailbox: one generic table holds every record of every kind; no business tables, no field lists."""

from collections.abc import Sequence
from typing import Final

VERSION: Final = 3

TABLES: Final = (
    # the organisation: small, and the same on every node of a cluster
    """create table if not exists unit(
        id bigint not null primary key, name text not null, kind text not null, parent bigint, successor bigint,
        opened_at bigint not null, closed_at bigint)""",
    # one row per unit: the head of its numbering, the digest over all versions, the life it is in, and the number up
    # to which old tombstones have been forgotten
    """create table if not exists scope_head(
        scope_id bigint not null primary key, next_seq bigint not null, digest bigint not null, epoch text not null,
        purged bigint not null default 0)""",
    # one mark per push transaction: proof that a desk and this database have the same past
    """create table if not exists mark(
        scope_id bigint not null, seq bigint not null, nonce text not null, at bigint not null, device bigint not null,
        primary key(scope_id, seq))""",
    # `home` is the unit a record belongs to: in another one stands a copy, which is that unit's feed entry.  `parent`
    # is the record it follows (`table/id`), `holders` the other units that have it (",1,2," or null)
    """create table if not exists record(
        scope_id bigint not null, tbl text not null, id text not null, fields text not null, sync_seq bigint not null,
        sync_ts bigint not null, sync_dev bigint not null, sync_by text, sync_del smallint not null, sync_fv text,
        home bigint not null, parent text, holders text,
        primary key(scope_id, tbl, id))""",
    "create unique index if not exists record_pull on record(scope_id, sync_seq)",
    "create index if not exists record_parent on record(scope_id, parent) where parent is not null",
    # the few that stand in another unit too, or did: whether a unit has any is asked at every push
    "create index if not exists record_shared on record(scope_id, holders) where holders is not null",
    """create table if not exists device(
        scope_id bigint not null, id bigint not null, ordinal int not null, name text not null,
        public_key text not null, parent bigint not null, enrolled_at bigint not null, seen_at bigint not null,
        revoked_at bigint,
        counter bigint not null, nonce text not null, batch_no bigint not null, batch_hash text not null, ack {blob},
        purged bigint not null default 0, expires_at bigint, stands bigint not null default 0,
        told bigint not null default 0,
        primary key(scope_id, id))""",
    "create unique index if not exists device_ordinal on device(scope_id, ordinal)",
    # answers to batches that came on a stick, of which several are under way at once
    """create table if not exists carried(
        scope_id bigint not null, device bigint not null, batch_no bigint not null, batch_hash text not null,
        ack {blob} not null, primary key(scope_id, device, batch_no))""",
    # found by what a stranger says, who has no unit yet: small, and the same on every node of a cluster
    """create table if not exists enrol_code(
        label text not null, hash text not null, scope_id bigint not null, expires_at bigint not null,
        tries smallint not null, used_by bigint, primary key(label))""",
    # what was not taken, kept for the administrator to look at
    """create table if not exists quarantine(
        scope_id bigint not null, tbl text not null, id text not null, at bigint not null, device bigint not null,
        code text not null, body text not null, primary key(scope_id, tbl, id, at))""",
    # keyed hashes of what was erased: a desk or a backup that still has it must not bring it back
    """create table if not exists erasure(
        scope_id bigint not null, hash text not null, at bigint not null, primary key(scope_id, hash))""",
    # up to which moment what was erased has also been taken out of the files
    "create table if not exists wiped(one smallint not null primary key, at bigint not null)",
)

UPGRADES: Final = {
    # version 1 knew communities alone, and a record stood in one place
    2: (
        "alter table scope_head add column purged bigint not null default 0",
        "alter table device add column purged bigint not null default 0",
        "alter table device add column expires_at bigint",
        "alter table record add column home bigint not null default 0",
        "alter table record add column parent text",
        "alter table record add column holders text",
        "update record set home=scope_id",
        "insert into unit(id,name,kind,opened_at) select scope_id,name,'community',0 from scope_head",
        "alter table scope_head drop column name",
    ),
    # version 2 did not know at which marks its desks stand
    3: (
        "alter table device add column stands bigint not null default 0",
        "alter table device add column told bigint not null default 0",
    ),
}
"""Version → what brings a store of the version before up to it, after the missing tables have been made."""


def steps(version: int, where: str, also: Sequence[str] = ()) -> list[str]:
    """The statements that bring a store of a version (0: a new one) to ours; for ours they change nothing.

    `also` are tables of others, made along with these.  Raises RuntimeError for a store that a newer program has made:
    it is left alone.
    """
    if version > VERSION:
        raise RuntimeError(
            f"{where} 是更新版本的程序建立的（格式 {version}，本程序最高 {VERSION}），没有打开。请先升级本程序。"
        )
    statements = [*TABLES, *also]
    tables = [one for one in statements if one.startswith("create table")]
    upgrades = [one for step in range(version + 1, VERSION + 1) for one in UPGRADES.get(step, ())]
    return [*tables, *(upgrades if version else []), *(one for one in statements if one not in tables)]
