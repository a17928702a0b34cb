"""The simulated world, with half of the exchanges by USB stick: files get lost, come late, twice, out of order.

python -m tests.sync.carried_world 300          seeds 0..299
python -m tests.sync.carried_world 1 17         seed 17, with its story
"""

import collections
import os
import sys
import traceback
from typing import Any

from central_server import bundles, devices
from central_server.sealing import CRYPTO
from desktop_app.shared.errors import AppError, CorruptError, FuseError
from desktop_app.sync import bundle as sticks
from desktop_app.sync.wire import CODEC
from sync_protocol import bundle, codec
from sync_protocol.messages import Ack, Batch, Page
from tests.sync import disks, network
from tests.sync.mortal import Crash
from tests.sync.simulated_desk import Desk
from tests.sync.story import Story
from tests.sync.verdict import ViolationError
from tests.sync.world import START_MS, World


class CarriedWorld(World):
    """`ups` and `downs` are the files that lie about; nobody knows any more which is which."""

    def __init__(self, seed: int, **options: Any) -> None:
        self.ups: list[bytes] = []
        self.downs: list[bytes] = []
        super().__init__(seed, **options)

    def sync(self, desk: Desk) -> None:
        if not self.faults or self.nested or self.rng.random() < 0.4:
            super().sync(desk)
            return
        disks.trouble_ahead(self, desk)
        before = desk.identity()
        try:
            self._walk(desk)
        except Crash:
            self.stats["crash_at_the_stick"] += 1
            desk.open()
        desk.db.heal()
        desk.db.limit_pages(None)
        if desk.identity() != before:
            self._note_identity(desk)

    def _walk(self, desk: Desk) -> None:
        """To the server and back; on the way files are taken up that were forgotten on other sticks."""
        choose, dice = self.rng.choice, self.rng.random
        with_rows = choose((1, 2, 5, 2000))
        self._guarded(desk, lambda: self._export(desk, with_rows))
        if self.ups and dice() < 0.8:
            self._answer(choose(self.ups) if dice() < 0.3 else self.ups[-1])
        if self.downs and dice() < 0.8:
            down = choose(self.downs) if dice() < 0.4 else self.downs[-1]
            self._guarded(desk, lambda: self._import(desk, down))

    def _guarded(self, desk: Desk, work: Any) -> None:
        try:
            work()
        except FuseError:
            self.stats["fuse_at_the_stick"] += 1
        except CorruptError as error:
            raise ViolationError(f"{desk.name}: {error}") from error
        except AppError as error:
            self.stats["no"] += 1
            self.tell(f"{desk.name}: {error}", aside=True)

    def _export(self, desk: Desk, rows: int) -> None:
        if rows < 2000:
            with desk.db.applying() as tx:
                tx.set_setting("sync_bundle_rows", str(rows))
        path = desk.path.with_name("up")
        done = sticks.export(desk.db, desk.secrets, path, sure=self.rng.random() < 0.5)
        self.stats["exported"] += 1
        self.stats["exported_several"] += done.batches > 1
        self.ups.append(path.read_bytes())
        self.tell(f"{desk.name} exports {done.batches} batches, {done.rows} rows")

    def _answer(self, data: bytes) -> None:
        central = self.centrals[0]
        try:
            down = bundles.answer(central, central.keys, data)
        except bundles.BundleError as error:
            self.stats["not_answered"] += 1
            self.tell(f"server: {error}", aside=True)
            return
        self.stats["answered"] += 1
        self.downs.append(down)
        self._watch(data)

    def _watch(self, data: bytes) -> None:
        """What the server took counts as known to it; it answers the same again, so it is asked again."""
        central, (header, _) = self.centrals[0], bundle.read_header(data)
        with self.storage.reading() as session:
            device = devices.find(session, header.scope, header.device)
        content = bundle.unseal(CRYPTO, data, lambda *_: central.keys.seal, bytes.fromhex(device.key))
        requests = [one for one in bundle.unpack_requests(content) if one.path == "/v1/sync"]
        hearing = bundles._Hearing(central, device)
        for request, answer in zip(requests, hearing.answers(requests), strict=False):
            self.stats[f"answer_{answer.status}"] += 1
            self.tell(
                f"server: {header.device} batch {answer.headers.get('batch')}: {answer.status} {answer.body[:40]!r}"
            )
            packed, push = (
                codec.split(answer.body, 2)[0] if answer.status == 200 else b"",
                codec.split(request.body, 2)[1],
            )
            if packed and push:
                batch = Batch.from_wire(CODEC.unpack(push, codec.PUSH_CAP))
                ack = Ack.from_wire(CODEC.unpack(packed, codec.PAGE_CAP))
                self.facts.pushed(network.taken(batch, ack))
                network.note_erasures(self, header.scope, batch, ack)
                network.tell_push(self, request.headers, batch, ack)
                network.watch_rows(self, header.scope, ack.truth, "with the ack", request.headers)
        for answer, _ in bundles._pages(central, header.scope, 0, bundles.MOST_DOWN):
            page = Page.from_wire(CODEC.unpack(codec.split(answer.body, 2)[1], codec.PAGE_CAP))
            network.watch_rows(self, header.scope, page.rows, "page", requests[0].headers)

    def _import(self, desk: Desk, down: bytes) -> None:
        path = desk.path.with_name("down")
        path.write_bytes(down)
        report = sticks.import_(desk.db, desk.secrets, path, sure=self.rng.random() < 0.5)
        self.stats["imported"] += 1
        for words in report.problems:
            self.stats[f"told: {words[:16]}"] += 1
        self.tell(f"{desk.name} imports: {report.pushed} pushed, {report.pulled} pulled, {report.problems}")


def play(seed: int, story: Story | None = None) -> Any:
    """Plays one seed; returns what happened how often, or raises."""
    world = CarriedWorld(seed, story=story)
    try:
        world.play()
        return world.stats
    finally:
        world.close()


def main(count: int, first: int) -> int:
    """Says which seeds were bad."""
    total, bad = collections.Counter(), 0
    for seed in range(first, first + count):
        try:
            total += play(seed)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is the finding
            bad += 1
            sys.stdout.write(f"\nseed {seed}: {type(error).__name__}: {error}\n")
            records = getattr(error, "records", ())
            if not records:
                sys.stdout.write("".join(traceback.format_exc().splitlines(keepends=True)[-14:]))
            story = Story()
            try:
                play(seed, story)
            except Exception as again:  # noqa: BLE001 - the same, with its story
                sys.stdout.write(story.about(getattr(again, "records", ()), START_MS) + "\n")
            if bad >= 3:
                break
    for name, number in sorted(total.items()):
        sys.stdout.write(f"{number:9}  {name}\n")
    sys.stdout.write(f"{count} seeds, {bad} bad\n")
    return bad


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order within sets is part of the world
        words = [sys.executable, "-m", "tests.sync.carried_world", *sys.argv[1:]]
        os.execve(sys.executable, words, {**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S606 - this very program
    sys.exit(bool(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
