"""What the administrators of the server do: years pass, units are merged and split, a resident is erased."""

from typing import Any

from central_server import erasing, purging, regrouping

DAY = 86_400_000


def let_years_pass(world: Any) -> None:
    """More than 400 days in which some desks come and others do not; then old tombstones are forgotten."""
    for desk in world.desks:
        if world.rng.random() < 0.5:
            world.sync(desk)
    world.now += world.rng.choice((401, 500, 900)) * DAY
    for desk in world.desks:
        if world.rng.random() < 0.2:
            world.sync(desk)
    for forgotten, _ in purging.purge(world.storage, world.now).values():
        world.stats["tombstones_forgotten"] += forgotten
    world.stats["long_absence"] += 1
    world.tell(f"years pass; the server forgets old tombstones ({world.now})")


def merge_units(world: Any) -> None:
    """A community is merged into another one."""
    open_ones = [unit for unit in world.communities if unit not in world.facts.successors]
    if len(open_ones) < 2:
        return
    into, gone = sorted(world.rng.sample(open_ones, 2), key=lambda unit: unit in world.reading)
    if world.rng.random() < 0.5:
        into, gone = gone, into
    world.facts.successors[gone] = into
    regrouping.merge(world.storage, gone, into, world.now)
    world.stats["merge"] += 1
    world.tell(f"unit {gone} is merged into {into}")


def split_unit(world: Any) -> None:
    """Some records of a community go to another one."""
    open_ones = [unit for unit in world.communities if unit not in world.facts.successors]
    if len(open_ones) < 2:
        return
    unit, to = world.rng.sample(open_ones, 2)
    own = world.server_rows(
        "select tbl,id from record where scope_id=? and home=scope_id and sync_del=0 "
        "and tbl in ('person','household','meeting') order by tbl,id",
        unit,
    )
    keys = world.rng.sample(own, min(len(own), world.rng.randint(1, 3)))
    for _, record in keys:
        world.facts.allowed[record].add(to)
        world.facts.moved.add(record)
    regrouping.split(world.storage, unit, to, keys, world.now)
    world.stats["split"] += 1
    world.tell(f"{keys} go from {unit} to {to}", *(record for _, record in keys))


def erase(world: Any) -> None:
    """A resident is erased by order of the administrator."""
    own = world.server_rows(
        "select scope_id,id from record where tbl='person' and home=scope_id and sync_del<2 order by id,scope_id"
    )
    owners = [record for _, record in own]
    own = [(unit, record) for unit, record in own if owners.count(record) == 1]
    if not own:
        return
    unit, record = world.rng.choice(own)
    central = world.centrals[0]
    erasing.erase(world.storage, central.erased, unit, ("person", record), world.now)
    world.facts.erased.add(record)
    world.stats["erasure_by_order"] += 1
    world.tell(f"the administrator erases {record} in {unit}", record)
