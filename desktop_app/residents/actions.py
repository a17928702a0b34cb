"""What one may do with residents: each function is one transaction and takes only what the person changed."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.places.model import Room
from desktop_app.profiles.desk import code_of, desk_codes
from desktop_app.residents import rules
from desktop_app.residents.model import Household, HouseholdMember, Person, PersonEvent, PersonTag, Residence
from desktop_app.residents.reach import must_reach
from desktop_app.shared import identity
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction

RIGHT: Final = "residents.change"


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody comes to live.

    `household_id` None with `relation` 户主 makes a household of one; None with another relation joins the room's only
    household.  `basis` 自有, 租住 …
    """

    room_id: str
    household_id: str | None = None
    relation: str = "户主"
    basis: str | None = None
    from_on: str | None = None


@needs(RIGHT)
def register(
    db: Database, actor: Actor, person: Person, home: Home | None = None, *, card_seen: bool = False, why: str = ""
) -> Person:
    """Enters a person on the register, and into a home; a sound ID number fills sex and birth date that are blank."""
    must_reach(db, actor, RIGHT, rooms=[home.room_id] if home else [], why=why)
    _complete(person)
    rules.must_be_sound(_fields(person), db.clock.today(), card_seen=card_seen, paper=partial(code_of, db, "id_types"))
    if home and home.from_on:
        must_be_date(home.from_on, "入住日期", "from_on")
    with db.transaction(actor, f"登记居民：{person.name}", why) as tx:
        tx.add(person)
        on = (home and home.from_on) or db.clock.today().isoformat()
        tx.add(PersonEvent(person_id=person.id, kind="登记", on=on, room_id=home.room_id if home else None))
        if home:
            _settle(tx, person.id, home, on)
        return person


def _complete(person: Person) -> None:
    if not person.id_no:
        return
    person.id_no = identity.normalise_id(person.id_no)
    person.sex = person.sex or identity.sex_of(person.id_no)
    person.birth = person.birth or identity.birth_of(person.id_no)


def _fields(person: Person) -> dict[str, object]:
    names = ("name", "id_no", "id_type", "sex", "birth", "phones")
    return {name: getattr(person, name) for name in names}


@needs(RIGHT)
def correct(
    db: Database, actor: Actor, person_id: str, changes: dict[str, Any], *, card_seen: bool = False, why: str = ""
) -> Person:
    """Changes the named fields of a person and no others: what a colleague changed meanwhile stays."""
    must_reach(db, actor, RIGHT, people=[person_id], why=why)
    if changes.get("id_no"):
        changes = {**changes, "id_no": identity.normalise_id(changes["id_no"])}
    with db.transaction(actor, "修改居民信息", why) as tx:
        person = tx.need(Person, person_id)
        _not_by_hand(person, changes)
        fields, paper = {**_fields(person), **changes}, partial(code_of, db, "id_types")
        rules.must_be_sound(fields, db.clock.today(), card_seen=card_seen, paper=paper)
        return tx.change(Person, person_id, **changes)


def _not_by_hand(person: Person, changes: dict[str, Any]) -> None:
    """A death or a departure ends residence and membership too; only its day may be put right by itself."""
    for name, zh in (("deceased_on", "死亡日期"), ("left_on", "迁出日期")):
        if changes.get(name) and getattr(person, name) is None:
            raise AppError(
                f"{zh}不能直接填写，没有保存。", field=name, next_step="请在居民页用“离开登记”，住处会一起结束。"
            )


@needs(RIGHT)
def move(db: Database, actor: Actor, person_id: str, home: Home, on: str, why: str = "") -> None:
    """Moves a person to another room, from a day on; the earlier residence ends that day."""
    must_reach(db, actor, RIGHT, people=[person_id], why=why)
    must_be_date(on, "迁移日期", "on")
    with db.transaction(actor, "居民迁移", why) as tx:
        kind = "返回" if alive(tx, person_id, on).left_on else "迁移"
        room = tx.need(Room, home.room_id)
        end_living(tx, person_id, on)
        _settle(tx, person_id, home, on)
        tx.change(Person, person_id, left_on=None)
        tx.add(PersonEvent(person_id=person_id, kind=kind, on=on, room_id=room.id, text=why or None))


@needs(RIGHT)
def leave(db: Database, actor: Actor, person_id: str, kind: str, on: str, why: str = "") -> None:
    """Takes a person off the register: 迁出, 搬离 or 失联.  A household whose head left gets its next head."""
    must_reach(db, actor, RIGHT, people=[person_id], why=why)
    if kind not in rules.LEFT_BY:
        raise AppError(f"没有“{kind}”这种变动。", field="kind", next_step=f"请从{'、'.join(rules.LEFT_BY)}中选择。")
    must_be_date(on, f"{kind}日期", "on")
    with db.transaction(actor, f"居民{kind}", why) as tx:
        person = alive(tx, person_id, on)
        if person.left_on:
            raise AppError(
                f"{person.name}已经在 {person.left_on} 登记离开，没有重复登记。", next_step="日期不对请修改资料。"
            )
        end_living(tx, person_id, on)
        tx.change(Person, person_id, left_on=on)
        tx.add(PersonEvent(person_id=person_id, kind=kind, on=on, text=why or None))


@needs(RIGHT)
def record_death(db: Database, actor: Actor, person_id: str, on: str, why: str = "") -> None:
    """Records a death; residence, household membership and tags end that day."""
    must_reach(db, actor, RIGHT, people=[person_id], why=why)
    must_be_date(on, "死亡日期", "on")
    if on > db.clock.today().isoformat():
        raise AppError("死亡日期在今天之后，没有保存。", field="on", next_step="请核对日期。")
    with db.transaction(actor, "登记死亡", why) as tx:
        alive(tx, person_id, on)
        end_living(tx, person_id, on)
        tx.change(Person, person_id, deceased_on=on)
        open_tags = select(PersonTag.id).where(
            PersonTag.person_id == person_id, PersonTag.to_on.is_(None), PersonTag.sync_del == 0
        )
        for tag_id in tx.session.scalars(open_tags).all():
            tx.change(PersonTag, tag_id, to_on=on)
        tx.add(PersonEvent(person_id=person_id, kind="死亡", on=on, text=why or None))


def alive(tx: Transaction, person_id: str, on: str) -> Person:
    """The person, who has to be alive and born on that day."""
    person = tx.need(Person, person_id)
    if person.deceased_on:
        raise AppError(
            f"{person.name}已经登记死亡（{person.deceased_on}），没有再登记变动。",
            next_step="登记错了请先撤销那一次登记。",
        )
    rules.must_have_lived(person.birth, on)
    return person


def _settle(tx: Transaction, person_id: str, home: Home, on: str) -> None:
    if tx.need(Room, home.room_id).to_on:
        raise AppError("这间房已经停用，没有保存。", field="room_id", next_step="请另选一间。")
    tx.add(Residence(person_id=person_id, room_id=home.room_id, basis=home.basis, from_on=on))
    household_id = home.household_id or _only_household(tx, home)
    if household_id is None:
        household = tx.add(Household(room_id=home.room_id, head_id=person_id, from_on=on))
        household_id = household.id
    relation = _relation(tx.need(Household, household_id), person_id, home.relation)
    tx.add(HouseholdMember(household_id=household_id, person_id=person_id, relation=relation, from_on=on))


def _relation(household: Household, person_id: str, told: str) -> str:
    """How somebody who joins a household is related to its head; the head is who the household says it is."""
    if household.to_on:
        raise AppError("这一户已经不在了，没有保存。", field="household_id", next_step="请另选一户，或登记为户主。")
    if household.head_id == person_id:
        return "户主"
    if rules.is_head_word(told):
        raise AppError(
            "这一户已经有户主，没有保存。", field="relation", next_step="请选与户主的关系；要换请用“变更户主”。"
        )
    return told


def _only_household(tx: Transaction, home: Home) -> str | None:
    """The household to join: None to found one; an AppError where there are several to choose from."""
    if rules.is_head_word(home.relation):
        return None
    found = tx.rows("SELECT id FROM household WHERE room_id=? AND sync_del=0 AND to_on IS NULL", (home.room_id,))
    if len(found) > 1:
        raise AppError("这间房里有几户人家。", field="household_id", next_step="请选择加入哪一户。")
    return str(found[0][0]) if found else None


def end_living(tx: Transaction, person_id: str, on: str) -> None:
    """Ends residence and membership; the household goes on under its next head or ends with its last member."""
    living = select(Residence.id).where(
        Residence.person_id == person_id, Residence.to_on.is_(None), Residence.sync_del == 0
    )
    for residence_id in tx.session.scalars(living).all():
        tx.change(Residence, residence_id, to_on=on)
    belongs = select(HouseholdMember).where(
        HouseholdMember.person_id == person_id, HouseholdMember.to_on.is_(None), HouseholdMember.sync_del == 0
    )
    for member in tx.session.scalars(belongs).all():
        tx.change(HouseholdMember, member.id, to_on=on)
        _after_leaving(tx, member.household_id, person_id, on)


def _after_leaving(tx: Transaction, household_id: str, person_id: str, on: str) -> None:
    household = tx.get(Household, household_id)
    if household is None or household.head_id != person_id:
        return
    rest = tx.rows(
        "SELECT p.id,m.relation,p.birth FROM household_member m JOIN person p ON p.id=m.person_id "
        "WHERE m.household_id=? AND m.sync_del=0 AND m.to_on IS NULL AND p.sync_del=0",
        (household_id,),
    )
    head = rules.next_head((id_, relation, birth) for id_, relation, birth in rest)
    if head is None:
        tx.change(Household, household_id, to_on=on, status="搬离")
    else:
        set_head(tx, household_id, head)


@needs(RIGHT)
def change_head(db: Database, actor: Actor, household_id: str, person_id: str, why: str = "") -> None:
    """Makes a member the head of the household; relations to the earlier head are cleared, to be asked again."""
    must_reach(db, actor, RIGHT, homes=[household_id], why=why)
    with db.transaction(actor, "变更户主", why) as tx:
        if not tx.scalar(
            "SELECT 1 FROM household_member WHERE household_id=? AND person_id=? AND sync_del=0 AND to_on IS NULL",
            (household_id, person_id),
        ):
            raise AppError("户主必须是这一户的成员。", field="person_id", next_step="请先把他登记进这一户。")
        set_head(tx, household_id, person_id)


def set_head(tx: Transaction, household_id: str, person_id: str) -> None:
    """Makes a member the head within a transaction under way; relations to the earlier head are cleared."""
    tx.change(Household, household_id, head_id=person_id)
    belongs = select(HouseholdMember).where(
        HouseholdMember.household_id == household_id, HouseholdMember.to_on.is_(None), HouseholdMember.sync_del == 0
    )
    for member in tx.session.scalars(belongs).all():
        if member.person_id == person_id:
            tx.change(HouseholdMember, member.id, relation="户主")
        elif member.relation != "非亲属":
            # a son of the old head may be a brother of the new one: better blank than wrong
            tx.change(HouseholdMember, member.id, relation=None)


@needs(RIGHT)
def change_relation(
    db: Database, actor: Actor, household_id: str, person_id: str, relation: str, why: str = ""
) -> None:
    """Changes how a member is related to the head."""
    must_reach(db, actor, RIGHT, homes=[household_id], why=why)
    if rules.is_head_word(relation):
        raise AppError("一户只有一位户主。", field="relation", next_step="要换户主请用“变更户主”。")
    with db.transaction(actor, "修改与户主关系", why) as tx:
        member = tx.scalar(
            "SELECT id FROM household_member WHERE household_id=? AND person_id=? AND sync_del=0 AND to_on IS NULL",
            (household_id, person_id),
        )
        tx.change(HouseholdMember, str(member), relation=relation)


@needs(RIGHT)
def change_household(db: Database, actor: Actor, household_id: str, why: str = "", **changes: Any) -> Household:
    """Changes the named fields of a household, but for its head."""
    must_reach(db, actor, RIGHT, homes=[household_id], why=why)
    if "head_id" in changes:
        raise AppError("户主不能直接改写。", field="head_id", next_step="请用“变更户主”。")
    with db.transaction(actor, "修改户信息", why) as tx:
        return tx.change(Household, household_id, **changes)


@needs(RIGHT)
def tag(
    db: Database,
    actor: Actor,
    person_ids: list[str],
    word: str,
    *,
    from_on: str | None = None,
    detail: str | None = None,
    evidence: str | None = None,
    why: str = "",
) -> int:
    """Gives people a tag, told by any of its names; those who have it keep theirs.  Returns how many got it."""
    must_reach(db, actor, RIGHT, people=person_ids, why=why)
    word = desk_codes(db, "tags").name(word.strip())
    if not word:
        raise AppError("标签还没有填写。", field="tag", next_step="请选择或填写一个标签。")
    with db.transaction(actor, f"打标签：{word}（{len(person_ids)}人）", why) as tx:
        having = {
            id_
            for (id_,) in tx.rows(
                "SELECT person_id FROM person_tag WHERE tag=? AND to_on IS NULL AND sync_del=0", (word,)
            )
        }
        new = [
            PersonTag(person_id=id_, tag=word, from_on=from_on, detail=detail, evidence=evidence)
            for id_ in dict.fromkeys(person_ids)
            if id_ not in having
        ]
        tx.add_all(new)
        return len(new)


@needs(RIGHT)
def end_tag(db: Database, actor: Actor, person_tag_id: str, on: str, why: str = "") -> None:
    """Ends a tag on a day; it stays in the history."""
    must_reach(
        db, actor, RIGHT, people=[db.scalar("SELECT person_id FROM person_tag WHERE id=?", (person_tag_id,))], why=why
    )
    must_be_date(on, "结束日期", "on")
    with db.transaction(actor, "结束标签", why) as tx:
        tx.change(PersonTag, person_tag_id, to_on=on)
