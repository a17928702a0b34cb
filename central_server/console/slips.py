"""Secrets that a form answers with: made once however often the form is sent, shown once, and kept nowhere readable.

The answer is a redirect, so that reloading the page sends nothing again, and the address says nothing of the secret.
Until it is shown, and a few seconds longer, it lies sealed under the cookie of whoever asked; of that we know the hash.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from starlette.responses import Response

from central_server.console.web import PAGES, Denied, Visit, to
from central_server.storage import Session

ONCE: Final = "once"
"""The field of a form that tells one showing of it from another."""
_SHORTEST: Final = 16
KEPT_MS: Final = 15 * 60_000
CLICK_MS: Final = 10_000
"""A second click that was already on its way gets what the first one got; the browser has dropped that answer."""
PATIENCE_MS: Final = 60_000
"""A starter is written within seconds; what is not made by then was given up."""
GONE: Final = ("", 0, None)
_NONCE: Final = 12


def answer(visit: Visit, template: str, make: Callable[[], Mapping[str, Any]]) -> Response:
    """Does what a form asks for, unless this very form has done it: then its first answer is given again.

    `make` returns what the template shows, as JSON can hold it.
    """
    token = visit.form.get(ONCE, "")
    if len(token) < _SHORTEST:
        raise Denied(400, "这一页不完整，没有执行。请刷新后再试。")
    name = _name_of(visit, token)
    if _begin(visit, name):
        try:
            facts = make()
        except Exception:
            _drop(visit, name)
            raise
        box = _seal(visit, name, orjson.dumps({"template": template, **facts}))
        with visit.storage.writing() as session:
            session.run("update console_slip set box=? where name=?", box, name)
    return to(f"/slips/{name}")


def first(visit: Visit, session: Session, *asked: object) -> bool:
    """Whether this very form has not done `asked` yet, said in the transaction in which it does it.

    A second click gets what the first one got.  If the first is refused, nothing of this stays and the form can be sent
    again; so it can with other words, and a form without a token (an earlier page) is asked no questions.
    """
    token = visit.form.get(ONCE, "")
    if len(token) < _SHORTEST:
        return True
    return _is_new(visit, session, _name_of(visit, token, *asked), box="")


def show(visit: Visit) -> Response:
    """The secret, this once."""
    name = visit.path.get("token", "")
    with visit.storage.writing() as session:
        _tidy(session, visit.now)
        box, made_at, shown_at = session.row("select box,made_at,shown_at from console_slip where name=?", name) or GONE
        facts = _open(visit, name, box) if box and shown_at is None else None
        if facts is not None:
            session.run("update console_slip set shown_at=? where name=?", visit.now, name)
    if box is None and visit.now - made_at < PATIENCE_MS:
        waiting = PAGES.html("message.html", visit, words="正在准备，请稍等……这一页会自己刷新。")
        waiting.headers["refresh"] = "1"
        return waiting
    if facts is None:
        words = "接入码、口令只显示一次，这一个已经显示过，或已过期。没有抄下来的，请回到单位再发一个。"
        raise Denied(410, words)
    return PAGES.html(facts.pop("template"), visit, **facts)


def _name_of(visit: Visit, *told: object) -> str:
    words = "|".join(map(str, (visit.who.hash, *told)))
    return hashlib.blake2b(words.encode(), digest_size=16, person=b"console-slip").hexdigest()


def _tidy(session: Session, now: int) -> None:
    session.run("delete from console_slip where made_at<?", now - KEPT_MS)
    session.run("update console_slip set box='' where shown_at<?", now - CLICK_MS)


def _begin(visit: Visit, name: str) -> bool:
    """Whether this showing of the form was never sent before; if it was a moment ago, its answer may be shown again."""
    with visit.storage.writing() as session:
        mine = _is_new(visit, session, name, box=None)
        if not mine:
            session.run("update console_slip set shown_at=null where name=? and box<>''", name)
        return mine


def _is_new(visit: Visit, session: Session, name: str, *, box: str | None) -> bool:
    """Notes a slip, with the answer it has by now; whether there was none of that name."""
    _tidy(session, visit.now)
    sql = "insert into console_slip(name,box,made_at) values(?,?,?) on conflict(name) do nothing"
    return bool(session.run(sql, name, box, visit.now))


def _drop(visit: Visit, name: str) -> None:
    with visit.storage.writing() as session:
        session.run("delete from console_slip where name=?", name)


def _cipher(visit: Visit) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hashlib.blake2b(visit.cookie.encode(), digest_size=32, person=b"console-sealed").digest())


def _seal(visit: Visit, name: str, content: bytes) -> str:
    nonce = os.urandom(_NONCE)
    return (nonce + _cipher(visit).encrypt(nonce, content, name.encode())).hex()


def _open(visit: Visit, name: str, box: str) -> dict[str, Any] | None:
    """What is in a box; None for whoever did not ask for it."""
    from cryptography.exceptions import InvalidTag

    sealed = bytes.fromhex(box)
    try:
        content = _cipher(visit).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
    except InvalidTag:
        return None
    facts: dict[str, Any] = orjson.loads(content)
    return facts
