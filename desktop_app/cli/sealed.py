"""sealed, restricted: what only a passphrase, a right and a reason open."""

import getpass
import json
import os
import sys
from dataclasses import asdict
from typing import Final

from desktop_app.cli.output import table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session, typed_twice
from desktop_app.cli.speaking import typed_day
from desktop_app.privacy import restricted, sealing
from desktop_app.residents.model import Person
from desktop_app.shared.clock import local_text
from desktop_app.shared.errors import UsageError
from desktop_app.sync import lifting, retiring

VARIABLE: Final = "LINLI_SEAL_PASSPHRASE"


def _passphrase(*, twice: bool) -> str:
    """From the environment, else from the keyboard; never from the command, which others can read."""
    if found := os.environ.get(VARIABLE):
        return found
    if not sys.stdin.isatty():
        raise UsageError("没有给出密封口令，什么也没有做。", next_step=f"请在终端里运行，或设置 {VARIABLE}。")
    return typed_twice("密封口令：") if twice else getpass.getpass("密封口令：")


def set_passphrase(session: Session) -> None:
    """`linli sealed set-passphrase`."""
    with session.app() as app:
        made = sealing.set_passphrase(app.db, app.actor, app.secrets, _passphrase(twice=True))
    words = "密封口令已设定。请写在纸上封好，由书记和安全管理员各存一份：丢了口令，密封的内容就再也打不开。"
    session.out.result({"id": made.id}, words)


def change_passphrase(session: Session) -> None:
    """`linli sealed change-passphrase`: at a desk that is unlocked."""
    with session.app() as app:
        made = sealing.change_passphrase(app.db, app.actor, app.secrets, _passphrase(twice=True))
    words = "密封口令已更换，同步后各台电脑解锁都用新口令；已经解锁的电脑不受影响。请换掉封存的纸条。"
    session.out.result({"id": made.id}, words)


def unlock(session: Session) -> None:
    """`linli sealed unlock`."""
    with session.app() as app:
        found = sealing.unlock(app.db, app.actor, app.secrets, _passphrase(twice=False))
    session.out.result({"id": found.id}, "密钥已取到这台电脑，以后由登录的权限决定谁能打开。")


def seal(session: Session) -> None:
    """`linli sealed person PERSON --why …`."""
    told = session.arguments
    with session.app() as app:
        person = resolve(app, "resident", told.person)
        session.confirm_name("将封存全部资料，名册里不再有。", person.name if isinstance(person, Person) else "")
        made = retiring.seal_person(app.db, app.actor, app.secrets, person.id, told.why)
    session.out.result({"id": made.id}, f"已封存，编号 {made.id}。打开要有权限并写明理由。")


def find(session: Session) -> None:
    """`linli sealed find NAME --why …`."""
    told = session.arguments
    with session.app() as app:
        found = retiring.find_sealed(app.db, app.actor, app.secrets, told.name, told.why)
    rows = [(local_text(record.at), record.by_name, record.id) for record, _ in found]
    value = [{"id": record.id, "at": record.at} for record, _ in found]
    session.out.result(value, table(("封存时间", "经手人", "编号"), rows) if rows else ["没有封存这个姓名的资料。"])


def open_one(session: Session) -> None:
    """`linli sealed open ID --why …`."""
    told = session.arguments
    with session.app() as app:
        found = retiring.open_sealed(app.db, app.actor, app.secrets, told.id, told.why)
    words = [
        f"【{name}】{'　'.join(f'{label}：{value}' for label, value in values)}"
        for name, values in retiring.told(found)
    ]
    session.out.result(json.loads(json.dumps(found)), words)


def lift(session: Session) -> None:
    """`linli sealed lift ID --why …`."""
    told = session.arguments
    with session.app() as app:
        done = lifting.lift(app.db, app.actor, app.secrets, told.id, told.why)
    session.out.result({"id": done.person_id, "back": done.back, "left": done.left}, done.words)


# ----------------------------------------------------------------------------------------------------------- restricted


def restricted_on(session: Session) -> None:
    """`linli restricted on --why …`."""
    with session.app() as app:
        restricted.switch_on(app.db, app.actor, session.arguments.why)
    session.out.result({"on": True}, "已启用限制类人员登记：内容加密单独存放，查看要写理由，不导出、不搜索、不打印。")


def restricted_off(session: Session) -> None:
    """`linli restricted off --why …`."""
    with session.app() as app:
        restricted.switch_off(app.db, app.actor, session.arguments.why)
    session.out.result({"on": False}, "已停用限制类人员登记。")


def enter(session: Session) -> None:
    """`linli restricted enter PERSON CLASS --why …`."""
    told = session.arguments
    with session.app() as app:
        person = resolve(app, "resident", told.person)
        on = typed_day(told.from_on, app.clock.today().isoformat())
        made = restricted.enter(
            app.db, app.actor, app.secrets, person.id, told.klass, told.why, from_on=on, note=told.note
        )
    session.out.result({"id": made.id}, f"已登记，编号 {made.id}。")


def look(session: Session) -> None:
    """`linli restricted look PERSON --why …`."""
    told = session.arguments
    with session.app() as app:
        person = resolve(app, "resident", told.person)
        found = restricted.look(app.db, app.actor, app.secrets, person.id, told.why)
    rows = [(one.klass, one.from_on, one.to_on, one.note, one.id) for one in found]
    words = table(("类别", "起", "止", "说明", "编号"), rows) if rows else ["没有登记。"]
    session.out.result([asdict(one) for one in found], words)


def end(session: Session) -> None:
    """`linli restricted end ID --why …`."""
    told = session.arguments
    with session.app() as app:
        on = typed_day(told.on, app.clock.today().isoformat())
        restricted.end(app.db, app.actor, app.secrets, told.id, on, told.why)
    session.out.result({"id": told.id}, "已结束。")
