"""Desks whose server says what it should not: every sync ends in words or in order, and a true server sets it right.

The worlds are those of the simulation of sync, without its faults: real stores, the real engine, the real server; but
now and then an answer is changed on its way, and its hash with it, as only the server itself could do it.
"""

import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

from desktop_app.shared.errors import AppError, FuseError
from desktop_app.sync import engine, state
from desktop_app.sync.client import Answer
from desktop_app.sync.failures import NotOursError
from desktop_app.sync.wire import CODEC
from sync_protocol import codec, short, signing
from sync_protocol.digests import body_hash
from sync_protocol.refusals import REFUSALS
from tests.fuzz import at_stick
from tests.fuzz.mutations import damaged, good, packed, spoilt, text
from tests.server import town
from tests.sync import people
from tests.sync.simulated_desk import Desk, filled
from tests.sync.verdict import ViolationError
from tests.sync.world import World

STEPS = 12
PARTS = {"/v1/sync": 2, "/v1/blob/get": 2}


class LyingWorld(World):
    """A world in which every third answer is changed while `lies` is true."""

    lies, deep, told, before = False, False, 0, None

    def __init__(self, seed: int) -> None:
        super().__init__(seed, restore=False)
        self.faults, self.weather["poison"] = False, 0
        self.chance = random.Random(seed)  # noqa: S311 - the same lies every time

    def carry(self, desk: Desk, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        answer = super().carry(desk, path, headers, body)
        if not self.lies or self.chance.random() < 0.6:
            self.before = None
            return answer
        self.before = self._stands(desk)
        self.told += 1
        return lie(self.chance, path, answer)

    @staticmethod
    def _stands(desk: Desk) -> Any:
        return desk.replica(), sorted(desk.waits()), desk.identity()

    def sync(self, desk: Desk) -> None:
        desk.requests = 0
        by_stick = self.lies and self.chance.random() < 0.25
        try:
            if by_stick:
                at_stick.carried(self, self.chance, desk)
            else:
                self._over_the_network(desk)
            self.stats["by stick" if by_stick else "in order"] += 1
        except NotOursError as error:
            self.stats["not ours"] += 1
            if self.before is not None and self._stands(desk) != self.before:
                raise ViolationError(f"{desk.name} understood nothing and has changed something") from error
            self._heed(desk, error)
        except (FuseError, AppError) as error:
            self.stats[type(error).__name__] += 1
            self._heed(desk, error)
        self.before = None

    def _over_the_network(self, desk: Desk) -> None:
        engine.sync_now(
            desk.db, desk.secrets, transport=desk, accept_deletions=True, recount=not self.lies, deep=self.deep
        )

    def _heed(self, desk: Desk, error: AppError) -> None:
        """While it lies all may fail in words; later only a desk that took a false identity, which a new code helps."""
        if self.lies:
            return
        if "接入码" not in f"{error} {error.next_step}":
            raise error
        desk.enrol()
        self.stats["enrolled again"] += 1

    def play(self) -> None:
        self.lies = True
        for _ in range(STEPS):
            self.now += 60_000
            desk = self.rng.choice(self.desks)
            people.edit(self, desk)
            self.sync(desk)
        self.lies = False
        self._come_to_rest()

    def _come_to_rest(self) -> None:
        """A true server from now on."""
        for count in range(10):
            self.now += 2 * 86_400_000  # what is done once a day may be done again
            before = self.server_rows("select scope_id,tbl,id,sync_seq from record order by scope_id,sync_seq")
            self.deep = count in (0, 3)
            for desk in self.desks:
                self.sync(desk)
                people.put_right(self, desk)
                self._offer_again(desk)
            after = self.server_rows("select scope_id,tbl,id,sync_seq from record order by scope_id,sync_seq")
            if count >= 4 and before == after and not any(desk.waits() for desk in self.desks):
                break
        stored = town.stored(self)
        for desk in self.desks:
            self._check(desk, {key[1:]: row for key, row in stored.items() if key[0] == desk.unit})

    def _check(self, desk: Desk, stored: dict[tuple[str, str], Any]) -> None:
        """It has what the server has, in the fields that there are; what a lie said of others is nobody's loss."""
        if waiting := desk.waits():
            raise ViolationError(f"{desk.name} still has unsent changes {waiting}")
        own = {key: row for key, row in desk.replica().items() if row[0]}
        for key in own.keys() | stored.keys():
            seq, gone, _, values = own.get(key, (0, 0, 0, {}))
            theirs, at, kind, *_ = stored.get(key, ({}, 0, 0))
            known = desk.db.tables[key[0]].columns if key[0] in desk.db.tables else values
            told = {} if kind else {name: value for name, value in filled(theirs).items() if name in known}
            if (seq, gone, {name: value for name, value in values.items() if name in known}) != (at, kind, told):
                raise ViolationError(f"{desk.name}: {key} is {own.get(key)}, on the server {stored.get(key)}")
        ((digest,),) = self.server_rows("select digest from scope_head where scope_id=?", desk.unit)
        if state.read(desk.db).digest != digest:
            raise ViolationError(f"{desk.name}: the digest does not match")

    @staticmethod
    def _offer_again(desk: Desk) -> None:
        """Somebody looks at what a lie said was refused, and edits it; what nobody but the liar ever had, goes."""
        with desk.db.applying() as tx:
            tx.execute("UPDATE sync_dirty SET txn=1 WHERE txn=-1")
            tx.execute("DELETE FROM sync_parked WHERE seq=0 AND json_extract(body,'$.offer') IS NOT 1")


def lie(chance: random.Random, path: str, answer: Answer) -> Answer:
    """An answer with another content and the hash that goes with it."""
    if chance.random() < 0.2 or answer.status != 200:
        code = chance.choice(list(REFUSALS))
        info = {"counter": 5, "marks": [[1, "m"]], "epoch": "e", "scope": 420299001002, "name": "x", "part": "batch"}
        refusal = {"code": code, "message": "不行。", "retry_after": 3, "info": info}
        return _hashed(answer, text(spoilt(chance, refusal)), REFUSALS[code].status)
    count = PARTS.get(path, 1)
    parts = codec.split(answer.body, count) if count > 1 else [answer.body]
    at = chance.choice([number for number, part in enumerate(parts) if part] or [0])
    parts[at] = another(chance, parts[at])
    return _hashed(answer, codec.join(*parts) if count > 1 else parts[0], 200)


def another(chance: random.Random, part: bytes) -> bytes:
    """Part of an answer, with something wrong with it."""
    try:
        plain = part[:1] in (b"{", b"[")
        message = CODEC.loads(part) if plain else CODEC.unpack(part, codec.PAGE_CAP)
    except (ValueError, codec.Unreadable):
        return damaged(chance, part)
    dice = chance.random()
    if dice < 0.75:
        bad = spoilt(chance, message)
        if isinstance(bad, dict) and "ordinal" in bad:  # where a desk belongs it must believe
            bad["scope"] = message["scope"]
        said = text(bad)
    else:
        said = text(message)
        if not plain and dice < 0.85:
            return packed(chance, said)
        return damaged(chance, part)
    return said if plain else good(said)


def _hashed(answer: Answer, body: bytes, status: int) -> Answer:
    if short.HEADER in answer.headers and status == 200:
        return Answer(status, {short.HEADER: short.answer_header(body)}, body)
    return Answer(status, {**answer.headers, signing.HEADER_HASH: body_hash(body)}, body)


def play(seed: int) -> Counter[str]:
    """One world; what became of its syncs."""
    world = LyingWorld(seed)
    try:
        world.play()
        return Counter(world.stats) + Counter(lies=world.told)
    finally:
        world.close()
