"""What the console keeps besides the mailbox: its users, their sessions, what they did, how desks last fared.

None of it belongs to a unit's records, so on a cluster these are reference tables, apart from `device_contact`.
"""

from typing import Final

TABLES: Final = (
    """create table if not exists console_user(
        name text not null primary key, password text not null, unit bigint, made_at bigint not null,
        disabled_at bigint)""",
    """create table if not exists console_session(
        hash text not null primary key, name text not null, csrf text not null, made_at bigint not null,
        seen_at bigint not null)""",
    """create table if not exists console_attempt(
        who text not null, at bigint not null, id text not null, primary key(who, at, id))""",
    """create table if not exists console_known(
        who text not null primary key, at bigint not null)""",
    """create table if not exists console_audit(
        at bigint not null, id text not null, name text not null, action text not null, unit bigint,
        detail text not null, primary key(at, id))""",
    """create table if not exists console_slip(
        name text not null primary key, box text, made_at bigint not null, shown_at bigint)""",
    """create table if not exists device_contact(
        scope_id bigint not null, device bigint not null, at bigint not null, code text not null,
        primary key(scope_id, device))""",
)
