"""A bad network between the desks and the server: everything that may happen to one request."""

import collections
from collections.abc import Mapping
from typing import Any

from central_server.exchange import Reply, Request
from central_server.exchange import refused as refused_reply
from desktop_app.shared.errors import LockedError, NetworkError
from desktop_app.sync import engine
from desktop_app.sync.client import Answer
from desktop_app.sync.wire import CODEC
from sync_protocol import codec, signing
from sync_protocol.digests import body_hash
from sync_protocol.messages import Ack, Batch, Gone, Page, rows_from_wire
from sync_protocol.refusals import Refused
from sync_protocol.shapes import member
from tests.sync import people
from tests.sync.verdict import ViolationError

PORTAL = Answer(200, {"content-type": "text/html"}, "<html>请先登录网络</html>".encode())
TOO_LARGE = Answer(413, {"content-type": "text/html"}, b"<html>Request Entity Too Large</html>")


def carry(world: Any, desk: Any, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """One request and its answer."""
    request = (path, headers, body)
    desk.sent.append(request)
    before_it_leaves(world, desk)
    if world.fault("drop_request", 0.05):
        lost(world, desk, "request", body, path)
        raise NetworkError("lost")
    if world.fault("late_request", 0.03):
        deliver(world, *world.rng.choice(desk.sent))
    if world.fault("twice", 0.04):
        deliver(world, *request)
    if world.fault("mangled_request", 0.015):
        request = (path, headers, damaged(world, body))
    for name, chance, answer in (("captive_portal", 0.005, PORTAL), ("proxy_413", 0.004, TOO_LARGE)):
        if world.fault(name, chance):
            return answer
    if world.fault("busy", 0.01):
        return answered(refused_reply(Refused("BUSY", retry_after=world.rng.choice((1, 60, 10**9)))))
    answer = deliver(world, *request)
    desk.answers.append(answer)
    return on_the_way_back(world, desk, answer, path)


def before_it_leaves(world: Any, desk: Any) -> None:
    if world.fault("edit_in_flight", 0.1):
        fuse, desk.db.fuse = desk.db.fuse, None
        with desk.db.unlimited():  # on a full disk the person would be told that nothing was saved
            people.act(world, desk)
        desk.db.fuse = fuse
    if world.fault("two_instances", 0.02):
        use_another_instance(world, desk)
    world.meanwhile(desk)


def use_another_instance(world: Any, desk: Any) -> None:
    """The program is open a second time: it may edit, but not sync."""
    first, desk.db = desk.db, desk.another()
    try:
        people.edit(world, desk)
        engine.sync_now(desk.db, desk.secrets, transport=desk)
        raise ViolationError(f"{desk.name} syncs twice at the same time")
    except LockedError:
        pass
    finally:
        desk.db.close()
        desk.db = first


def on_the_way_back(world: Any, desk: Any, answer: Answer, path: str) -> Answer:
    if world.fault("drop_answer", 0.06):
        lost(world, desk, "answer", answer.body, path)
        raise NetworkError("lost")
    if world.fault("mangled_answer", 0.015):
        return Answer(answer.status, answer.headers, damaged(world, answer.body))
    if world.fault("stripped_headers", 0.005):
        return Answer(answer.status, {}, answer.body)
    return answer


def damaged(world: Any, data: bytes) -> bytes:
    """The tail cut off, or one bit flipped, often in the header, where it hurts most."""
    if world.rng.random() < 0.2:
        return data[: world.rng.randrange(len(data))]
    length = world.rng.choice((min(12, len(data)), len(data)))
    where, flipped = world.rng.randrange(length * 8), bytearray(data)
    flipped[where // 8] ^= 1 << where % 8
    return bytes(flipped)


# ---------------------------------------------------------------------------------------------------------- the server


def deliver(world: Any, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """One of the server's processes answers; what it says and hears is compared with what may be."""
    central = world.rng.choice(world.centrals) if len(world.centrals) > 1 else world.centrals[0]
    world.answering = True
    reply = central.answer(Request("POST", path, headers, body))
    world.answering = False
    if reply.status == 200 and path == "/v1/sync":
        watch_sync(world, headers, body, reply)
    elif reply.status == 200 and path == "/v1/fetch":
        rows = rows_from_wire(member(CODEC.unpack(reply.body, codec.PAGE_CAP), "groups"))
        watch_rows(world, unit_of(headers), rows, "fetch", headers)
    elif reply.status != 200:
        world.tell(f"server → {speaker(world, headers)}: {reply.status} {reply.facts.get('code')}", aside=True)
    return answered(reply)


def answered(reply: Reply) -> Answer:
    return Answer(reply.status, {signing.HEADER_HASH: body_hash(reply.body)}, reply.body)


def unit_of(headers: Mapping[str, str]) -> int:
    return signing.parse_device_name(headers[signing.HEADER_DEVICE])[0]


def speaker(world: Any, headers: Mapping[str, str]) -> str:
    name = headers.get(signing.HEADER_DEVICE, "")
    return next((desk.name for desk in world.desks if name.endswith(f".{desk.identity()}")), name)


def watch_sync(world: Any, headers: Mapping[str, str], body: bytes, reply: Reply) -> None:
    _, push = codec.split(body, 2)
    packed, page = codec.split(reply.body, 2)
    unit = unit_of(headers)
    if push:
        batch = Batch.from_wire(CODEC.unpack(push, codec.PUSH_CAP))
        ack = Ack.from_wire(CODEC.unpack(packed, codec.PAGE_CAP))
        world.facts.pushed(taken(batch, ack))
        note_erasures(world, unit, batch, ack)
        note_taken_away(world, batch, ack)
        ask_about_deletions(world, batch)
        tell_push(world, headers, batch, ack)
        watch_rows(world, unit, ack.truth, "with the ack", headers)
    watch_rows(world, unit, Page.from_wire(CODEC.unpack(page, codec.PAGE_CAP)).rows, "page", headers)


def taken(batch: Batch, ack: Ack) -> list:
    """The changes of a batch that the server did not refuse: it has no other."""
    codes = dict(ack.refused)
    return [change for at, change in enumerate(batch.changes) if at not in codes]


def note_erasures(world: Any, unit: int, batch: Batch, ack: Ack) -> None:
    """An order the server took counts from now on, unless the record had gone to another unit long ago."""
    for change, number in zip(batch.changes, ack.numbers, strict=True):
        if change.table == "erasure" and number and change.op != "d":
            record = change.values["row_id"]
            sql = "select 1 from record where id=? and home=scope_id and scope_id<>? and sync_del<2"
            if not world.server_rows(sql, record, unit):
                world.facts.erased.add(record)


def note_taken_away(world: Any, batch: Batch, ack: Ack) -> None:
    """What a guest wrote as it left stands on the server alone, until somebody has heard of it."""
    left = {(row.table, row.id) for row in ack.truth if row.gone == Gone.WITHDRAWN}
    for change in taken(batch, ack):
        if (change.table, change.id) in left:
            world.facts.disk_lost.update(value for value in change.values.values() if isinstance(value, str))


def ask_about_deletions(world: Any, batch: Batch) -> None:
    """So many deletions that they look like an accident are taken only if somebody has confirmed them."""
    deleted = collections.Counter(change.table for change in batch.changes if change.op == "d")
    for table, count in deleted.items():
        if count > max(world.weather["fuse"], world.living(table) // 50) and not batch.sure:
            raise ViolationError(f"{count} records of {table} were deleted, and nobody was asked")


def watch_rows(world: Any, unit: int, rows: list, way: str, headers: Mapping[str, str]) -> None:
    """No unit ever hears the content of what nobody shared with it."""
    for row in rows:
        about = str(row.values.get("row_id")) if row.table == "conflict" else row.id
        known = world.facts.root(about) in world.facts.records
        if row.gone == 0 and known and not world.facts.may_hear(unit, about):
            raise ViolationError(f"unit {unit} hears {row.table} {row.id}, which is not for it", [about])
    if world.story:
        for row in rows:
            about = [row.id, str(row.values.get("row_id", ""))]
            what = f"gone {int(row.gone)}" if row.gone else f"{ {k: str(v)[:24] for k, v in row.values.items() if v} }"
            world.tell(f"server → {speaker(world, headers)} ({way}): {row.table} {row.id} no {row.seq} {what}", *about)


def tell_push(world: Any, headers: Mapping[str, str], batch: Batch, ack: Ack) -> None:
    if not world.story:
        return
    codes = dict(ack.refused)
    for at, (change, number) in enumerate(zip(batch.changes, ack.numbers, strict=True)):
        said = {name: str(value)[:24] for name, value in change.values.items() if value}
        words = f"refused {codes[at]}" if at in codes else f"number {number}"
        seen = f"base {change.base} {dict(change.bases) or ''}"
        start = f"{speaker(world, headers)} → server: batch {batch.number} {change.op} {change.table} {change.id}"
        world.tell(f"{start} {said} {seen} → {words}", change.id, str(change.values.get("row_id", "")))


def lost(world: Any, desk: Any, what: str, body: bytes, path: str) -> None:
    world.tell(f"lost on the way: {what} of {desk.name} to {path} ({len(body)} bytes)", aside=True)
