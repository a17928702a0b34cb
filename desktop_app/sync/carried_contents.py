"""Contents of attachments on a stick: as many bytes as a file takes along, the rest with the next.

    export   the parts the server lacks, from where it is known to have them; and asks for what is wanted here
    import   notes how far the server is; adds what came to what is here already

A file that is lost or comes twice does no harm: what is confirmed or complete counts, and nothing else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from desktop_app.attachments.keeping import mind_size, notice
from desktop_app.shared.errors import LockedError
from desktop_app.store.content import DamagedError
from desktop_app.store.database import Database
from desktop_app.store.keys import SecretStore
from desktop_app.sync import units
from desktop_app.sync.blobs import TOO_LARGE, Job, Run, alone_with_contents, words_of
from desktop_app.sync.client import Client, Transport
from desktop_app.sync.meter import Meter
from desktop_app.sync.wire import CODEC
from sync_protocol import blobs, bundle, codec
from sync_protocol.blobs import Held, Part
from sync_protocol.bundle import Answer, Request
from sync_protocol.refusals import Refused
from sync_protocol.shapes import BadMessage, member, whole

Step = Callable[[Run, Job, Answer, int], bool]
PUT, GET = "/v1/blob/put", "/v1/blob/get"
OK = 200


class _Carried(Run):
    """The queue as a stick sees it: the server knows a record that travels in the same file when its turn comes."""

    known = "(a.sync_seq>0 OR EXISTS(SELECT 1 FROM sync_fly f WHERE f.tbl=25 AND f.local_no=a.local_no))"

    def _check_due(self) -> bool:
        """What the server has confirmed is not carried there again; whether it still has it, the network asks."""
        return False


def _queue(db: Database, secrets: SecretStore, transport: Transport) -> _Carried:
    return _Carried(db, secrets, transport, Meter(None, None, None, lambda _: None, units.limits(db).part))


# --------------------------------------------------------------------------------------------------------------- export


def requests(
    db: Database, secrets: SecretStore, client: Client, transport: Transport, most: int = bundle.MOST_CONTENTS
) -> list[Request]:
    """What a file takes along: at most so many bytes up, and asks for at most so many down.

    Nothing while contents are under way over the network.
    """
    try:
        with alone_with_contents(db):
            queue = _queue(db, secrets, transport)
            notice(db, queue.content)
            mind_size(db)
            parts = [*_within(_parts_up(queue), most), *_within(_parts_down(queue), most)]
    except LockedError:
        return []
    return [_request(client, part, data) for part, data in parts]


def _request(client: Client, part: Part, data: bytes | None) -> Request:
    path, told = (GET if data is None else PUT), CODEC.dumps(part.to_wire())
    body = told if data is None else codec.join(told, data)
    return Request(path, client.signed(path, body), body)


def _within(parts: Iterable[tuple[Part, bytes | None]], most: int) -> Iterator[tuple[Part, bytes | None]]:
    for part, data in parts:
        most -= part.count if data is None else len(data)
        if most < 0:
            return
        yield part, data


def _parts_up(queue: Run) -> Iterator[tuple[Part, bytes]]:
    for job in queue.to_send():
        data = None
        with suppress(DamagedError):
            data = queue.content.read(job.named.sha256)
        if data is None:  # the file is gone or damaged: another desk may have it
            queue.note(job, here=0, wanted=1, offset=0)
            continue
        start = job.offset if job.offset < len(data) else 0
        for at in range(start, len(data), queue.part):
            yield Part(job.named, at, len(data)), data[at : at + queue.part]


def _parts_down(queue: Run) -> Iterator[tuple[Part, None]]:
    for job in queue.to_fetch():
        for at in range(queue.content.fetched(job.named.sha256), job.size, queue.part):
            yield Part(job.named, at, min(queue.part, job.size - at)), None


# --------------------------------------------------------------------------------------------------------------- import


def take(db: Database, secrets: SecretStore, answers: Iterable[Answer], transport: Transport) -> list[str]:
    """Takes in what a file says of contents; what came of it, in sentences."""
    about = [one for one in answers if one.headers.get(bundle.FOR) in (PUT, GET)]
    if not about:
        return []
    try:
        with alone_with_contents(db):
            return _take(_queue(db, secrets, transport), about)
    except LockedError as error:
        return [str(error)]


def _take(queue: Run, answers: Iterable[Answer]) -> list[str]:
    sending = {job.named.sha256: job for job in queue.to_send()}
    fetching = {job.named.sha256: job for job in queue.to_fetch()}
    queue.report.left = len(sending) + len(fetching)
    for answer in answers:
        up = answer.headers[bundle.FOR] == PUT
        _, sha256, offset = (*answer.headers.get(bundle.ABOUT, "").split(), "", "", "")[:3]
        job = (sending if up else fetching).get(sha256)
        if job is None or not offset.isdecimal():
            continue
        step: Step = _heed_refusal if answer.status != OK else _heed_up if up else _heed_down
        if not step(queue, job, answer, int(offset)):
            del (sending if up else fetching)[sha256]
    return words_of(queue.report)


def _heed_up(queue: Run, job: Job, answer: Answer, _: int) -> bool:
    """Notes how far the server is; False if nothing more is to be heard of this content."""
    try:
        there = Held.from_wire(member(CODEC.loads(answer.body), "blob"))
    except ValueError as error:
        raise codec.Unreadable("no answer about a content") from error
    if there.state == blobs.WHOLE:
        queue.report.sent += 1
        queue.done(job)
        return False
    queue.note(job, offset=there.offset, server=None)
    return True


def _heed_down(queue: Run, job: Job, answer: Answer, offset: int) -> bool:
    """Adds what came, if it goes on where this desk stands; False if the content is whole, or wrong."""
    told, data = codec.split(answer.body, 2)
    try:
        size = whole(member(CODEC.loads(told), "size"))
    except ValueError as error:
        raise BadMessage("no size") from error
    sha256, at = job.named.sha256, queue.content.fetched(job.named.sha256)
    if offset != at or not data:
        return True  # an older file, or one with a gap: the next file goes on from where this desk stands
    if at + len(data) < size:
        cells = len(data) // blobs.CELL * blobs.CELL
        if cells:
            queue.content.append(sha256, at, data[:cells])
            queue.note(job, offset=at + cells)
        return bool(cells)
    if queue.content.complete(sha256, at, data):
        queue.report.fetched += 1
        queue.done(job, here=1)
    else:
        queue.wrong(job)
    return False


def _heed_refusal(queue: Run, job: Job, answer: Answer, _: int) -> bool:
    """What the server does not take or have; False: its later parts say no more than that."""
    try:
        refusal = Refused.from_body(CODEC.loads(answer.body))
    except ValueError as error:
        raise codec.Unreadable("no refusal") from error
    info: Mapping[str, object] = refusal.info
    if refusal.code == "WRONG_OFFSET" and isinstance(info.get("offset"), int):
        queue.note(job, offset=info["offset"])
    elif refusal.code == "WRONG_CONTENT":
        queue.wrong(job)
    elif refusal.code == "TOO_LARGE":
        queue.note(job, offset=0, problem=TOO_LARGE)
        queue.report.problems.append(TOO_LARGE)
    elif refusal.code == "NO_CONTENT":
        queue.report.absent += 1
    return False
