"""The tables of the mailbox: one generic table holds every record of every kind; no business tables, no field lists."""

from typing import Final

VERSION: Final = 1

TABLES: Final = (
    # one row per community: the head of its numbering, the digest over all versions, and the life it is in
    """create table if not exists scope_head(
        scope_id bigint not null primary key, name text not null, next_seq bigint not null, digest bigint not null,
        epoch text not null)""",
    # one mark per push transaction: proof that a desk and this database have the same past
    """create table if not exists mark(
        scope_id bigint not null, seq bigint not null, nonce text not null, at bigint not null, device bigint not null,
        primary key(scope_id, seq))""",
    """create table if not exists record(
        scope_id bigint not null, tbl text not null, id text not null, fields text not null, sync_seq bigint not null,
        sync_ts bigint not null, sync_dev bigint not null, sync_by text, sync_del smallint not null, sync_fv text,
        primary key(scope_id, tbl, id))""",
    "create unique index if not exists record_pull on record(scope_id, sync_seq)",
    """create table if not exists device(
        scope_id bigint not null, id bigint not null, ordinal int not null, name text not null,
        public_key text not null, parent bigint not null, enrolled_at bigint not null, seen_at bigint not null,
        revoked_at bigint,
        counter bigint not null, nonce text not null, batch_no bigint not null, batch_hash text not null, ack {blob},
        primary key(scope_id, id))""",
    """create table if not exists enrol_code(
        label text not null, hash text not null, scope_id bigint not null, expires_at bigint not null,
        tries smallint not null, used_by bigint, primary key(label))""",
    # what was not taken, kept for the administrator to look at
    """create table if not exists quarantine(
        scope_id bigint not null, tbl text not null, id text not null, at bigint not null, device bigint not null,
        code text not null, body text not null, primary key(scope_id, tbl, id, at))""",
)
