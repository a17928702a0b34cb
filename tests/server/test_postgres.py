"""PostgreSQL itself: several that start at once, partitions, locks, restarts, passwords."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from central_server import erasing, history
from central_server.storage import ContendedError, UnavailableError, opening, postgres, postgres_tables
from central_server.storage.postgres import PostgresStorage
from tests.postgres import GUARDED, Cluster
from tests.server.conftest import SCOPE, Speaker, Station, person
from tests.server.town import A, Desk, build
from tests.storages import PostgresDisk

OTHER = 420299001002
COUNT_UP = "update scope_head set next_seq=next_seq+1 where scope_id=?"


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    """The address of a database without tables."""
    name = cluster.create()
    yield cluster.url(name)
    cluster.run(f"drop database {name} with (force)")


@pytest.fixture
def storage(cluster: Cluster) -> Iterator[PostgresStorage]:
    disk = PostgresDisk(cluster)
    opened = disk.open()
    with opened.writing() as session:
        session.put(
            "scope_head", ("scope_id", "next_seq", "digest", "epoch"), ("scope_id",), [(1, 1, 0, "e"), (2, 1, 0, "e")]
        )
    yield opened
    opened.close()
    disk.leave()


def test_several_processes_that_start_at_once_make_the_tables_once(database):
    gate = threading.Barrier(8)

    def start(_: int) -> int:
        gate.wait()
        storage = PostgresStorage(database, partitions=4)
        with storage.writing() as session:
            session.run("insert into unit(id,name,kind,opened_at) values(1,'x','city',0) on conflict(id) do nothing")
            ((version,),) = session.rows("select version from schema_version")
        storage.close()
        return int(version)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(8)))) == 1


def test_the_first_table_is_made_once_however_close_the_starts_are(database):
    """Tried forty times: two that make it in the same moment are told of it in three ways."""
    starting = [psycopg.connect(database, autocommit=True, cursor_factory=psycopg.RawCursor) for _ in range(8)]
    gate = threading.Barrier(8)

    def start(connection: postgres_tables.Connection) -> int:
        gate.wait()
        postgres_tables.prepare(connection, partitions=0)
        return len(connection.execute("select version from schema_version").fetchall())

    with ThreadPoolExecutor(8) as pool:
        for _ in range(40):
            starting[0].execute("drop table if exists schema_version")
            assert list(pool.map(start, starting)) == [1] * 8
    for connection in starting:
        connection.close()


def test_tables_that_grow_are_divided_by_unit_and_a_pull_reads_one_part(database):
    storage = PostgresStorage(database)
    with storage.reading() as session:
        parts = dict(session.rows("select inhparent::regclass::text,count(*) from pg_inherits group by 1"))
        plan = "\n".join(
            line for (line,) in session.rows("explain select id from record where scope_id=420299001001 and sync_seq>7")
        )
    storage.close()
    assert parts["record"] == 64
    assert {name for name in parts if "pkey" not in name and "_" not in name} == set(postgres_tables.DIVIDED)
    assert plan.count("record_") - plan.count("record_pull") <= 2
    assert "Append" not in plan


def test_tables_an_operator_made_whole_stay_whole(database):
    with psycopg.connect(database) as connection:
        for statement in postgres_tables.schema.TABLES:
            connection.execute(statement.format(blob="bytea").encode())
    storage = PostgresStorage(database)
    with storage.reading() as session:
        assert session.rows("select 1 from pg_inherits") == []
    storage.close()


def test_two_that_wait_for_each_other_do_not_wait_for_ever(storage):
    """One of them gives in, and its request is begun anew."""
    gate, outcomes = threading.Barrier(2), []

    def work(first: int, second: int) -> None:
        try:
            with storage.writing() as session:
                session.run(COUNT_UP, first)
                gate.wait()
                session.run(COUNT_UP, second)
            outcomes.append("done")
        except ContendedError:
            outcomes.append("gave in")

    threads = [threading.Thread(target=work, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "gave in"]
    with storage.reading() as session:
        assert session.rows("select next_seq from scope_head") == [(2,), (2,)]


@pytest.mark.parametrize("limit", ["LOCK_MS", "STATEMENT_MS"])
def test_nobody_waits_for_a_lock_for_ever(storage, monkeypatch, limit):
    with storage.writing() as session:  # keeps the only connection that knows the long limit
        session.run(COUNT_UP, 1)
        monkeypatch.setattr(postgres, limit, 30)
        with pytest.raises(UnavailableError), storage.writing() as other:
            other.run(COUNT_UP, 1)
        with storage.writing() as other:
            assert other.run(COUNT_UP, 2) == 1


def test_a_transaction_that_is_stuck_in_one_unit_holds_up_no_other(cluster, caplog):
    """With a sequence or transaction numbers as cursor, all delivery waits for the oldest open transaction."""
    disk = PostgresDisk(cluster)
    station = Station(disk)
    with station.storage.writing() as session:
        history.open_unit(session, OTHER, "江山社区", station.clock.ms)
    here, there = Speaker(station, scope=OTHER), Speaker(station, "二号机", scope=OTHER)
    with station.storage.writing() as stuck:
        history.lock_head(stuck, SCOPE)
        here.sync(person("p1", name="王小明"))
        _, page = there.sync()
    assert [row.id for row in page.rows] == ["p1"]
    station.http.live()
    disk.leave()


def test_a_restart_of_the_database_is_survived(storage, cluster):
    """The pool is full of dead connections then; who asks next does not see that."""
    sessions = [storage.writing() for _ in range(4)]
    for at, one in enumerate(sessions):
        one.__enter__().run(COUNT_UP, at + 1)
    for one in sessions:
        one.__exit__(None, None, None)
    cluster.restart()
    with storage.writing() as session:
        assert session.run(COUNT_UP, 1) == 1


def test_a_transaction_cut_off_by_a_restart_is_one_clean_refusal_and_then_all_works(storage, cluster):
    with pytest.raises(UnavailableError), storage.writing() as session:
        session.run(COUNT_UP, 1)
        cluster.restart()
        session.run(COUNT_UP, 1)
    with storage.writing() as session:
        assert session.row("select next_seq from scope_head where scope_id=1") == (1,)
        assert session.run(COUNT_UP, 1) == 1


def test_a_connection_that_somebody_ends_is_replaced(storage, cluster):
    with pytest.raises(UnavailableError), storage.writing() as session:
        ((pid,),) = session.rows("select pg_backend_pid()")
        cluster.run(f"select pg_terminate_backend({pid},2000)")
        session.run(COUNT_UP, 1)
    with storage.writing() as session:
        assert session.run(COUNT_UP, 1) == 1


def test_when_every_connection_is_busy_the_next_is_told_so(cluster, monkeypatch):
    monkeypatch.setattr(postgres, "WAIT_S", 0.05)
    disk = PostgresDisk(cluster)
    storage = PostgresStorage(disk.url, connections=1)
    with storage.writing(), pytest.raises(UnavailableError), storage.reading():
        pass
    storage.close()
    disk.leave()


@pytest.fixture
def guarded(cluster: Cluster, database: str) -> str:
    """The address of a database for which one needs the password 'open sesame'."""
    if not cluster.run(f"select 1 from pg_roles where rolname='{GUARDED}'"):
        cluster.run(f"create role {GUARDED} login superuser password 'open sesame'")
    return database.replace("postgres:@", f"{GUARDED}@")


def test_the_password_comes_from_the_environment_or_a_file(guarded, tmp_path, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "open sesame")
    opening.open_storage(tmp_path, guarded).close()
    monkeypatch.delenv("PGPASSWORD")
    file = tmp_path / "pgpass"
    file.write_text(f"*:*:*:{GUARDED}:open sesame\n")
    file.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(file))
    opening.open_storage(tmp_path, guarded).close()


def test_a_wrong_password_is_said_at_once_and_never_repeated(guarded, tmp_path, caplog):
    address = guarded.replace("@", ":s3cret@", 1)
    with pytest.raises(UnavailableError) as caught:
        opening.open_storage(tmp_path, address)
    assert "password authentication failed" in str(caught.value)
    assert "s3cret" not in f"{caught.value}{caplog.text}{opening.described(tmp_path, address)}"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://desk:x@db.example.cn:5433/linli", "PostgreSQL db.example.cn:5433/linli"),
        ("postgresql:///linli", "PostgreSQL 本机/linli"),
    ],
)
def test_the_log_says_where_the_data_are_without_the_password(tmp_path, address, words):
    assert opening.described(tmp_path, address) == words


def test_an_address_that_is_none_is_refused(tmp_path):
    with pytest.raises(RuntimeError, match="postgresql://"):
        opening.open_storage(tmp_path, "mysql://x")


@pytest.mark.parametrize("make", [dict, list, bytes])
def test_what_cannot_be_an_element_of_a_list_is_a_bug(storage, make: Callable[[], object]):
    with pytest.raises(TypeError), storage.reading() as session:
        session.rows("select 1 from record where id = any(?)", [make()])


def test_an_erased_text_is_not_in_the_files_of_the_database_any_more(cluster):
    """Neither the short texts of a row, in all its versions, nor the long ones that PostgreSQL keeps apart."""
    disk = PostgresDisk(cluster)
    station = Station(disk)
    build(station)
    desk = Desk(station, A)
    secret = "红旗桥第九号秘密"

    def files() -> bytes:
        cluster.run("checkpoint")
        ((number,),) = cluster.run(f"select oid from pg_database where datname='{disk.name}'")
        return b"".join(path.read_bytes() for path in (cluster.folder / "data" / "base" / str(number)).iterdir())

    noise = "".join(chr(0x4E00 + (at * 7919) % 20000) for at in range(5000))
    for at in range(3):
        desk.push(*(desk.new("person", f"p{at}{n}", name=f"王小明{n}", note=f"{secret}{noise}") for n in range(5)))
        desk.push(*(desk.edit("person", f"p{at}{n}", name=secret) for n in range(5)))
    assert secret.encode() in files()
    desk.push(
        *(desk.new("erasure", f"e{at}{n}", tbl="person", row_id=f"p{at}{n}") for at in range(3) for n in range(4))
    )
    for at in range(3):
        erasing.erase(station.storage, erasing.ErasedList(None), A, ("person", f"p{at}4"), station.clock.ms)
    assert secret.encode() not in files()
    assert len(station.rows("select 1 from record where tbl='person' and sync_del=2")) == 15
    station.storage.close()
    disk.leave()
