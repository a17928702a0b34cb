"""What people at the desks do: they write, delete, share, hand over, have erased, and settle conflicts."""

import json
from dataclasses import dataclass, field
from typing import Any

from desktop_app.shared.errors import AppError
from desktop_app.sync import conflicts
from tests.sync import ledger
from tests.sync.facts import ALIKE
from tests.sync.ledger import CLERK

POISON = "长" * 700
"""Longer than the server of the simulation takes."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A table: the fields in which people write, what else a new record needs, what it follows or points to."""

    fields: tuple[str, ...]
    fixed: dict[str, Any] = field(default_factory=dict)
    follows: tuple[str, str] | None = None
    points: tuple[tuple[str, str], ...] = ()
    append: bool = False
    weight: int = 2


KINDS = {
    "person": Kind(("name", "phones", "note"), {"source": ""}, weight=10),
    "person_tag": Kind(("tag", "detail", "evidence"), follows=("person_id", "person"), weight=4),
    "person_event": Kind(("kind", "on", "text"), follows=("person_id", "person"), append=True),
    "household": Kind(("household_no", "hukou_no", "note"), {"kind": "家庭户", "status": "在住"}),
    "household_member": Kind(
        ("relation", "residing"), points=(("household_id", "household"), ("person_id", "person")), weight=1
    ),
    "meeting": Kind(("title", "place", "lead"), {"kind": "议事会"}, weight=5),
    "agenda_item": Kind(("title", "discussion"), {"seq": 1}, follows=("meeting_id", "meeting"), weight=4),
    "attendance": Kind(
        ("name", "post", "reason"),
        {"seq": 1, "capacity": "应到", "status": "缺席", "voting": True},
        follows=("meeting_id", "meeting"),
    ),
    "org_node": Kind(("name", "from_on"), {"line": "自治", "level": 5, "kind": "小组"}),
    "area": Kind(("name", "phone", "address"), {"level": "网格"}, weight=1),
    "attachment": Kind(
        ("title", "by_name"),
        {"kind": "photo", "mime": "image/jpeg", "size": 1, "sha256": "0" * 64, "at": 1, "owner_table": "person"},
        follows=("owner_id", "person"),
        weight=1,
    ),
}
UPWARD = ("org_node", "area")
POINTS = 0.3
"""So much of what is done in a world with a ledger."""
DERIVED_IDS = tuple(f"{number:012x}8{number:019x}" for number in range(1, 4))
"""Identifiers that several desks derive from the same words."""


def act(world: Any, desk: Any) -> None:
    """Somebody does something at a desk."""
    if world.ledger and not desk.older and world.rng.random() < POINTS:
        ledger.act(world, desk)
        return
    dice = world.rng.random()
    if dice < 0.86:
        edit(world, desk)
    elif dice < 0.92 and world.town:
        share(world, desk)
    elif dice < 0.95 and world.town:
        hand_over(world, desk)
    elif dice < 0.965:
        have_erased(world, desk)
    elif dice < 0.99:
        settle(world, desk)
    else:
        delete_many(world, desk)


def edit(world: Any, desk: Any) -> None:
    """Something is added, changed or deleted."""
    world.stats["edits"] += 1
    table = world.rng.choice(world.kinds)
    if table not in desk.db.tables:
        table = "person"
    kind, dice = KINDS[table], world.rng.random()
    rows = [row for row in desk.living(table, fields(desk, table)) if not row["scope"] or trespasses(world, table)]
    with desk.db.transaction(CLERK, "编辑") as tx:
        if not rows or dice < 0.27:
            insert(world, desk, tx, table)
        elif dice < 0.92 and not kind.append:
            update(world, desk, tx, table, world.rng.choice(rows))
        else:
            delete(world, desk, tx, table, world.rng.choice(rows))


def trespasses(world: Any, table: str) -> bool:
    """Records of other units that one may only read are changed now and then all the same."""
    return table not in UPWARD or world.rng.random() < 0.1


def fields(desk: Any, table: str) -> tuple[str, ...]:
    """The fields of a table that the program of this desk knows."""
    known = desk.db.tables[table].columns if table in desk.db.tables else ()
    return tuple(name for name in KINDS[table].fields if name in known)


# ------------------------------------------------------------------------------------------------------------- records


def insert(world: Any, desk: Any, tx: Any, table: str) -> None:
    kind, record = KINDS[table], world.fresh("r")
    values: dict[str, Any] = dict(kind.fixed)
    parent = None
    for column, other in (*([kind.follows] if kind.follows else []), *kind.points):
        found = desk.living(other, ())
        if not found:
            return insert(world, desk, tx, other) if other != table else None
        values[column] = world.rng.choice(found)["id"]
        parent = values[column] if kind.follows else None
    written = list(fields(desk, table))
    if table == "area":
        record = world.rng.choice(DERIVED_IDS)
        if desk.db.scalar("SELECT 1 FROM area WHERE id=?", (record,)):
            return None
        written = ["name", *world.rng.sample(written[1:], world.rng.randint(0, 2))]
    units = {desk.unit, *(world.above(desk.unit) if table in UPWARD else ())}
    world.facts.made(table, record, units, parent)
    for name in written:
        values[name] = text(world, desk, record, name)
        world.facts.written(record, name, values[name])
    if table == "meeting" and world.town and world.rng.random() < 0.4 and "audience" in desk.db.tables[table].columns:
        values["audience"] = audience(world, desk, record)
    listed = ",".join(f'"{name}"' for name in ("id", *values))
    tx.execute(
        f'INSERT INTO "{table}"({listed}) VALUES({",".join("?" * (len(values) + 1))})', [record, *values.values()]
    )
    desk.diary.append(record)
    world.tell(f"{desk.name} writes {table} {record} {values}", record, parent)
    return None


def text(world: Any, desk: Any, record: str, name: str) -> str:
    """A value nobody has written before, now and then one that others write too, or that the server does not take."""
    dice, value = world.rng.random(), world.fresh("v") + "."
    if dice < 0.05:
        value = f"{ALIKE}{record}-{name}"
    elif dice < 0.07 and world.weather["poison"]:
        value += POISON
        world.stats["poison"] += 1
    elif dice < 0.09:
        value += "\x00\U0001f600\ufeff"
        world.stats["strange_characters"] += 1
    desk.diary.append(value)
    return value


def update(world: Any, desk: Any, tx: Any, table: str, row: dict[str, Any]) -> None:
    names, record = fields(desk, table), row["id"]
    for name in world.rng.sample(names, min(len(names), world.rng.choice((1, 1, 2)))):
        value = text(world, desk, record, name)
        write(world, desk, tx, table, row, name, value)


def write(world: Any, desk: Any, tx: Any, table: str, row: dict[str, Any], name: str, value: str) -> None:
    tx.execute(f'UPDATE "{table}" SET "{name}"=? WHERE id=?', (value, row["id"]))
    world.facts.written(row["id"], name, value, row[name])
    world.tell(f"{desk.name} writes {row['id']}.{name} = {value[:40]} over {str(row[name])[:40]}", row["id"])


def delete(world: Any, desk: Any, tx: Any, table: str, row: dict[str, Any]) -> None:
    (ext,) = tx.rows(f'SELECT sync_ext FROM "{table}" WHERE id=?', (row["id"],))[0]
    tx.execute(f'UPDATE "{table}" SET sync_del=1 WHERE id=?', (row["id"],))
    seen = [row[name] for name in fields(desk, table)] if table in KINDS else []
    world.facts.deleted(row["id"], seen + (list(json.loads(ext).values()) if ext else []))
    desk.diary.append(world.facts.deletion(row["id"]))
    world.tell(f"{desk.name} deletes {table} {row['id']}", row["id"])


def delete_many(world: Any, desk: Any) -> None:
    """By mistake or on purpose: everything of one table goes."""
    table = world.rng.choice(("person", "household"))
    rows = [row for row in desk.living(table, fields(desk, table)) if not row["scope"]]
    if len(rows) < 4:
        return
    with desk.db.transaction(CLERK, "清空") as tx:
        for row in rows:
            delete(world, desk, tx, table, row)
    world.stats["mass_deletion"] += 1


# ------------------------------------------------------------------------------------------------------ between units


def audience(world: Any, desk: Any, record: str) -> str | None:
    """Some units; mostly such that may be named, and now and then nobody."""
    near = [*world.above(desk.unit), *world.offices]
    far = [unit for unit in world.communities if unit != desk.unit]
    from_above = desk.unit not in world.communities
    pool = [*near, *far] if from_above or world.rng.random() < 0.1 else near
    named = world.rng.sample(pool, min(len(pool), world.rng.randint(0, 2)))
    world.facts.allowed[record].update(named)
    return ",".join(map(str, named)) or None


def share(world: Any, desk: Any) -> None:
    """A meeting is shared with other units, or withdrawn from them."""
    if "audience" not in desk.db.tables["meeting"].columns:
        return
    rows = desk.living("meeting", ("audience",))
    if rows:
        row = world.rng.choice(rows)
        named = audience(world, desk, row["id"]) if world.rng.random() < 0.7 else None
        with desk.db.transaction(CLERK, "共享") as tx:
            tx.execute("UPDATE meeting SET audience=? WHERE id=?", (named, row["id"]))
        shrunk = set(str(row["audience"] or "").split(",")) - set(str(named or "").split(","))
        if shrunk - {""}:
            world.facts.withdrawn.add(row["id"])
        world.stats["withdrawal" if shrunk - {""} else "sharing"] += 1
        world.tell(f"{desk.name} shares {row['id']} with {named}", row["id"])


def hand_over(world: Any, desk: Any) -> None:
    """A resident moves to another community: the order travels with everything else."""
    table = world.rng.choice(("person", "person", "household"))
    rows = [row for row in desk.living(table, ()) if not row["scope"]]
    targets = [unit for unit in world.communities if unit != desk.unit]
    if not rows or not targets or desk.unit not in world.communities:
        return
    record, to, order = world.rng.choice(rows)["id"], world.rng.choice(targets), world.fresh("t")
    world.facts.allowed[record].add(to)
    world.facts.moved.add(record)
    world.facts.made("transfer", order, {desk.unit})
    with desk.db.transaction(CLERK, "转出") as tx:
        tx.execute(
            "INSERT INTO transfer(id,tbl,row_id,to_scope,to_name) VALUES(?,?,?,?,'')", (order, table, record, to)
        )
    desk.diary.append(order)
    world.stats["transfer"] += 1
    world.tell(f"{desk.name} hands {record} over to {to}", record)


def have_erased(world: Any, desk: Any) -> None:
    """A resident asks to be erased: hidden at once, and an order that travels."""
    rows = [row for row in desk.living("person", fields(desk, "person")) if not row["scope"]]
    if not rows:
        return
    row, order = world.rng.choice(rows), world.fresh("e")
    world.facts.made("erasure", order, {desk.unit})
    with desk.db.transaction(CLERK, "清除") as tx:
        tx.execute("INSERT INTO erasure(id,tbl,row_id) VALUES(?,'person',?)", (order, row["id"]))
        delete(world, desk, tx, "person", row)
    desk.diary.append(order)
    world.stats["erasure"] += 1
    world.tell(f"{desk.name} has {row['id']} erased", row["id"])


# ----------------------------------------------------------------------------------------------------------- conflicts


def settle(world: Any, desk: Any) -> None:
    """Somebody looks at a conflict: what stands is right, or a third value is."""
    waiting = conflicts.open_conflicts(desk.db)
    if not waiting:
        return
    one = world.rng.choice(sorted(waiting, key=lambda found: found.id))
    value = world.fresh("v") + "."
    try:
        if (
            one.kind == "field"
            and one.table in KINDS
            and one.field in KINDS[one.table].fields
            and one.table != "person"
        ):
            conflicts.merge(desk.db, CLERK, one.id, value)
            for seen in (one.shown.value, one.other.value):
                world.facts.written(one.record_id, one.field, value, seen)
            desk.diary.append(value)
            world.tell(f"{desk.name} settles {one.record_id}.{one.field} on {value}", one.record_id)
        else:
            conflicts.keep(desk.db, CLERK, one.id)
        world.stats["settled"] += 1
    except AppError:
        world.stats["could_not_settle"] += 1


def put_right(world: Any, desk: Any) -> None:
    """At the end: whatever the server did not take is looked at and written in a way that it takes."""
    for number, local_no in desk.db.rows("SELECT tbl,local_no FROM sync_dirty WHERE txn=-1"):
        table = desk.db.numbers[number]
        names = fields(desk, table) if table in KINDS else ()
        for row in desk.living(table, names):
            if not desk.db.scalar(f'SELECT 1 FROM "{table}" WHERE id=? AND local_no=?', (row["id"], local_no)):
                continue
            with desk.db.transaction(CLERK, "改正") as tx:
                if table not in KINDS or KINDS[table].append:
                    delete(world, desk, tx, table, row)
                    continue
                for name in names:
                    if str(row[name] or "").endswith(POISON) or name == names[0]:
                        value = world.fresh("v") + "."
                        desk.diary.append(value)
                        write(world, desk, tx, table, row, name, value)
                if table == "meeting" and "audience" in desk.db.tables[table].columns:
                    tx.execute("UPDATE meeting SET audience=? WHERE id=?", (as_it_stands(world, desk, row), row["id"]))
            world.stats["put_right"] += 1


def as_it_stands(world: Any, desk: Any, row: dict[str, Any]) -> str | None:
    """With whom the server has a meeting shared; what a guest may not change is put back."""
    sql = "select fields from record where scope_id=? and tbl='meeting' and id=?"
    found = world.server_rows(sql, desk.unit, row["id"])
    return json.loads(found[0][0]).get("audience") if found and row["scope"] else None
