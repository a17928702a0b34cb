"""A server under a hail of requests that are signed as they should be and say what they should not.

Each is answered with words, never as a bug; one that is refused leaves the records as they were; one that is taken
can be read by every desk of the unit.
"""

import random
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.routing import Route

from central_server import bundles, history
from central_server.app import make_app
from central_server.blobs import Blobs
from central_server.bundles import BundleError
from central_server.exchange import Central, Request
from central_server.sealing import CRYPTO
from central_server.waiting import PATH as WAIT
from central_server.waiting import Waiting
from sync_protocol import bundle, codec, short, signing, versions
from sync_protocol.bundle import Header, Way
from sync_protocol.digests import BUCKETS, body_hash
from sync_protocol.messages import Page, Place, Pull, changes_to_wire
from sync_protocol.refusals import REFUSALS
from tests.fuzz.mutations import damaged, good, packed, spoilt, text
from tests.server import town
from tests.server.conftest import CODEC, Clock, Speaker, Station, person
from tests.server.http import Answer, Http
from tests.storages import SqliteDisk

CONTENT: Final = b"picture" * 2000
SHA: Final = "0" * 64
SYNC: Final = "/v1/sync"
MINE: Final = tuple(path for path in ("/v1/hello", "/v1/renew", "/v1/repair", "/v1/fetch", "/v1/units", "/v1/blobs"))
HEADERS: Final = ("", "0", "-1", "x", "1.2.3", "1.2", "9" * 40, "²", "a" * 9000, "é", " 2 ", "2,2", "0x2", "\t")


class WrongError(AssertionError):
    """The server did what it must not."""


class Target(Station):
    """A server with a street, a community beside ours, two desks of ours and a place for attachments."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.storage = Clock(), SqliteDisk(folder).open()
        self.central = Central(self.storage, now=self.clock, blobs=Blobs(folder / "blobs"))
        self.http = Http(make_app(self.central))
        town.build(self)
        self.desk, self.reader = Speaker(self, scope=town.A), Speaker(self, "二号机", town.A)
        self.serial, self.seen = 0, Counter[str]()
        with self.storage.writing() as session:
            history.open_unit(session, 1, "市", self.clock.ms, kind="city")

    def close(self) -> None:
        self.central.close()
        self.storage.close()

    def heard(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Waiting for news has a way of its own; all else is for `Central`."""
        if path == WAIT:
            waiting = Waiting(self.central, longest_s=0.001)
            return Http(Starlette(routes=[Route(WAIT, waiting.answer, methods=["POST"])])).post(path, body, headers)
        if short.HEADER in headers:
            headers = {**headers, **short.long_headers(headers[short.HEADER], body)}
        reply = self.central.answer(Request("POST", path, headers, body))
        return Answer(reply.status, {}, reply.body)

    # ------------------------------------------------------------------------------------------- what is right to say

    def place(self) -> Place:
        ((epoch, following),) = self.rows("select epoch,next_seq from scope_head where scope_id=?", town.A)
        ((mark,),) = self.rows("select nonce from mark where scope_id=? and seq=?", town.A, following - 1)
        return Place(epoch, following - 1, (following - 1, mark))

    def pull(self, chance: random.Random) -> Pull:
        ((nonce,),) = self.rows("select nonce from device where id=?", self.desk.device)
        place = self.place() if chance.random() < 0.7 else Place()
        return Pull(place, (nonce, f"n{self.serial}"), chance.choice((1, 3, 2000)))

    def batch(self, chance: random.Random) -> dict[str, Any]:
        """A batch with a little of everything, on top of what is there."""
        self.serial += 1
        pk = f"r{self.serial}"
        known = self._one(chance, "tbl,id,sync_seq,fields", f"scope_id={town.A}")
        changes = [person(pk, name="王小明", phones="13900000001", note=None, sealed=False, order=3)]
        changes += [self._about(chance, pk) for _ in range(2)]
        for table, one, seq, fields in known:
            name = next(iter(CODEC.loads(fields)), "note")
            op, base = chance.choice("iuud"), chance.choice((0, seq, seq - 1))
            change = person(one, op, base, self.clock.ms << 16, **({} if op == "d" else {name: f"v{self.serial}"}))
            changes.append(change._replace(table=table, bases={name: base} if chance.random() < 0.5 else {}))
        number, prev = self.rows("select batch_no,batch_hash from device where id=?", self.desk.device)[0]
        rest = {"v": 2, "scope": town.A, "dev": self.desk.device, "batch": number + 1, "prev": prev, "sure": False}
        return {**rest, **self.place().to_wire(), "groups": changes_to_wire(changes)}

    def _one(self, chance: random.Random, columns: str, which: str) -> list[tuple[Any, ...]]:
        """One of the records there are, if there is one."""
        ((count,),) = self.rows(f"select count(*) from record where {which}")
        sql = f"select {columns} from record where {which} order by scope_id,tbl,id limit 1 offset ?"
        return self.rows(sql, chance.randrange(count or 1))

    def _about(self, chance: random.Random, pk: str) -> Any:
        """Something shared, something that follows, or an order about somebody known."""
        known = [one for (one,) in self._one(chance, "id", "tbl='person'")]
        who, new = chance.choice([pk, *known]), f"{pk}x{chance.randrange(99)}"
        made = {
            "meeting": {"title": "议事会", "kind": "议事会", "audience": f"{town.STREET},{town.OFFICE}"},
            "agenda_item": {"meeting_id": who, "title": "第一项", "seq": 1},
            "person_tag": {"person_id": who, "tag": "独居"},
            "person_event": {"person_id": who, "kind": "入户", "on": "2026-11-22"},
            "attachment": {"owner_table": "person", "owner_id": who, "sha256": SHA, "size": 14},
            "transfer": {"tbl": "person", "row_id": who, "to_scope": town.B},
            "erasure": {"tbl": "person", "row_id": who},
            "conflict": {"tbl": "person", "row_id": who, "field": "name", "kind": "field", "lose_value": '"x"'},
            "area": {"name": "网格", "level": "网格"},
        }
        table = chance.choice(list(made))
        return person(new, **made[table])._replace(table=table)

    def ask(self, path: str, pk: str) -> Any:
        """What the other requests say."""
        named = [pk, SHA]
        return {
            "/v1/hello": {},
            "/v1/renew": {"key": f"{self.serial:064x}", "replaces": False},
            "/v1/repair": {"sums": [0] * BUCKETS, "deep": self.serial % 2 == 0, "place": self.place().to_wire()},
            "/v1/fetch": {"keys": [["person", pk], ["meeting", "m1"]]},
            "/v1/units": {"text": "甲社区"},
            "/v1/blobs": {"ask": [named, named]},
            "/v1/blob/put": {"blob": named, "offset": 0, "count": len(CONTENT)},
            "/v1/blob/get": {"blob": named, "offset": 0, "count": 5},
            WAIT: {"cur": 10**6, "seconds": 1},
        }[path]

    # ------------------------------------------------------------------------------------------- how it is said wrongly

    def strike(self, chance: random.Random) -> None:
        """One request with something wrong with it."""
        if self.rows("select 1 from device where id=? and revoked_at is not null", self.desk.device):
            self.desk = Speaker(self, scope=town.A)  # it has asked for another identity in its place
        blow = chance.choices((self._sync, self._other, self._enrol, self._bare, self._stick), (55, 25, 4, 8, 8))[0]
        blow(chance)

    def _sync(self, chance: random.Random) -> None:
        pull, batch, brief = self.pull(chance), self.batch(chance), chance.random() < 0.3
        asked: Any = short.pull_to_wire(pull) if brief else pull.to_wire()
        dice = chance.random()
        if dice < 0.2:
            batch = spoilt(chance, batch)
        elif dice < 0.55:
            batch = spoilt(chance, batch, "v", "cols", "fb", "pk", "by")  # more of it comes through the door
        elif dice < 0.7:
            asked = spoilt(chance, asked)
        push = packed(chance, text(batch)) if 0.7 <= dice < 0.85 else good(text(batch))
        body = codec.join(text(asked), push)
        if dice >= 0.85:
            body = damaged(chance, body)
        self._say(chance, SYNC, body, brief=brief)

    def _other(self, chance: random.Random) -> None:
        path = chance.choice((*MINE, "/v1/blob/put", "/v1/blob/get", WAIT))
        known = self._one(chance, "id", "tbl='attachment'")
        said = text(spoilt(chance, self.ask(path, known[0][0] if known else "r1")))
        said = damaged(chance, said) if chance.random() < 0.2 else said
        if path == "/v1/blob/put":
            said = codec.join(said, CONTENT)
            said = damaged(chance, said) if chance.random() < 0.2 else said
        self._say(chance, path, said)

    def _enrol(self, chance: random.Random) -> None:
        wanted = {"code": self.code(town.A), "key": f"{self.serial:064x}", "name": "三号机"}
        said = text(spoilt(chance, wanted))
        self.clock.ms += 120_000  # whoever guesses too many codes has to wait
        self._judge("/v1/enrol", self.heard("/v1/enrol", _said(said), said))

    def _bare(self, chance: random.Random) -> None:
        """Headers that are none, on a request that is right."""
        body = codec.join(text(self.pull(chance).to_wire()), good(text(self.batch(chance))))
        headers = self._signed(SYNC, body, brief=chance.random() < 0.4)
        name = chance.choice(list(headers))
        headers[name] = chance.choice((*HEADERS, headers[name] + "0", headers[name][:-1], headers[name] * 2))
        if chance.random() < 0.2:
            del headers[name]
        self._judge(SYNC, self.heard(SYNC, headers, body))

    def _stick(self, chance: random.Random) -> None:
        """A file from a stick: wrong outside, or sealed as it should be and wrong inside."""
        batch = self.batch(chance)
        push = good(text(spoilt(chance, batch) if chance.random() < 0.4 else batch))
        parts = [
            (SYNC, codec.join(text(self.pull(chance).to_wire()), push)),
            ("/v1/blob/get", text(self.ask("/v1/blob/get", "r1"))),
            ("/v1/renew", text({"key": f"{self.serial:064x}"})),
        ]
        inside = bundle.pack([bundle.Request(path, self._signed(path, body), body) for path, body in parts])
        inside = damaged(chance, inside) if chance.random() < 0.5 else inside
        _, reply_to = CRYPTO.pair()
        header = Header(Way.UP, town.A, self.desk.device, self.clock.ms, reply_to.hex())
        keys, signer = self.central.keys, self.desk.key.private_bytes_raw()
        file = bundle.seal(CRYPTO, header, bytes.fromhex(keys.public["seal"]), signer, inside)
        file = damaged(chance, file) if chance.random() < 0.3 else file
        with suppress(BundleError):
            bundles.answer(self.central, keys, file)

    def _say(self, chance: random.Random, path: str, body: bytes, *, brief: bool = False) -> None:
        headers, before = self._signed(path, body, brief=brief), self.fingerprint()
        answer = self.heard(path, headers, body)
        self._judge(path, answer)
        if answer.status_code != 200 and self.fingerprint() != before:
            raise WrongError(f"{path} was refused ({answer.content[:80]!r}) and has changed something")

    def _signed(self, path: str, body: bytes, *, brief: bool = False) -> dict[str, str]:
        ((counter,),) = self.rows("select counter from device where id=?", self.desk.device)
        name = signing.device_name(town.A, self.desk.device)
        signature = self.desk.key.sign(signing.signed_text("POST", path, name, counter + 1, body))
        if brief:
            return {short.HEADER: short.request_header(town.A, self.desk.device, counter + 1, signature)}
        return {
            **_said(body),
            signing.HEADER_DEVICE: name,
            signing.HEADER_COUNTER: str(counter + 1),
            signing.HEADER_SIGNATURE: signature.hex(),
        }

    # --------------------------------------------------------------------------------------------------- what must hold

    def _judge(self, path: str, answer: Answer) -> None:
        code = "" if answer.status_code == 200 else answer.json().get("code", "")
        self.seen[f"{path} {code or 'taken'}"] += 1
        if answer.status_code != 200 and (code not in REFUSALS or code == "SERVER_ERROR"):
            raise WrongError(f"{path}: {answer.status_code} {answer.content[:200]!r}")

    def fingerprint(self) -> list[tuple[Any, ...]]:
        """What no refusal may change: every new version of a record takes a number; the chain of the desk's batches.

        Not the epoch: a desk that proves what the server lacks makes it begin another one.
        """
        heads = self.rows("select scope_id,next_seq,digest from scope_head order by scope_id")
        return heads + self.rows("select id,batch_no,batch_hash,nonce from device order by id")

    def check(self) -> None:
        """The laws of units and digests hold, and the other desk can read everything."""
        town.check(self)
        pull, more = Pull(Place(), (self.reader.nonce, "r"), 50), True
        while more:
            answer = self.reader.signed(SYNC, codec.join(CODEC.dumps(pull.to_wire()), b""))
            if answer.status_code != 200:
                raise WrongError(f"the other desk hears {answer.content!r}")
            page = Page.from_wire(CODEC.unpack(codec.split(answer.content, 2)[1], codec.PAGE_CAP))
            self.reader.nonce, more = "r", page.more
            pull = Pull(Place(page.epoch, page.to, (page.to, page.mark)), ("r", "r"), 50)


def _said(body: bytes) -> dict[str, str]:
    return {signing.HEADER_PROTOCOL: str(versions.CURRENT), signing.HEADER_HASH: body_hash(body)}


def play(folder: Path, seed: int, count: int) -> Counter[str]:
    """So many requests with something wrong with them; what was answered how often."""
    target = Target(folder)
    try:
        for number in range(seed, seed + count):
            chance = random.Random(number)  # noqa: S311 - the same request every time
            try:
                target.strike(chance)
            except Exception as error:
                error.add_note(f"request {number} of those that begin with {seed}")
                raise
        target.check()
        return target.seen
    finally:
        target.close()
