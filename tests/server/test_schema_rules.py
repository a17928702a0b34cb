"""The schema can be spread over many machines: the rules of Citus, held against a real catalogue."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import central_server
from central_server.console import tables as console
from central_server.rollups import tables as reports
from central_server.storage import postgres, schema
from central_server.storage.postgres import PostgresStorage
from tests.postgres import Cluster
from tests.server.conftest import Speaker, Station, person
from tests.storages import PostgresDisk

DECISION = Path(__file__).parents[2] / "docs" / "decisions" / "0012-growing-with-citus.md"
STATEMENTS = re.findall(r"^select create_.*;$", DECISION.read_text("utf-8"), re.MULTILINE)
REFERENCE, DISTRIBUTED = (
    {re.search(r"'(\w+)'", one)[1] for one in STATEMENTS if one.startswith(f"select create_{kind}_table")}
    for kind in ("reference", "distributed")
)
LOCAL = {"schema_version"}
# what Citus refuses: a unique rule without the column, a foreign key, a default from a sequence
REFUSALS = """
create function create_distributed_table(
  name regclass, col text, shard_count int default 0, colocate_with text default '')
  returns void language plpgsql as $$ begin
  if exists(select from pg_index i where i.indrelid=name and i.indisunique and not exists(
      select from pg_attribute a where a.attrelid=name and a.attname=col and a.attnum=any(i.indkey))) then
    raise exception 'a unique index of % does not contain %', name, col; end if;
  if exists(select from pg_constraint where contype='f' and name in (conrelid, confrelid)) then
    raise exception '% has a foreign key', name; end if;
  if exists(select from pg_attribute where attrelid=name and (attidentity<>'' or atthasdef and pg_get_expr(
      (select adbin from pg_attrdef where adrelid=name and adnum=attnum), name) like '%nextval%')) then
    raise exception '% has a sequence', name; end if;
  if colocate_with<>'' and colocate_with<>'scope_head' then raise exception 'not with the heads'; end if;
end $$;
create function create_reference_table(name regclass) returns void language plpgsql as $$ begin
  if exists(select from pg_constraint where contype='f' and name in (conrelid, confrelid)) then
    raise exception '% has a foreign key', name; end if;
  if exists(select from pg_attribute where attrelid=name and attname='scope_id') and name::text<>'enrol_code' then
    raise exception '% belongs to units', name; end if;
end $$;
"""


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    """A database with every table of the server, made whole as for a cluster."""
    name = cluster.create()
    with psycopg.connect(cluster.url(name)) as connection:
        for statement in (*schema.TABLES, *console.TABLES, *reports.TABLES):
            connection.execute(statement.format(blob="bytea").encode())
    yield cluster.url(name)
    cluster.run(f"drop database {name} with (force)")


def ask(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(sql.encode()).fetchall()


def test_every_table_has_its_place_in_a_cluster(database):
    found = {name for (name,) in ask(database, "select tablename from pg_tables where schemaname='public'")}
    assert found - LOCAL == REFERENCE | DISTRIBUTED
    assert not REFERENCE & DISTRIBUTED


def test_every_unique_key_of_a_distributed_table_contains_the_unit(database):
    keys = ask(
        database,
        "select i.indrelid::regclass::text,pg_get_indexdef(i.indexrelid) from pg_index i "
        "join pg_class c on c.oid=i.indrelid where i.indisunique and c.relnamespace='public'::regnamespace",
    )
    assert {table for table, _ in keys} >= DISTRIBUTED
    assert [key for table, key in keys if table in DISTRIBUTED and not re.search(r"\(scope_id\b", str(key))] == []


def test_there_are_no_sequences_foreign_keys_or_triggers(database):
    assert ask(database, "select relname from pg_class where relkind='S'") == []
    assert ask(database, "select attrelid::regclass from pg_attribute where attidentity<>''") == []
    assert ask(database, "select conname from pg_constraint where contype='f'") == []
    assert ask(database, "select tgname from pg_trigger") == []


LOCAL_ONLY = re.compile(
    r"advisory|nextval|\bserial\b|bigserial|generated always|\bxmin\b|\bctid\b|\btxid_|references \w+\("
)


def test_the_code_uses_nothing_that_holds_on_one_machine_only():
    code = {path: path.read_text("utf-8") for path in Path(central_server.__file__).parent.rglob("*.py")}
    assert {path.name: hits for path, text in code.items() if (hits := LOCAL_ONLY.findall(text))} == {}


def test_the_statements_of_the_decision_can_be_run_and_the_server_works_on_what_they_leave(database, cluster):
    with psycopg.connect(database) as connection:
        connection.execute(REFUSALS.encode())
        for statement in STATEMENTS:
            connection.execute(statement.encode())
    storage = PostgresStorage(database)
    with storage.writing() as session:
        session.put("unit", ("id", "name", "kind", "opened_at"), ("id",), [(1, "x", "community", 0)])
        assert session.rows("select count(*) from pg_inherits") == [(0,)]
    storage.close()


def test_a_schema_that_breaks_the_rules_would_be_refused(database):
    with psycopg.connect(database) as connection:
        connection.execute(REFUSALS.encode())
        connection.execute("create unique index across on device(id)")
        with pytest.raises(psycopg.Error, match="does not contain scope_id"):
            connection.execute("select create_distributed_table('device', 'scope_id')")


def test_whatever_a_desk_does_every_statement_names_its_unit(cluster, monkeypatch, caplog):
    """Or it would be asked of every machine of the cluster."""
    disk, said = PostgresDisk(cluster), set()
    execute = postgres.PostgresSession._execute

    def listening(session, sql, params):
        said.add(sql)
        return execute(session, sql, params)

    station = Station(disk)
    first, second = Speaker(station), Speaker(station, "二号机")
    monkeypatch.setattr(postgres.PostgresSession, "_execute", listening)
    first.sync(person("p1", name="王小明", phones="1"))
    second.sync()
    first.sync(person("p1", "u", 1, phones="2"))
    second.sync(person("p1", "u", 1, phones="3"), person("p2", name={"nested": 1}))
    first.sync(person("p1", "d", 1), limit=1)
    station.http.live()
    disk.leave()
    tables = re.compile(rf"\b({'|'.join(DISTRIBUTED)})\b")
    assert any("record" in one for one in said)
    assert {one for one in said if tables.search(one) and "scope_id" not in one} == set()
