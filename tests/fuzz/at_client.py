"""Every question a desk can ask, and answers that say what they should not: words for a person, nothing else."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from desktop_app.shared.errors import AppError
from desktop_app.sync.client import Answer, Client
from desktop_app.sync.wire import CODEC
from sync_protocol import codec, short, signing
from sync_protocol.blobs import Named, Part
from sync_protocol.digests import BUCKETS, body_hash
from sync_protocol.enrolment import EnrolRequest, Identity, Unit
from sync_protocol.messages import Ack, Page, Place, Pull, Row
from sync_protocol.refusals import REFUSALS, Refused
from sync_protocol.repair import Sums, Versions
from tests.fuzz.mutations import damaged, good, packed, spoilt, text

SHA: Final = "0" * 64
ROWS: Final = [
    Row("person", "p1", 5, 1, 7, "clerk1", 0, {"name": "王小明", "phones": "13900000001", "note": None}),
    Row("meeting", "m1", 6, 1, 7, None, 0, {"title": "议事会", "voting": True, "seq": 3}, 420299001002),
    Row("person", "p2", 7, 1, 7, None, 1, {}),
]
WHO: Final = Identity(7, 1, 420299001001, "江山社区", "一号机", 1, units=(Unit(420299001, "街道", "street"),))
ASK: Final[Mapping[str, Callable[[Client], object]]] = {
    "sync": lambda client: client.sync(Pull(Place(), ("", "n")), b"push"),
    "hello": lambda client: client.hello(),
    "limits": lambda client: client.limits(),
    "repair": lambda client: client.repair(Sums((0,) * BUCKETS)),
    "fetch": lambda client: client.fetch([("person", "p1")]),
    "wait": lambda client: client.wait(0, 1),
    "units": lambda client: client.units("甲"),
    "renew": lambda client: client.renew("00" * 32),
    "enrol": lambda client: client.enrol(EnrolRequest("A" * 10, "00" * 32, "一号机")),
    "blobs": lambda client: client.blobs([Named("r1", SHA)]),
    "put": lambda client: client.put_blob(Part(Named("r1", SHA), 0, 5), b"12345"),
    "get": lambda client: client.get_blob(Part(Named("r1", SHA), 0, 5)),
}


def messages(what: str) -> list[tuple[str, Any]]:
    """The parts of a right answer: how each is packed, and what it says."""
    page = Page("e", 7, "m7", 9, 1, None, ROWS, 0, 0).to_wire()
    ack = Ack(1, "e", [3, 0], 3, "m3", truth=ROWS[:1], refused=[(1, "AUDIENCE")]).to_wire()
    who = {**WHO.to_wire(), "limits": {"rows": 2000, "bytes": 1 << 20}, "desks": [[7, "一号机"]]}
    return {
        "sync": [("zstd", ack), ("zstd", page)],
        "repair": [("zstd", Versions("e", 7, (0, 3), ROWS[2:], "m7").to_wire())],
        "fetch": [("zstd", {"groups": page["groups"]})],
        "wait": [("json", {"head": 8})],
        "units": [("json", {"units": [[1, "甲社区", "community"]]})],
        "blobs": [("json", {"blobs": [["missing", 0]]})],
        "put": [("json", {"blob": ["missing", 5]})],
        "get": [("json", {"size": 5}), ("bytes", None)],
    }.get(what, [("json", who)])


def answer_to(chance: random.Random, what: str) -> Answer:
    """An answer with something wrong with it; its hash is right."""
    if chance.random() < 0.15:
        code = chance.choice(list(REFUSALS))
        info = {"counter": 5, "offset": 1, "marks": [[1, "m"]]}
        body = text(spoilt(chance, {"code": code, "message": "不行。", "retry_after": 3, "info": info}))
        body = damaged(chance, body) if chance.random() < 0.1 else body
        return _hashed(chance.choice((200, 302, 400, 409, 500)), body)
    parts, dice = messages(what), chance.random()
    at = chance.randrange(len(parts))
    written = []
    for number, (way, message) in enumerate(parts):
        bad = spoilt(chance, message) if number == at and dice < 0.6 else message
        said = b"12345" if way == "bytes" else text(bad)
        if way == "zstd":
            said = packed(chance, said) if number == at and 0.6 <= dice < 0.8 else good(said)
        written.append(said)
    body = codec.join(*written) if len(written) > 1 else written[0]
    return _hashed(200, damaged(chance, body) if dice >= 0.8 else body)


def short_answer_to(chance: random.Random) -> Answer:
    """The same in the short form, where a brief page is not compressed."""
    page = short.page_to_wire(Page("e", 7, "m7", 9, 1, None, chance.choice(([], ROWS)), 0, 0))
    said = text(spoilt(chance, page)) if chance.random() < 0.7 else damaged(chance, text(page))
    body = codec.join(good(text(messages("sync")[0][1])), said if chance.random() < 0.5 else good(said))
    return Answer(200, {short.HEADER: short.answer_header(body)}, body)


def _hashed(status: int, body: bytes) -> Answer:
    return Answer(status, {signing.HEADER_HASH: body_hash(body), short.OFFER: "1"}, body)


class Parrot:
    """A transport that always says the same."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.learnt = answer, set[str]()

    def post(self, *_: object) -> Answer:
        return self.answer


def strike(number: int) -> str:
    """One answer with something wrong with it; what became of it."""
    chance = random.Random(number)  # noqa: S311 - the same answer every time
    what = chance.choice([*ASK, "sync", "sync", "sync"])
    brief = what == "sync" and chance.random() < 0.3
    parrot = Parrot(short_answer_to(chance) if brief else answer_to(chance, what))
    if brief:
        parrot.learnt.add(short.OFFER)
    try:
        ASK[what](Client(parrot, 1, 2, bytes(32)))
    except Refused as refusal:
        CODEC.dumps(str(refusal.message))
        return f"{what} refused"
    except AppError as error:
        return f"{what} in words" if error.message else f"{what} without words"
    return f"{what} taken"


def play(seed: int, count: int) -> Counter[str]:
    """So many of them."""
    seen = Counter[str]()
    for number in range(seed, seed + count):
        try:
            seen[strike(number)] += 1
        except Exception as error:
            error.add_note(f"answer {number}")
            raise
    return seen
