"""A small district with records in its mailbox, and the real server on a loopback port."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import orjson
import uvicorn

from central_server import config, devices, history, units
from central_server.app import make_app
from central_server.cli.opening import open_storage
from central_server.cli.serving import uvicorn_options
from central_server.config import Settings
from central_server.console import accounts
from central_server.exchange import Central, wall_clock
from central_server.rollups import reader
from central_server.storage import Session, Storage
from sync_protocol.enrolment import EnrolRequest

DISTRICT, STREET, HONGQI, JIANGSHAN, OTHER = 420299, 420299001, 420299001001, 420299001002, 420299002
PASSWORD = "一句好记的话就是好口令"
SOLVED, EXPLAINED = "已回应解决", "暂无法办理已解释"
CHEAP = {"iterations": 1, "lanes": 1, "memory_cost": 64}


def open_units(session: Session, now: int) -> None:
    """A district, two streets, two communities."""
    for number, name, kind, parent in (
        (DISTRICT, "铁山区", "district", None),
        (STREET, "红旗街道", "street", DISTRICT),
        (OTHER, "江北街道", "street", DISTRICT),
        (HONGQI, "红旗桥社区", "community", STREET),
        (JIANGSHAN, "江山社区", "community", STREET),
    ):
        units.create(session, number, name, now, kind=kind, parent=parent)


class Pen:
    """Writes records into the mailbox as a push would leave them: one number each, newest last."""

    def __init__(self, session: Session, scope: int) -> None:
        self.session, self.scope = session, scope

    def put(self, table: str, record_id: str, gone: int = 0, home: int | None = None, **fields: object) -> None:
        head = history.lock_head(self.session, self.scope)
        self.session.run(
            "insert into record(scope_id,tbl,id,fields,sync_seq,sync_ts,sync_dev,sync_del,home) "
            "values(?,?,?,?,?,0,1,?,?) on conflict(scope_id,tbl,id) do update set fields=excluded.fields,"
            "sync_seq=excluded.sync_seq,sync_del=excluded.sync_del,home=excluded.home",
            self.scope,
            table,
            record_id,
            orjson.dumps(fields).decode(),
            head.next_seq,
            gone,
            self.scope if home is None else home,
        )
        history.set_head(self.session, self.scope, head.next_seq + 1, 0)


def write_events(pen: Pen, appeal: str, day: str, outcome: str) -> None:
    """What a desk writes of an appeal that ended like this, or has not ended yet."""
    done = [("受理", {})]
    if outcome == EXPLAINED:
        done.append(("解释", {"to_whom": "王小明", "extra": '{"how":"上门"}', "text": "没有场地"}))
    if outcome:
        done.append(("办结", {"outcome": outcome, "text": "办完了"}))
    for number, (kind, more) in enumerate(done):
        fields = {"kind": kind, "on": day, "at": number, "by_name": "李四", "from_step": 1, "to_step": 1, **more}
        pen.put("appeal_event", f"{appeal}-{number}", appeal_id=appeal, **fields)


def write_community(session: Session, scope: int, now_month: str = "2026-11", size: int = 1) -> None:
    """Four buildings, eight households, a centre household, tags, meetings, visits and appeals."""
    pen, year = Pen(session, scope), now_month[:4]
    for number in range(4):
        pen.put("building", f"b{number}", no=str(number + 1), estate_id="e1")
        pen.put("room", f"r{number}", building_id=f"b{number}", unit="1", no="101")
        pen.put("org_node", f"n{number}", building_id=f"b{number}", name="楼栋服务小组", level=4, line="自治")
    for number in range(8 * size):
        pen.put("household", f"h{number}", room_id=f"r{number % 4}")
        pen.put("person", f"p{number}", name=f"王小{number}", phones="13900000001", political="13")
        if number % 3 == 0:
            pen.put("person_tag", f"t{number}", person_id=f"p{number}", tag="志愿者" if number % 2 else "V2")
        pen.put("person_tag", f"u{number}", person_id=f"p{number}", tag="独居老人", from_on=f"{year}-03-01")
    covers = orjson.dumps([{"building_id": "b0", "no": "1"}, {"building_id": "b1", "no": "2", "units": ["1"]}]).decode()
    pen.put("party_centre_household", "c0", host_name="李四", covers=covers, from_on=f"{year}-02")
    pen.put("party_member", "m0", person_id="p0", joined_on="1999-07-01")
    for number, role in enumerate(("building_head", "卫生委员", "security_member")):
        pen.put("seat", f"s{number}", node_id="n0", role=role, name="赵六", from_on=f"{year}-01-01")
    for number, outcome in enumerate((SOLVED, SOLVED, SOLVED, "", EXPLAINED, "")):
        for month in range(1, 12):
            if (number + month) % 4:
                appeal, day = f"a{number}-{month}", f"{year}-{month:02d}-08"
                pen.put("appeal", appeal, received_on=day, received_at=0, text="楼道灯坏了")
                write_events(pen, appeal, day, outcome)
    for month in range(1, 12):
        pen.put(
            "meeting", f"k{month}", kind="branch_committee", title="支委会", starts_at=f"{year}-{month:02d}-03 09:00"
        )
        pen.put("visit", f"v{month}", on=f"{year}-{month:02d}-20", opinions_n=2)


def enrol(session: Session, scope: int, name: str, now: int, *, spoke: bool = True) -> int:
    """A desk that enrolled at a moment, and perhaps synced."""
    code = devices.make_code(session, scope, now)
    made = devices.enrol(session, EnrolRequest(code, "ab" * 32, name), now)
    assert made is not None
    if spoke:
        session.run("update device set nonce='n',batch_no=3 where scope_id=? and id=?", scope, made.device)
    return made.device


def furnish(storage: Storage, now: int) -> None:
    """Everything the console can show."""
    day = 86_400_000
    with storage.writing() as session:
        open_units(session, now - 300 * day)
        write_community(session, HONGQI)
        write_community(session, JIANGSHAN, size=2)
        enrol(session, HONGQI, "一号机", now)
        enrol(session, HONGQI, "二号机（窗口）", now - 20 * day)
        enrol(session, JIANGSHAN, "江山-张三", now - 5 * day)
        enrol(session, JIANGSHAN, "新来的", now, spoke=False)
        clone = enrol(session, STREET, "街道办-1", now - 1000)
        session.run("insert into device_contact(scope_id,device,at,code) values(?,?,?,'CLONE')", STREET, clone, now)
        devices.make_code(session, OTHER, now)
        session.run(
            "insert into quarantine(scope_id,tbl,id,at,device,code,body) values(?,'person','p9',?,1,'TOO_LARGE',?)",
            HONGQI,
            now,
            '{"name":"王大锤"}',
        )
        secret = accounts.hashed(PASSWORD)
        accounts.add(session, "admin", secret, None, now)
        accounts.add(session, "street", secret, STREET, now)
    reader.refresh(storage)


@dataclass(frozen=True)
class Live:
    """A server that runs."""

    url: str
    storage: Storage
    settings: Settings
    server: uvicorn.Server

    @property
    def port(self) -> int:
        return self.settings.port


@contextlib.contextmanager
def serving(folder: Path, central: type[Central] = Central, **changes: object) -> Iterator[Live]:
    """The real server on a loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = replace(config.load(None, {}, {"data": folder, "port": port}), **changes)
    storage = open_storage(folder)
    server = uvicorn.Server(uvicorn.Config(make_app(central(storage), settings), **uvicorn_options(settings)))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.02)
    try:
        yield Live(f"http://127.0.0.1:{port}", storage, settings, server)
    finally:
        server.should_exit = True
        thread.join()


__all__ = ["furnish", "serving", "wall_clock"]
