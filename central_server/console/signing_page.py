"""Sign in, sign out, change one's own password."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from starlette.responses import Response

from central_server.console import accounts, audit, sessions
from central_server.console.web import PAGES, Denied, Visit, drop_cookie, set_cookie, to

PRE_COOKIE: Final = "linli_before"
AT_ONCE: Final = threading.BoundedSemaphore(2)
"""Checking a password takes 64 MiB and a tenth of a second on purpose; only two at a time, whoever asks."""
PATIENCE_S: Final = 10
MINUTE_S: Final = 60


def show(visit: Visit) -> Response:
    """The form.  Its token is held against a cookie that only this server's pages can have set."""
    return _form(visit, "")


def _form(visit: Visit, words: str, status: int = 200) -> Response:
    token = visit.pre or secrets.token_urlsafe(24)
    answer = PAGES.html("sign_in.html", None, status, token=token, words=words, name=visit.form.get("name", ""))
    if not visit.pre:
        set_cookie(answer, visit, token, PRE_COOKIE)
    return answer


def sign_in(visit: Visit) -> Response:
    """Lets somebody in, or says no without saying why."""
    name, password = visit.form.get("name", ""), visit.form.get("password", "")
    with _one_of_few():
        cookie, wait = sessions.sign_in(visit.storage, name[:40], password, visit.address, visit.now)
    if wait:
        answer = _form(visit, f"错的次数太多了，请{_in_words(wait)}后再试。", 429)
        answer.headers["retry-after"] = str(wait)
        return answer
    if cookie is None:
        return _form(visit, "登录名或口令不对。", 403)
    answer = to("/units")
    set_cookie(answer, visit, cookie)
    drop_cookie(answer, PRE_COOKIE)
    return answer


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not AT_ONCE.acquire(timeout=PATIENCE_S):
        raise Denied(503, "现在登录的人太多，请过一会儿再试。")
    try:
        yield
    finally:
        AT_ONCE.release()


def _in_words(seconds: int) -> str:
    return f" {seconds} 秒" if seconds < MINUTE_S else f" {-(-seconds // MINUTE_S)} 分钟"


def sign_out(visit: Visit) -> Response:
    """Ends the session."""
    with visit.storage.writing() as session:
        sessions.sign_out(session, visit.who)
    answer = to("/sign-in")
    drop_cookie(answer)
    return answer


def password(visit: Visit) -> Response:
    """The form for a new password."""
    return PAGES.html("password.html", visit)


def change_password(visit: Visit) -> Response:
    """A new password of one's own; all sessions end, also this one."""
    name = visit.who.user.name
    with _one_of_few():
        right, wait = sessions.is_right(visit.storage, name, visit.form.get("password", ""), visit.address, visit.now)
    if wait:
        raise Denied(429, f"错的次数太多了，没有改。请{_in_words(wait)}后再试。")
    if not right:
        raise accounts.AccountError("现在的口令不对，没有改。")
    if visit.form.get("new") != visit.form.get("again"):
        raise accounts.AccountError("两次输入的新口令不同，没有改。")
    secret = accounts.hashed(visit.form.get("new", ""))
    with visit.storage.writing() as session:
        accounts.set_password(session, name, secret)
        audit.note(session, visit.now, name, "改自己的口令")
    answer = to("/sign-in")
    drop_cookie(answer)
    return answer
