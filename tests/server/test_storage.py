"""What both engines promise to the server."""

import threading
from collections.abc import Callable, Iterator

import pytest

from central_server.exchange import Central, Request
from central_server.storage import ContendedError, Storage, UnavailableError, schema
from sync_protocol import signing, versions
from sync_protocol.digests import body_hash

PUT = ("scope_id", "hash", "at")
KEY = ("scope_id", "hash")
ALL = "select scope_id,hash,at from erasure order by scope_id,hash"


@pytest.fixture
def storage(disk) -> Iterator[Storage]:
    opened = disk.open()
    yield opened
    opened.close()


def put(storage: Storage, *rows: tuple[object, ...]) -> None:
    with storage.writing() as session:
        session.put("erasure", PUT, KEY, rows)


def everything(storage: Storage) -> list[tuple[object, ...]]:
    with storage.reading() as session:
        return session.rows(ALL)


def test_rows_are_put_as_a_set_and_those_that_are_there_are_replaced(storage):
    put(storage, (1, "a", 1), (1, "b", 1))
    put(storage, (1, "b", 2), (2, "b", 3))
    assert everything(storage) == [(1, "a", 1), (1, "b", 2), (2, "b", 3)]


def test_an_empty_set_changes_nothing(storage):
    put(storage)
    assert everything(storage) == []


@pytest.mark.parametrize("words", ['a"b', "a\\b", "{a,b}", "NULL", "", " a ", "a'b", "?", "换\n行", "😀", "\\u0000"])
def test_words_come_back_as_they_were_put(storage, words):
    put(storage, (1, words, 1 << 62))
    with storage.reading() as session:
        assert session.rows(ALL) == [(1, words, 1 << 62)]
        assert session.row("select at from erasure where scope_id=? and hash=?", 1, words) == (1 << 62,)
        assert session.row("select at from erasure where hash = any(?)", ["x", words]) == (1 << 62,)


def test_nothing_at_all_can_be_put_too(storage):
    columns = ("id", "name", "kind", "parent", "opened_at")
    with storage.writing() as session:
        session.put("unit", columns, ("id",), [(1, "区", "district", None, 0), (2, "街", "street", 1, 0)])
        assert session.rows("select id,parent from unit order by id") == [(1, None), (2, 1)]


def test_a_list_may_be_of_any_length(storage):
    put(storage, *((1, f"{number:05}", number) for number in range(5000)))
    with storage.reading() as session:
        wanted = [f"{number:05}" for number in range(0, 10_000, 2)]
        found = session.rows("select at from erasure where scope_id=? and hash = any(?)", 1, wanted)
        none = session.rows("select at from erasure where scope_id=? and hash = any(?)", 1, [])
    assert (len(found), none) == (2500, [])


def test_a_question_mark_in_quotes_is_no_parameter(storage):
    with storage.reading() as session:
        assert session.row("select 'a?', count(*) from unit where name<>'?' and id>?", 0) == ("a?", 0)


def test_sums_of_whole_numbers_are_whole_numbers(storage):
    put(storage, (1, "a", 1 << 40), (1, "b", 2))
    with storage.reading() as session:
        (total,) = session.row("select coalesce(sum(at),0) from erasure")
    assert (total, type(total)) == ((1 << 40) + 2, int)


def test_a_change_says_how_many_rows_it_met(storage):
    put(storage, (1, "a", 1), (1, "b", 1))
    with storage.writing() as session:
        assert session.run("update erasure set at=? where scope_id=?", True, 1) == 2
        assert session.run("delete from erasure where hash=?", "c") == 0


def test_a_transaction_that_fails_leaves_nothing(storage):
    with pytest.raises(ZeroDivisionError), storage.writing() as session:
        session.put("erasure", PUT, KEY, [(1, "a", 1)])
        raise ZeroDivisionError
    assert everything(storage) == []
    put(storage, (1, "b", 1))
    assert everything(storage) == [(1, "b", 1)]


def test_an_error_of_the_engine_that_was_passed_over_does_not_lose_what_follows_in_silence(storage):
    """PostgreSQL gives the whole transaction up; SQLite goes on.  Neither may say yes and keep nothing."""
    kept = True
    try:
        with storage.writing() as session:
            session.run("insert into erasure(scope_id,hash,at) values(1,'a',1)")
            with pytest.raises(Exception, match=r"(?i)unique"):
                session.run("insert into erasure(scope_id,hash,at) values(1,'a',1)")
    except RuntimeError:
        kept = False
    assert bool(everything(storage)) is kept


def test_who_locks_a_row_sees_what_the_one_before_has_made_of_it(storage):
    """Eight threads count the same row up; without the lock some would count from the same number."""
    put(storage, (1, "a", 0))

    def count_up() -> None:
        for _ in range(10):
            with storage.writing() as session:
                ((number,),) = session.lock("select at from erasure where scope_id=? and hash=?", 1, "a")
                session.run("update erasure set at=? where scope_id=1", number + 1)

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert everything(storage) == [(1, "a", 80)]


def test_a_look_sees_one_state(storage, disk):
    put(storage, (1, "a", 1))
    other = disk.open()
    with other.reading() as session:
        before = session.rows(ALL)
        put(storage, (1, "b", 1))
        assert session.rows(ALL) == before
    other.close()


def test_opening_again_finds_what_was_there(disk):
    first = disk.open()
    put(first, (1, "a", 1))
    first.close()
    again = disk.open()
    assert everything(again) == [(1, "a", 1)]
    again.close()


def test_a_newer_store_is_refused_and_left_alone(disk, monkeypatch):
    disk.spoiled = True
    with monkeypatch.context() as newer:
        newer.setattr(schema, "VERSION", schema.VERSION + 1)
        disk.open().close()
    with pytest.raises(RuntimeError, match=f"本程序最高 {schema.VERSION}"):
        disk.open()
    with monkeypatch.context() as newer:
        newer.setattr(schema, "VERSION", schema.VERSION + 1)
        disk.open().close()


def test_an_older_store_is_brought_up_to_date_and_keeps_what_it_has(disk, monkeypatch):
    disk.spoiled = True
    first = disk.open()
    put(first, (1, "a", 1))
    first.close()
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    step = ("alter table erasure add column why text", "update erasure set why='asked'")
    monkeypatch.setattr(schema, "UPGRADES", {**schema.UPGRADES, schema.VERSION: step})
    for _ in range(2):
        again = disk.open()
        with again.reading() as session:
            assert session.rows("select hash,why from erasure") == [("a", "asked")]
        again.close()


def test_an_upgrade_that_fails_changes_nothing(disk, monkeypatch):
    disk.spoiled = True
    disk.open().close()
    with monkeypatch.context() as newer:
        newer.setattr(schema, "VERSION", schema.VERSION + 1)
        step = ("alter table erasure add column why text", "update erasure set nonsense=1")
        newer.setattr(schema, "UPGRADES", {schema.VERSION: step})
        with pytest.raises(Exception, match="nonsense"):
            disk.open()
    again = disk.open()
    with again.reading() as session, pytest.raises(Exception, match="why"):
        session.rows("select why from erasure")
    again.close()


class Trouble:
    """A storage that is contended a few times, or out of reach."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.asked = list(errors), 0

    def writing(self):
        self.asked += 1
        raise self.errors.pop(0) if self.errors else ZeroDivisionError

    reading = writing


@pytest.fixture
def ask(station, monkeypatch) -> Callable[[Trouble], int]:
    """Asks a server with such a storage for something; the status of its answer."""
    monkeypatch.setattr("central_server.exchange.RETRY_S", (0, 0, 0))
    body = b'{"code":"ABCDEFGHJK","key":"' + b"00" * 32 + b'","name":"x"}'
    headers = {signing.HEADER_PROTOCOL: str(versions.CURRENT), signing.HEADER_HASH: body_hash(body)}

    def answered(storage: Trouble) -> int:
        central = Central(station.storage)
        central.storage = storage
        return central.answer(Request("POST", "/v1/enrol", headers, body)).status

    return answered


def test_a_request_that_gave_in_to_another_is_begun_anew(ask):
    storage = Trouble(ContendedError(), ContendedError())
    with pytest.raises(ZeroDivisionError):
        ask(storage)
    assert storage.asked == 3


def test_a_desk_is_asked_to_come_back_when_there_is_no_end_to_it(ask):
    storage = Trouble(*[ContendedError() for _ in range(9)])
    assert ask(storage) == 503
    assert storage.asked == 3


def test_a_storage_out_of_reach_is_asked_once(ask):
    storage = Trouble(UnavailableError(), UnavailableError())
    assert ask(storage) == 503
    assert storage.asked == 1
