"""What stands before the server in a city: a gateway that ends the encryption and says everything in its own words."""

import http.client
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from desktop_app.sync import engine, enrol
from desktop_app.sync.trust import pinned_to
from tests.sync.desks import Desk, Server
from tests.sync.fronts import Front, answering, authority, issue, save
from tests.sync.test_http import serving

HOP_BY_HOP = {"connection", "host", "keep-alive", "te", "transfer-encoding", "upgrade", "content-length"}


def gateway(behind: str, said: list[str]) -> type[Front]:
    """Names of headers in another case and order, more of them, the answer in chunks, a connection of its own."""

    class Gateway(Front):
        protocol_version = "HTTP/1.1"

        def answer(self, body: bytes) -> None:
            given = {
                name.title(): value for name, value in sorted(self.headers.items()) if name.lower() not in HOP_BY_HOP
            }
            onward = http.client.HTTPConnection(urlsplit(behind).netloc)
            more = {"Via": "1.1 gateway", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
            onward.request("POST", self.path, body, given | more)
            answer = onward.getresponse()
            data = answer.read()
            onward.close()
            said.append(self.path)
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP_BY_HOP | {"server", "date"}:
                    self.send_header(name.upper(), value)
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            for part in (data[:7], data[7:]):
                if part:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")

    return Gateway


def test_signed_requests_survive_a_gateway_that_ends_the_encryption(
    make_desk: Callable[..., Desk], server: Server, tmp_path: Path
) -> None:
    signer, said = authority("江山市"), list[str]()
    trust = pinned_to(save(tmp_path, signer, "city"))
    with serving(server) as behind, answering(gateway(behind, said), issue(tmp_path, signer, "front")) as url:
        desks = [make_desk(name, enrolled=False) for name in ("一号机", "二号机")]
        for desk in desks:
            made = {"server_url": url, "code": server.code(), "name": desk.home.name, "trust": trust}
            enrol.enrol(desk.db, desk.app.secrets, **made)
        person = desks[0].add("王小明")
        for desk in desks:
            engine.sync_now(desk.db, desk.app.secrets)
        enrol.rotate(desks[1].db, desks[1].app.secrets)
        engine.sync_now(desks[1].db, desks[1].app.secrets)
        assert desks[1].person(person).name == "王小明"
    assert {"/v1/enrol", "/v1/sync", "/v1/renew"} <= set(said)
