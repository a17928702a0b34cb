"""A file that comes back on a stick, sealed and signed by the server, which says what it should not."""

import random
from typing import Any

from central_server import bundles
from desktop_app.sync import bundle as sticks
from sync_protocol import bundle, codec
from sync_protocol.bundle import Answer, Header, Way
from tests.fuzz.mutations import TEXTS, damaged
from tests.sync.simulated_desk import Desk


def carried(world: Any, chance: random.Random, desk: Desk) -> None:
    """To the server and back, with a lie in one of the answers or the file damaged; AppError in words is allowed."""
    up, down = world.folder / "up.linli", world.folder / "down.linli"
    sticks.export(desk.db, desk.secrets, up, sure=True)
    answers, header = heard(world.centrals[0], up.read_bytes())
    at = chance.randrange(len(answers))
    answers[at] = _another(chance, answers[at])
    keys = world.centrals[0].keys
    back = Header(Way.DOWN, header.scope, header.device, world.now)
    file = bundle.seal(
        bundles.CRYPTO, back, bytes.fromhex(header.reply_to), keys.sign, bundle.pack(_some(chance, answers))
    )
    down.write_bytes(damaged(chance, file) if chance.random() < 0.1 else file)
    sticks.import_(desk.db, desk.secrets, down, sure=True)


def heard(central: Any, data: bytes) -> tuple[list[Answer], Header]:
    """What the server answers, before it is sealed."""
    header, _ = bundle.read_header(data)
    device = bundles._sender(central, header)
    content = bundle.unseal(bundles.CRYPTO, data, bundles._opener(central.keys), bytes.fromhex(device.key))
    return [*bundles._Hearing(central, device).answers(bundle.unpack_requests(content))], header


def _some(chance: random.Random, answers: list[Answer]) -> list[Answer]:
    """All of them in their order, or one missing, twice, or before the others."""
    at = chance.randrange(len(answers))
    ways = (answers, answers, answers[:at], [*answers, answers[at]], [answers[at], *answers], answers[::-1])
    return chance.choice(ways)


def _another(chance: random.Random, answer: Answer) -> Answer:
    from tests.fuzz.at_desk import another

    status, headers, body = answer
    dice = chance.random()
    if dice < 0.1:
        return Answer(chance.choice((200, 0, 409, 1 << 40)), headers, body)
    if dice < 0.3:
        name = chance.choice(list(headers))
        return Answer(status, {**headers, name: chance.choice((*TEXTS, headers[name] + "0"))[:1000]}, body)
    try:
        parts = codec.split(body, 2)
    except codec.Unreadable:
        return Answer(status, headers, another(chance, body))
    at = 0 if parts[0] and (not parts[1] or chance.random() < 0.5) else 1
    parts[at] = another(chance, parts[at])
    return Answer(status, headers, codec.join(*parts))
