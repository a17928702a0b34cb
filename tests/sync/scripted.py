"""A server that says what a test wants it to say, in the real messages."""

from collections.abc import Callable, Mapping
from typing import Any

from desktop_app.sync.client import Answer
from desktop_app.sync.wire import CODEC
from sync_protocol import codec, signing
from sync_protocol.digests import body_hash
from sync_protocol.enrolment import Identity, Unit
from sync_protocol.messages import Ack, Batch, Gone, Page, Pull, Row, rows_to_wire
from sync_protocol.refusals import Refused
from sync_protocol.repair import Sums, Versions, Wanted

SCOPE, NEIGHBOUR, STREET = 420299001001, 420299001002, 420299001
UNITS = (Unit(STREET, "红旗街道", "street"), Unit(NEIGHBOUR, "江北社区", "community"))


class Script:
    """`tell` adds rows to the feed; whatever a desk pushes is taken, unless `judge` gives a code for it."""

    def __init__(self, clock: Any) -> None:
        self.clock, self.scope, self.unit = clock, SCOPE, "江山社区"
        self.rows: list[Row] = []
        self.pushed: list[Batch] = []
        self.asked: list[str] = []
        self.judge: Callable[[Any], str] = lambda _change: ""
        self.refuse: dict[str, Refused] = {}
        self.more: dict[str, Any] = {}
        self.limits: dict[str, Any] = {"rows": 2000, "bytes": 1 << 20, "page": 2000}
        self.versions: Callable[[Sums], Versions] | None = None
        self.head, self._devices = 0, 1000

    # ------------------------------------------------------------------------------------------------ what a test says

    def tell(self, table: str, record_id: str, gone: Gone = Gone.ALIVE, home: int = 0, **values: object) -> int:
        """Puts a version of a record into the feed and returns its number."""
        self.head += 1
        self.rows = [row for row in self.rows if (row.table, row.id) != (table, record_id)]
        self.rows.append(Row(table, record_id, self.head, self.clock.ms() << 16, 7, None, gone, dict(values), home))
        return self.head

    def people(self, *names: str) -> None:
        for name in names:
            self.tell("person", name, name=name, phones="", source="手工")

    @property
    def changes(self) -> list[Any]:
        """Everything that was ever pushed."""
        return [change for batch in self.pushed for change in batch.changes]

    # ------------------------------------------------------------------------------------------------ what a desk hears

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.asked.append(path)
        verbs = {
            "/v1/enrol": self._who,
            "/v1/renew": self._who,
            "/v1/hello": self._who,
            "/v1/sync": self._sync,
            "/v1/repair": self._repair,
            "/v1/fetch": self._fetch,
            "/v1/wait": lambda _body: CODEC.dumps({"head": self.head}),
        }
        try:
            if path in self.refuse:
                raise self.refuse[path]
            reply, status = verbs[path](body), 200
        except Refused as refusal:
            reply, status = CODEC.dumps(refusal.body()), refusal.status
        return Answer(status, {signing.HEADER_HASH: body_hash(reply)}, reply)

    def _who(self, _body: bytes) -> bytes:
        self._devices += 1
        identity = Identity(
            self._devices, 1, self.scope, self.unit, "一号机", self.clock.ms(), kind="community", units=UNITS
        )
        return CODEC.dumps({**identity.to_wire(), "limits": self.limits})

    def _sync(self, body: bytes) -> bytes:
        asked, push = codec.split(body, 2)
        pull, ack = Pull.from_wire(CODEC.loads(asked)), b""
        if push:
            batch = Batch.from_wire(CODEC.unpack(push, codec.PUSH_CAP))
            self.pushed.append(batch)
            ack = CODEC.pack(self._take(batch).to_wire())
        rows = [row for row in self.rows if row.seq > pull.place.cur]
        page = Page("e", self.head, f"m{self.head}", self.head, self.clock.ms(), None, rows, **self.more)
        return codec.join(ack, CODEC.pack(page.to_wire()))

    def _take(self, batch: Batch) -> Ack:
        numbers, refused, truth = [], [], []
        for at, change in enumerate(batch.changes):
            held = next((row for row in self.rows if (row.table, row.id) == (change.table, change.id)), None)
            if code := self.judge(change):
                numbers.append(0)
                refused.append((at, code))
                truth += [held] if held else []
            elif held and held.gone >= Gone.ERASED:
                numbers.append(held.seq)
                truth.append(held)
            else:
                self.head += 1
                numbers.append(self.head)
        return Ack(batch.number, "e", numbers, self.head, f"m{self.head}", truth=truth, refused=refused)

    def _repair(self, body: bytes) -> bytes:
        if self.versions is None:
            raise Refused("NOT_FOUND")
        return CODEC.pack(self.versions(Sums.from_wire(CODEC.loads(body))).to_wire())

    def _fetch(self, body: bytes) -> bytes:
        wanted = Wanted.from_wire(CODEC.loads(body)).keys
        return CODEC.pack({"groups": rows_to_wire([row for row in self.rows if (row.table, row.id) in wanted])})


class ScriptedDesk:
    """An opened desk that is enrolled with a script."""

    def __init__(self, app: Any, script: Script) -> None:
        from desktop_app.sync import engine, enrol

        self.app, self.db, self.script, self._engine = app, app.db, script, engine
        enrol.enrol(
            app.db, app.secrets, server_url="https://central.test", code="A" * 10, name="一号机", transport=script
        )
        self.sync()
        script.pushed.clear()
        script.asked.clear()

    def sync(self, **options: Any) -> Any:
        return self._engine.sync_now(self.db, self.app.secrets, transport=self.script, **options)

    def value(self, sql: str, *params: object) -> Any:
        return self.db.scalar(sql, params)

    def edit(self, record: str, **fields: Any) -> None:
        from desktop_app.residents.model import Person

        with self.db.transaction(self.app.actor, f"修改居民：{record}", "本人来说") as tx:
            tx.change(Person, record, **fields)
