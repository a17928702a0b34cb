"""Numbers for Prometheus: what is asked and answered, how fast, how many wait, how many desks are alive."""

import shutil
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from central_server.storage import Storage

DAY_MS: Final = 86_400_000
SECONDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
OTHER: Final = "other"


class Numbers:
    """The counters of one application; each has its own registry, so that tests can have many."""

    def __init__(self, storage: Storage, known: Iterable[str], folder: Path | None = None) -> None:
        """`folder` is that of the data, whose free room is told."""
        self._known = frozenset(known)
        self.registry = CollectorRegistry()
        self._requests = Counter("linli_requests", "Requests answered", ["path", "status"], registry=self.registry)
        self._seconds = Histogram(
            "linli_request_seconds", "Time to an answer", ["path"], buckets=SECONDS, registry=self.registry
        )
        self._pushes = Counter("linli_pushes", "Batches taken", registry=self.registry)
        self._rows = Counter("linli_rows", "Records that went up or down", ["way"], registry=self.registry)
        self._conflicts = Counter("linli_conflicts", "Conflict records made", registry=self.registry)
        self._aside = Counter("linli_rows_refused", "Rows of batches that were set aside", registry=self.registry)
        self._refusals = Counter("linli_refusals", "Requests refused", ["code"], registry=self.registry)
        self.waiting = Gauge("linli_backlog", "Requests that wait for their turn", registry=self.registry)
        self.running = Gauge("linli_running", "Requests at work", registry=self.registry)
        self.registry.register(_Desks(storage))
        if folder is not None:
            self.registry.register(_Room(folder))

    def note(self, path: str, status: int, seconds: float, facts: Mapping[str, Any]) -> None:
        """Counts one answered request; paths that do not exist share one name, or a scanner would fill the memory."""
        name = path if path in self._known else OTHER
        self._requests.labels(name, str(status)).inc()
        self._seconds.labels(name).observe(seconds)
        if "code" in facts:
            self._refusals.labels(facts["code"]).inc()
        for way in ("up", "down"):
            self._rows.labels(way).inc(facts.get(way, 0))
        self._pushes.inc(1 if facts.get("up") else 0)
        self._conflicts.inc(facts.get("conflicts", 0))
        self._aside.inc(facts.get("refused", 0))

    def text(self) -> bytes:
        """All numbers as Prometheus reads them."""
        return generate_latest(self.registry)


class _Room(Collector):
    """How much still fits on the disk of the data: where it is full nothing is taken any more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        with suppress(OSError):
            free = shutil.disk_usage(self._folder).free
            yield GaugeMetricFamily("linli_data_free_bytes", "Free room on the disk of the data", value=free)

    def describe(self) -> Iterable[Metric]:
        return []


class _Desks(Collector):
    """Asks the storage when it is asked itself.  Where that does not answer, all other numbers are told even so."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def collect(self) -> Iterable[Metric]:
        found: list[Metric] = []
        with suppress(Exception):  # whatever the engine raises, it is away
            found = list(self._asked(time.time_ns() // 1_000_000))
        yield GaugeMetricFamily("linli_storage_up", "Whether the storage answers", value=1 if found else 0)
        yield from found

    def _asked(self, now: int) -> Iterable[Metric]:
        with self._storage.reading() as session:
            day, all_of_them = session.rows(
                "select coalesce(sum(case when seen_at>? then 1 else 0 end),0),count(*) from device "
                "where revoked_at is null",
                now - DAY_MS,
            )[0]
            aside = session.rows("select code,count(*) from quarantine group by code")
        yield GaugeMetricFamily("linli_desks", "Desks that may speak", value=all_of_them)
        yield GaugeMetricFamily("linli_desks_seen_24h", "Desks that spoke within a day", value=day)
        kept = GaugeMetricFamily("linli_quarantine", "Rows kept aside for a person to look at", labels=["code"])
        for code, count in aside:
            kept.add_metric([code], count)
        yield kept

    def describe(self) -> Iterable[Metric]:
        return []
