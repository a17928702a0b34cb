"""How the server proves itself, and how a desk changes its key."""

import pytest

from central_server.standing import overview
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.sync import enrol, state
from desktop_app.sync.client import Client, HttpTransport
from desktop_app.sync.trust import Trust, is_private_enough, pinned_to, seen_fingerprint, spelled
from sync_protocol.enrolment import fits
from sync_protocol.refusals import Refused
from tests.sync.fronts import answering, authority, issue, save


def speaks(url: str, trust: Trust) -> bool:
    return HttpTransport.trusting(url, trust).post("/", {}, b"{}").body == b"ok"


def test_a_server_of_the_citys_own_authority_is_trusted_when_that_was_pinned_and_no_other_is(tmp_path):
    ours, others = authority("江山市"), authority("别的市")
    with answering(certificate=issue(tmp_path, ours, "server")) as url:
        assert speaks(url, pinned_to(save(tmp_path, ours, "ours")))
        with pytest.raises(NetworkError, match="不受信任"):
            speaks(url, Trust())
        with pytest.raises(NetworkError, match="不是接入时约定的"):
            speaks(url, pinned_to(save(tmp_path, others, "others")))


def test_a_pinned_fingerprint_is_that_certificate_and_no_other(tmp_path):
    signer = authority("江山市")
    with answering(certificate=issue(tmp_path, signer, "first")) as url:
        seen = seen_fingerprint(url)
        assert speaks(url, pinned_to(fingerprint=spelled(seen)))
        assert speaks(url, pinned_to(fingerprint=f"sha256 Fingerprint={spelled(seen)}")), "as openssl prints it"
    with (
        answering(certificate=issue(tmp_path, signer, "second")) as url,
        pytest.raises(NetworkError, match=r"可能有人冒充服务器.*没有丢失") as caught,
    ):
        speaks(url, pinned_to(fingerprint=seen))
    assert "linli trust" in caught.value.next_step


def test_where_nobody_answers_there_is_no_fingerprint():
    assert seen_fingerprint("https://127.0.0.1:1") == ""
    assert seen_fingerprint("http://127.0.0.1:1") == ""


@pytest.mark.parametrize("bad", ["x", "ab" * 31, "zz" * 32])
def test_a_fingerprint_that_is_none_is_named_at_its_field(bad):
    with pytest.raises(AppError) as caught:
        pinned_to(fingerprint=bad)
    assert caught.value.field == "fingerprint"


def test_a_file_that_is_no_certificate_is_named_at_its_field(tmp_path):
    for name, content in (("a.pem", b"\xff\xfe"), ("b.pem", b"hello")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(AppError) as caught:
            pinned_to(tmp_path / name)
        assert caught.value.field == "ca"


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://central.test", True),
        ("http://127.0.0.1:8750", True),
        ("http://localhost", True),
        ("http://[::1]:8750", True),
        ("http://10.0.0.5:8750", False),
        ("http://central.test", False),
    ],
)
def test_only_what_nobody_can_overhear_is_private_enough(url, private):
    assert is_private_enough(url) is private


def test_an_unencrypted_address_is_refused_unless_somebody_insists(app, script):
    def join(**more):
        return enrol.enrol(
            app.db, app.secrets, server_url="http://10.0.0.5", code="A" * 10, name="x", transport=script, **more
        )

    with pytest.raises(AppError, match="没有加密") as caught:
        join()
    assert caught.value.field == "server_url"
    assert script.asked == []
    assert join(insecure_http=True).unit == "江山社区"


def test_what_was_pinned_is_remembered_until_it_is_changed(told):
    pin = Trust(fingerprint="ab" * 32)
    enrol.trust_anew(told.db, pin)
    assert Trust.stored(state.read(told.db).trust) == pin
    enrol.trust_anew(told.db, Trust())
    assert state.read(told.db).trust is None


# ------------------------------------------------------------------------------------------------------------ new keys


def test_a_desk_that_changes_its_key_goes_on_where_it_was_and_loses_nothing(first, second):
    person = first.add("王小明", note="甲")
    first.sync()
    before = first.state()
    first.edit(person, note="还没上报")
    enrol.rotate(first.db, first.app.secrets, first.line)
    assert first.state().device != before.device
    assert first.state().cur == before.cur
    assert not first.app.secrets.get(enrol.key_name(before.scope, before.device))
    for desk in (first, second):
        desk.sync()
    assert second.person(person).note == "还没上报"
    assert second.db.scalar("SELECT count(*) FROM conflict") == 0


def test_a_key_that_was_replaced_opens_nothing_any_more(first):
    first.sync()
    before = first.state()
    stolen = first.app.secrets.get(enrol.key_name(before.scope, before.device))
    enrol.rotate(first.db, first.app.secrets, first.line)
    with pytest.raises(Refused) as refusal:
        Client(first.line, before.scope, before.device, stolen, 1 << 20).hello()
    assert refusal.value.code == "REVOKED"
    first.sync()


@pytest.mark.parametrize("days", [0, 30])
def test_a_desk_that_never_heard_of_its_new_identity_asks_for_it_again_by_itself(first, second, server, days):
    """The old one is refused; the desk still has the key it asked with."""
    from tests.sync.desks import lost

    first.sync()
    first.line.after = lost
    with pytest.raises(NetworkError):
        enrol.rotate(first.db, first.app.secrets, first.line)
    first.line.heal()
    person = first.add("王小明")
    server.clock.move(days=days)
    first.sync()
    first.sync()
    second.sync()
    assert second.person(person).name == "王小明"
    assert second.db.scalar("SELECT count(*) FROM conflict") == 0


def test_an_identity_that_was_left_is_no_desk_of_its_own_in_the_overview(first, server):
    first.sync()
    enrol.rotate(first.db, first.app.secrets, first.line)
    first.sync()
    with server.storage.reading() as session:
        (unit,) = overview(session, server.clock.ms() + 86_400_000)
    assert (unit.devices, unit.mood) == (1, "good")


def test_an_answer_that_never_came_is_asked_for_again_with_the_same_key(first):
    from tests.sync.desks import lost

    first.sync()
    first.line.after = lost
    with pytest.raises(NetworkError):
        enrol.rotate(first.db, first.app.secrets, first.line)
    waiting = first.app.secrets.get(enrol.WAITING_KEY)
    first.line.heal()
    enrol.rotate(first.db, first.app.secrets, first.line)
    now = first.state()
    assert first.app.secrets.get(enrol.key_name(now.scope, now.device)) == waiting
    with first.db.transaction(first.app.actor, "登记") as tx:
        tx.add(Person(name="王小明"))
    first.sync()


def test_a_communitys_data_never_becomes_that_of_a_street():
    street = (420299001, "street")
    assert not fits(420299001001, *street)
    assert fits(420299001000, *street)
    assert fits(0, *street)
