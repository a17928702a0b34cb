"""Units that write into each other's feeds at the same moment never wait for each other for ever, and lose nothing."""

import threading

from central_server.exchange import Central, Request
from sync_protocol import signing
from sync_protocol.digests import body_hash
from tests.server.conftest import Station
from tests.server.http import Answer
from tests.server.town import DISTRICT, STREET, A, Desk, build, check

ROUNDS = 6


class Direct:
    """The server without its shell, so that several threads can ask at once."""

    def __init__(self, central: Central) -> None:
        self._central = central

    def post(self, path: str, content: bytes, headers: dict[str, str]) -> Answer:
        reply = self._central.answer(Request("POST", path, headers, content))
        return Answer(reply.status, {signing.HEADER_HASH: body_hash(reply.body)}, reply.body)


def test_holders_of_one_record_write_at_once(station: Station):
    build(station)
    shell, station.http = station.http, Direct(Central(station.storage, now=station.clock))
    desks = [Desk(station, unit) for unit in (A, STREET, DISTRICT)]
    home = desks[0]
    home.push(home.new("meeting", "m1", title="会", audience=f"{STREET},{DISTRICT}"))
    for desk in desks[1:]:
        desk.pull()
    failed: list[BaseException] = []

    def work(desk: Desk, number: int) -> None:
        try:
            for step in range(ROUNDS):
                desk.push(
                    desk.edit("meeting", "m1", **{f"field{number}": step}),
                    desk.new("agenda_item", f"i{number}-{step}", meeting_id="m1"),
                )
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failed.append(error)

    threads = [threading.Thread(target=work, args=(desk, number)) for number, desk in enumerate(desks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for desk in desks:
        desk.pull()
        assert {desk.values("meeting", "m1")[f"field{number}"] for number in range(3)} == {ROUNDS - 1}
        assert sum(key[0] == "agenda_item" for key in desk.rows) == 3 * ROUNDS
        assert desk.conflicts() == []
    check(station)
    station.http = shell
