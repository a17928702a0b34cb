"""The short form of an exchange: what the long one says, in fewer bytes, and never at the price of safety."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_server.app import make_app
from desktop_app.shared.errors import NetworkError
from desktop_app.sync import engine
from desktop_app.sync.client import Answer
from sync_protocol import short, signing
from sync_protocol.messages import Page, Place, Pull, Row
from sync_protocol.refusals import Refused
from sync_protocol.shapes import BadMessage
from tests.server.http import Http

WORD = st.text("abcdef0123456789", max_size=12)
NUMBER = st.integers(0, (1 << 62) - 1)


class Shell:
    """A way to the whole application, with its headers; `spoil` may change what comes back."""

    def __init__(self, server) -> None:
        self.http = Http(make_app(server.central))
        self.learnt: set[str] = set()
        self.sent: list[Mapping[str, str]] = []
        self.spoil = lambda answer: answer

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.sent.append(headers)
        answer = self.http.post(path, body, dict(headers))
        return self.spoil(Answer(answer.status_code, answer.headers, answer.content))

    @property
    def brief(self) -> list[bool]:
        """Of each request so far, whether it was a short one; and forgets them."""
        sent, self.sent = self.sent, []
        return [short.HEADER in headers for headers in sent]


@pytest.fixture
def shell(server):
    return Shell(server)


def sync(desk, shell):
    return engine.sync_now(desk.db, desk.app.secrets, transport=shell)


def test_a_desk_speaks_briefly_once_it_has_heard_that_it_is_understood(first, second, shell):
    person = first.add("王小明")
    sync(first, shell)
    assert shell.brief == [False]
    first.edit(person, note="走访过")
    sync(first, shell)
    assert shell.brief == [True]
    sync(second, shell)
    assert second.person(person).note == "走访过"
    assert shell.brief == [True]


def test_an_idle_exchange_in_the_short_form_is_less_than_half_of_the_long_one(first, shell):
    first.sync()
    sizes = []
    for _ in range(3):
        taken: list[Answer] = []
        shell.spoil = lambda answer, taken=taken: taken.append(answer) or answer
        sync(first, shell)
        (headers,), (answer,) = shell.sent, taken
        shell.sent = []
        sizes.append(
            sum(len(f"{name}: {value}\r\n") for some in (headers, answer.headers) for name, value in some.items())
        )
    assert sizes[1] == sizes[2] < sizes[0] / 2


@pytest.mark.parametrize("code", ["BAD_REQUEST", "UPGRADE", "UNKNOWN_DEVICE", "BAD_SIGNATURE", "DAMAGED"])
def test_a_server_that_does_not_understand_hears_the_same_in_the_long_form(first, second, shell, code):
    """As after a way back to an older version of the server."""
    shell.learnt.add(short.OFFER)
    person, understood = first.add("王小明"), shell.post

    def post(path, headers, body):
        if short.HEADER not in headers:
            return understood(path, headers, body)
        shell.sent.append(headers)
        raise Refused(code)

    shell.post = post
    sync(first, shell)
    assert shell.brief == [True, False]
    second.sync()
    assert second.person(person).name == "王小明"


def test_what_was_damaged_on_its_way_up_is_said_again_and_counts_once(first, second, shell):
    sync(first, shell)
    person, whole = first.add("王小明"), shell.post
    shell.post = lambda path, headers, body: whole(
        path, headers, body if short.HEADER not in headers else body[:-1] + bytes([body[-1] ^ 1])
    )
    sync(first, shell)
    second.sync()
    assert list(second.people()) == [person]
    assert second.person(person).name == "王小明"


def test_an_answer_that_was_damaged_on_its_way_down_is_not_taken(first, second, shell):
    sync(first, shell)
    second.add("王小明")
    second.sync()
    shell.spoil = lambda answer: Answer(answer.status, answer.headers, answer.body[:-1] + b" ")
    with pytest.raises(NetworkError):
        sync(first, shell)
    assert not first.people()
    shell.spoil = lambda answer: answer
    sync(first, shell)
    assert len(first.people()) == 1


def test_a_counter_that_was_used_up_is_taken_up_above_it(first, shell):
    sync(first, shell)
    with first.db.applying() as tx:
        tx.execute("UPDATE sync_state SET counter=0")
    assert sync(first, shell).requests == 1
    assert shell.brief[-1]


@pytest.mark.parametrize(
    "header", ["", "2", "2.1.2.3", "x.y.z.w.v", "2.1.2.3.!!!", "2.1.2.3.AAAA", f"2.{1 << 70}.1.1.AA", "9.1.2.3.AAAA"]
)
def test_no_header_gets_more_than_a_refusal(shell, server, header):
    answer = shell.http.post("/v1/sync", b"\x00\x00\x00\x02[]\x00\x00\x00\x00", {short.HEADER: header})
    assert 400 <= answer.status_code < 500
    assert signing.HEADER_HASH in answer.headers


def test_a_signature_of_somebody_else_opens_nothing(first, second, shell, server):
    sync(first, shell)
    sync(second, shell)
    shell.sent = []
    sync(first, shell)
    ((_, value),) = shell.sent[0].items()
    version, scope, _, counter, signature = value.split(".")
    forged = ".".join((version, scope, str(second.state().device), str(int(counter) + 50), signature))
    pull = b'["",0,"0",0,"0","","n1"]'
    body = len(pull).to_bytes(4, "big") + pull + bytes(4)
    answer = shell.http.post("/v1/sync", body, {short.HEADER: forged})
    assert answer.json()["code"] == "BAD_SIGNATURE"


@given(WORD, NUMBER, WORD, NUMBER, WORD, WORD, st.integers(0, 3000))
def test_a_pull_arrives_as_it_was_said(epoch, cur, mark, push, push_mark, nonce, limit):
    pull = Pull(Place(epoch, cur, (cur, mark), (push, push_mark)), (nonce, "next"), limit)
    assert short.fits(pull)
    assert short.pull_from_wire(short.pull_to_wire(pull)) == pull


@given(NUMBER, NUMBER, st.one_of(st.none(), st.integers(-(1 << 63), (1 << 63) - 1)), NUMBER, NUMBER, st.booleans())
def test_a_page_arrives_as_it_was_said(to, left, digest, purged, pause, full):
    rows = [Row("person", "a", 1, 2, 3, None, 0, {"name": "王小明"})] if full else []
    page = Page("e", to, "m", min(to + left, (1 << 63) - 1), 5, digest, rows, purged, pause)
    assert short.page_from_wire(short.page_to_wire(page)) == page


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=9)))
def test_whatever_else_comes_is_a_bad_message(raw):
    for read in (short.pull_from_wire, short.page_from_wire):
        with pytest.raises(BadMessage):
            read(raw)


def test_where_something_between_swallows_the_short_form_the_long_one_is_spoken_from_then_on(first, second, shell):
    """A gateway that answers what it does not know with a page of its own."""
    sync(first, shell)
    assert shell.brief == [False]
    through = shell.post

    def post(path, headers, body):
        if short.HEADER not in headers:
            return through(path, headers, body)
        shell.sent.append(headers)
        return Answer(200, {"content-type": "text/html"}, b"<html>")

    shell.post = post
    person = first.add("王小明")
    sync(first, shell)
    assert shell.brief == [True, False]
    first.edit(person, note="走访过")
    sync(first, shell)
    assert shell.brief == [False]
    second.sync()
    assert second.person(person).note == "走访过"
