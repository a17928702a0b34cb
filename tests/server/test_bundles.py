"""What the server makes of a file that a desk sent on a stick."""

from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from central_server import bundles, devices
from central_server.bundles import BundleError
from central_server.cli import main
from central_server.erasing import ErasedList, erase
from central_server.exchange import Central
from central_server.keys import ServerKeys, server_keys
from central_server.sealing import CRYPTO
from sync_protocol import bundle, codec, signing, versions
from sync_protocol.bundle import Answer, Header, Request, Way
from sync_protocol.digests import body_hash
from sync_protocol.messages import Ack, Page, Pull
from sync_protocol.refusals import Refused
from tests.server.conftest import CODEC, NAME, SCOPE, Speaker, Station, person


@pytest.fixture
def keys(tmp_path: Path) -> ServerKeys:
    return server_keys(tmp_path / "keys")


@pytest.fixture
def central(station: Station, keys: ServerKeys) -> Central:
    made = Central(station.storage, now=station.clock)
    made.keys = keys
    return made


class Sack:
    """A desk's side of the files, without any store: a second implementation."""

    def __init__(self, speaker: Speaker, central: Central) -> None:
        self.speaker, self.central = speaker, central
        self.private, self.public = CRYPTO.pair()

    def request(self, path: str, body: bytes, counter: int = 1, **more: str) -> Request:
        name = signing.device_name(self.speaker.scope, self.speaker.device)
        headers = {
            signing.HEADER_PROTOCOL: str(versions.CURRENT),
            signing.HEADER_HASH: body_hash(body),
            signing.HEADER_DEVICE: name,
            signing.HEADER_COUNTER: str(counter),
            signing.HEADER_SIGNATURE: self.speaker.key.sign(
                signing.signed_text("POST", path, name, counter, body)
            ).hex(),
            **more,
        }
        return Request(path, headers, body)

    def sync(self, batch: bytes = b"") -> Request:
        pull = Pull(self.speaker.place, ("", "n1"))
        return self.request("/v1/sync", codec.join(CODEC.dumps(pull.to_wire()), batch))

    def renewal(self, key: str, **more: str) -> Request:
        return self.request("/v1/renew", orjson.dumps({"key": key}), **more)

    def batches(self, *changes) -> list[bytes]:
        """A chain of batches, one change in each."""
        number, prev, made = self.speaker.number, self.speaker.prev, []
        for change in changes:
            made.append(self.speaker.freeze(change))
            self.speaker.number, self.speaker.prev = self.speaker.number + 1, body_hash(made[-1])
        self.speaker.number, self.speaker.prev = number, prev
        return made

    def file(self, *requests: Request, **other) -> bytes:
        told = {"scope": self.speaker.scope, "device": self.speaker.device, "reply_to": self.public.hex(), **other}
        header = Header(Way.UP, told["scope"], told["device"], self.central.now(), told["reply_to"])
        sealed_to = bytes.fromhex(self.central.keys.public["seal"])
        signer = self.speaker.key.private_bytes_raw()
        return bundle.seal(CRYPTO, header, sealed_to, signer, bundle.pack(requests))

    def hear(self, *requests: Request, **other) -> list[Answer]:
        down = bundles.answer(self.central, self.central.keys, self.file(*requests, **other))
        sign = bytes.fromhex(self.central.keys.public["sign"])
        return bundle.unpack_answers(bundle.unseal(CRYPTO, down, lambda *_: self.private, sign))


@pytest.fixture
def sack(desk: Speaker, central: Central) -> Sack:
    return Sack(desk, central)


def ack(answer: Answer) -> Ack:
    assert answer.status == 200, answer.body
    return Ack.from_wire(CODEC.unpack(codec.split(answer.body, 2)[0], codec.PAGE_CAP))


def page(answer: Answer) -> Page:
    assert answer.headers[bundle.FOR] == bundle.PAGE
    return Page.from_wire(CODEC.unpack(codec.split(answer.body, 2)[1], codec.PAGE_CAP))


def code(answer: Answer) -> str:
    return Refused.from_body(orjson.loads(answer.body)).code


def people(station: Station) -> set[str]:
    return {row[0] for row in station.rows("select id from record where scope_id=? and tbl='person'", SCOPE)}


# ----------------------------------------------------------------------------------------------------------- the answer


def test_every_batch_gets_its_answer_and_then_come_the_pages_up_to_the_head(sack, other):
    other.sync(person("p0", name="赵小刚"))
    batches = sack.batches(person("p1", name="王小明"), person("p2", name="李小红"))
    first, second, rest = sack.hear(*map(sack.sync, batches))
    assert [ack(one).batch for one in (first, second)] == [1, 2]
    assert [one.headers[bundle.HASH] for one in (first, second)] == [body_hash(one) for one in batches]
    assert {row.id for row in page(rest).rows} == {"p0", "p1", "p2"}
    assert page(rest).digest is not None
    assert rest.headers[bundle.AFTER] == "0"


def test_a_file_without_batches_brings_home_the_pages(sack, other):
    other.sync(person("p0", name="赵小刚"))
    answer, rest = sack.hear(sack.sync())
    assert answer.body == codec.join(b"", b"")
    assert [row.id for row in page(rest).rows] == ["p0"]


def test_pages_are_cut_and_follow_one_another_and_stop_when_the_file_is_full(sack, other, monkeypatch):
    for number in range(5):
        other.sync(person(f"p{number}", name="赵小刚"))
    monkeypatch.setattr(bundles, "PAGE_ROWS", 2)
    pages = sack.hear(sack.sync())[1:]
    assert [(one.headers[bundle.AFTER], page(one).to) for one in pages] == [("0", 2), ("2", 4), ("4", 5)]
    assert [page(one).digest is None for one in pages] == [True, True, False]
    monkeypatch.setattr(bundles, "MOST_DOWN", 1)
    assert len(sack.hear(sack.sync())) == 2


def test_a_file_twice_gets_the_same_answers_and_changes_nothing(sack, station):
    requests = [sack.sync(one) for one in sack.batches(person("p1", name="王小明"), person("p2", name="李小红"))]
    once, twice = sack.hear(*requests), sack.hear(*requests)
    assert [ack(one) for one in once[:2]] == [ack(one) for one in twice[:2]]
    assert people(station) == {"p1", "p2"}


def test_neither_counter_nor_nonce_is_asked_for_because_the_desk_may_have_gone_on(sack, desk, station):
    batch = sack.batches(person("p1", name="王小明"))[0]
    late = sack.sync(batch)
    desk.sync()
    desk.sync()
    desk.place = type(desk.place)()
    answer, _ = sack.hear(late)
    assert ack(answer).batch == 1
    assert people(station) == {"p1"}
    assert desk.sync()[1].head == 1


def test_batches_that_came_over_the_network_first_are_answered_as_taken_and_what_follows_is_taken(sack, desk, station):
    batches = sack.batches(person("p1", name="王小明"), person("p2", name="李小红"), person("p3", name="赵小刚"))
    requests = [sack.sync(one) for one in batches]
    for number in (0, 1):
        assert desk.send(batches[number], following=f"m{number}").status_code == 200
        desk.nonce = f"m{number}"
    answers = sack.hear(*requests)
    assert code(answers[0]) == "LATE"
    assert [ack(one).batch for one in answers[1:3]] == [2, 3]
    assert people(station) == {"p1", "p2", "p3"}


def test_a_batch_taken_from_a_file_gets_the_same_answer_over_the_network_also_when_others_followed(sack, desk):
    batches = sack.batches(person("p1", name="王小明"), person("p2", name="李小红"))
    first, *_ = sack.hear(*map(sack.sync, batches))
    reply = desk.send(batches[0], following="n9")
    assert CODEC.unpack(codec.split(reply.content, 2)[0], codec.PAGE_CAP) == ack(first).to_wire()


def test_answers_are_forgotten_when_the_desk_has_them(sack, desk, station):
    batches = sack.batches(person("p1", name="王小明"), person("p2", name="李小红"), person("p3", name="赵小刚"))
    sack.hear(*map(sack.sync, batches[:2]))
    assert [row[0] for row in station.rows("select batch_no from carried where scope_id=? order by 1", SCOPE)] == [1, 2]
    sack.hear(sack.sync(batches[2]))
    assert [row[0] for row in station.rows("select batch_no from carried where scope_id=? order by 1", SCOPE)] == [3]


def test_what_is_erased_leaves_the_stored_answers_too(sack, other, station, tmp_path):
    other.sync(person("p1", name="王小明"))
    sack.hear(*map(sack.sync, sack.batches(person("p1", "u", name="王大明"), person("p2", name="李小红"))))
    stored = "select ack from carried where scope_id=? and batch_no=1"
    before = Ack.from_wire(CODEC.unpack(bytes(station.rows(stored, SCOPE)[0][0]), codec.PAGE_CAP))
    assert any(row.values.get("name") for row in before.truth if row.id == "p1")
    erase(station.storage, ErasedList(tmp_path), SCOPE, ("person", "p1"), station.clock())
    after = Ack.from_wire(CODEC.unpack(bytes(station.rows(stored, SCOPE)[0][0]), codec.PAGE_CAP))
    assert [row.values for row in after.truth if row.id == "p1"] == [{}]


# ------------------------------------------------------------------------------------------------------------- refusals


def test_it_stops_at_the_first_refusal_and_gives_a_new_identity_where_that_is_the_way_out(sack, desk, station):
    sack.hear(sack.sync(sack.batches(person("p1", name="王小明"))[0]))
    twin = [*sack.batches(person("p2", name="李小红"), person("p3", name="赵小刚"))]
    refused, renewed = sack.hear(*map(sack.sync, twin), sack.renewal("ab" * 32))
    assert code(refused) == "CLONE"
    assert orjson.loads(renewed.body)["scope"] == SCOPE
    assert people(station) == {"p1"}


def test_without_need_no_identity_is_given_unless_it_is_asked_for_always(sack, station):
    assert [one.headers[bundle.FOR] for one in sack.hear(sack.sync(), sack.renewal("ab" * 32))] == ["/v1/sync", "page"]
    asked = sack.renewal("ab" * 32, **{bundle.WHEN: bundle.ALWAYS})
    *_, first = sack.hear(sack.sync(), asked)
    *_, again = sack.hear(sack.sync(), asked)
    told = [orjson.loads(one.body) for one in (first, again)]
    assert told[0]["device"] == told[1]["device"]
    assert told[0]["sign_key"] == sack.central.keys.public["sign"]
    assert station.rows("select count(*) from device where scope_id=?", SCOPE) == [(2,)]


def test_a_restored_server_says_so_and_begins_a_new_epoch_as_over_the_network(sack, desk, station):
    desk.sync(person("p1", name="王小明"))
    with station.storage.writing() as session:
        session.run("delete from mark where scope_id=? and seq>0", SCOPE)
    before = station.rows("select epoch from scope_head where scope_id=?", SCOPE)
    refused, renewed = sack.hear(sack.sync(), sack.renewal("ab" * 32))
    assert code(refused) == "HISTORY"
    assert renewed.status == 200
    assert station.rows("select epoch from scope_head where scope_id=?", SCOPE) != before


@pytest.mark.parametrize("spoil", ["path", "signature", "hash", "body", "batch"])
def test_a_request_that_is_not_in_order_is_refused_as_over_the_network_and_changes_nothing(sack, station, spoil):
    good = sack.sync(sack.batches(person("p1", name="王小明"))[0])
    bad = {
        "path": sack.request("/v1/fetch", good.body),
        "signature": Request(good.path, {**good.headers, signing.HEADER_SIGNATURE: "00" * 64}, good.body),
        "hash": Request(good.path, {**good.headers, signing.HEADER_HASH: "00"}, good.body),
        "body": sack.request("/v1/sync", b"nonsense"),
        "batch": sack.sync(b"nonsense"),
    }[spoil]
    answers = sack.hear(bad)
    assert [code(one) for one in answers] == {
        "path": [],
        "signature": ["BAD_SIGNATURE"],
        "hash": ["DAMAGED"],
        "body": ["BAD_REQUEST"],
        "batch": ["BAD_REQUEST"],
    }[spoil]
    assert people(station) == set()


def test_a_desk_cannot_carry_the_request_of_another_nor_write_into_another_unit(sack, other, central, station):
    theirs = Sack(other, central)
    (answer,) = sack.hear(theirs.sync(theirs.batches(person("p1", name="王小明"))[0]))
    assert code(answer) == "BAD_SIGNATURE"
    with pytest.raises(BundleError, match="已损坏或被改动"):
        sack.hear(sack.sync(), device=other.device)
    assert people(station) == set()


def test_whoever_nobody_knows_or_was_shut_out_gets_words_and_no_file(sack, desk, station):
    with pytest.raises(BundleError, match="不认识"):
        sack.hear(sack.sync(), device=7)
    with station.storage.writing() as session:
        devices.revoke(session, desk.scope, desk.device, station.clock())
    with pytest.raises(BundleError, match="停用"):
        sack.hear(sack.sync())


def test_a_key_to_answer_under_that_is_none_is_refused(sack):
    for bad in ("", "zz", "ab"):
        with pytest.raises(BundleError, match="已损坏或被改动"):
            sack.hear(sack.sync(), reply_to=bad)


def test_a_desk_that_was_only_heard_of_by_stick_counts_as_seen(sack, desk, station):
    station.clock.ms += 1_000_000
    sack.hear(sack.sync(sack.batches(person("p1", name="王小明"))[0]))
    assert station.rows("select seen_at from device where scope_id=? and id=?", SCOPE, desk.device) == [
        (station.clock.ms,)
    ]


# -------------------------------------------------------------------------------------------------------------- starter


def test_a_starter_holds_an_identity_and_every_page_under_its_passcode(central, other, station):
    other.sync(person("p1", name="王小明"))
    data, passcode = bundles.starter(central, SCOPE, "二号机", url="https://central.test")
    header, _ = bundle.read_header(data)
    first, rest = bundle.unpack_answers(
        bundle.unlock(CRYPTO, data, bundle.passcode_key(Argon2id, passcode, header.salt))
    )
    told = orjson.loads(first.body)
    assert (told["identity"]["name"], told["identity"]["unit"], told["url"]) == ("二号机", NAME, "https://central.test")
    assert [row.id for row in page(rest).rows] == ["p1"]
    assert station.rows("select expires_at from device where id=?", header.device)[0][0] > station.clock()
    with pytest.raises(LookupError):
        bundles.starter(central, SCOPE + 5, "二号机")


def test_the_server_told_its_keys_are_in_every_identity(station, keys):
    central = Central(station.storage, now=station.clock)
    central.keys = keys
    with station.storage.writing() as session:
        made = devices.add_starter(session, SCOPE, "二号机", "ab" * 32, station.clock(), 0)
    told = central.told(made)
    assert (told["sign_key"], told["seal_key"]) == (keys.public["sign"], keys.public["seal"])


# ----------------------------------------------------------------------------------------------------- the command line


def test_the_commands_answer_a_file_write_a_starter_and_say_what_is_wrong(tmp_path, capsys):
    def run(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        result = main([*map(str, words), "--data", str(tmp_path / "data")])
        return result, *capsys.readouterr()

    assert run("bundle", "starter", "--scope", SCOPE, "--name", "二号机", "--to", tmp_path / "s.linli")[0] == 1
    run("unit", "create", "--scope", SCOPE, "--name", NAME)
    result, out, err = run("bundle", "starter", "--scope", SCOPE, "--name", "二号机", "--to", tmp_path / "s.linli")
    assert result == 0
    assert len(out.strip().replace("-", "")) == bundle.PASSCODE_LENGTH
    assert "7 天" in err
    assert (tmp_path / "s.linli").read_bytes().startswith(bundle.MAGIC)
    for file, words in (("s.linli", "不是电脑导出的"), ("nothing", "U盘"), ("data/central.db", "没有拷贝完整")):
        result, _, err = run("bundle", "answer", tmp_path / file, "--to", tmp_path / "down.linli")
        assert (result, words in err) == (1, True), err
    result, _, err = run(
        "bundle", "starter", "--scope", SCOPE, "--name", "三号机", "--to", tmp_path / "gone" / "s.linli"
    )
    assert (result, "U盘" in err) == (1, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "s.linli"]


def test_the_file_of_a_desk_whose_starter_has_expired_is_refused_in_words(sack, central, station):
    data = sack.file(sack.sync())
    with station.storage.writing() as session:
        session.run("update device set expires_at=?", station.clock() - 1)
    with pytest.raises(BundleError, match="启动文件已经过期"):
        bundles.answer(central, central.keys, data)
