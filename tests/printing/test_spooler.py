"""A PDF reaches a printer of the system, or the person is told why not and that nothing was lost."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from desktop_app.printing import spooler
from desktop_app.printing.form import Choice
from desktop_app.printing.forms.centre_plaque import CentrePlaque, PlaquePaper
from desktop_app.printing.forms.room_chart import RoomBox, RoomChart, RoomChartPaper
from desktop_app.printing.preview import Preview
from desktop_app.printing.spooler import NoPrintSystemError, Ticket
from desktop_app.shared.errors import AppError


@pytest.fixture
def pdf() -> bytes:
    return CentrePlaque().draw([PlaquePaper("周𫖯", "桂花苑3栋")])


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Stand-ins for `lp` and `lpstat`: shell scripts that answer as CUPS does."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def write(lpstat: str, lp: str) -> None:
        for name, body in (("lpstat", lpstat), ("lp", lp)):
            (folder / name).write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{body}\n")
            (folder / name).chmod(0o755)

    return write


TWO = """case $1 in
-e) echo Office; echo Linli;;
-d) echo "system default destination: Linli";;
-p) echo "printer Linli is idle.  enabled since Sun"; echo "printer Office disabled since Sun -"; echo "  Paused";;
esac"""


def test_without_cups_the_error_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pdf: bytes) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not spooler.available()
    with pytest.raises(NoPrintSystemError, match="没有安装打印系统"):
        spooler.send(pdf, "Linli", "牌")


def test_printers_are_listed_the_default_first(programs: Callable) -> None:
    programs(TWO, "exit 1")
    assert [(one.name, one.default, one.problem) for one in spooler.printers()] == [
        ("Linli", True, ""),
        ("Office", False, "已停用"),
    ]


def test_a_scheduler_that_is_down_is_named(programs: Callable) -> None:
    programs('echo "lpstat: Unable to connect to server" >&2; exit 1', "exit 1")
    with pytest.raises(AppError, match="打印服务没有启动"):
        spooler.printers()


def test_no_printer_at_all_is_named(programs: Callable, pdf: bytes) -> None:
    programs('echo "lpstat: No destinations added." >&2; exit 0', "exit 1")
    assert spooler.printers() == []
    with pytest.raises(AppError, match="还没有添加打印机"):
        spooler.send(pdf, "Linli", "牌")


def test_an_unknown_printer_is_named(programs: Callable, pdf: bytes) -> None:
    programs(TWO, "exit 1")
    with pytest.raises(AppError, match="找不到打印机“Gone”"):
        spooler.send(pdf, "Gone", "牌")


def test_a_refusal_is_told_in_chinese(programs: Callable, pdf: bytes) -> None:
    programs(TWO, 'cat > /dev/null; echo "lp: Destination \\"Linli\\" is not accepting jobs." >&2; exit 1')
    with pytest.raises(AppError, match="打印机已暂停接收任务"):
        spooler.send(pdf, "Linli", "牌")


def test_the_pdf_goes_out_unchanged_with_its_options(programs: Callable, pdf: bytes, tmp_path: Path) -> None:
    got, asked = tmp_path / "got.pdf", tmp_path / "asked"
    programs(TWO, f'echo "$*" > "{asked}"; cat > "{got}"; echo "request id is Linli-12 (1 file(s))"')
    job = spooler.send(pdf, "Linli", "牌", Ticket(2, "two-sided-long-edge", "iso_a4_210x297mm"))
    assert job == "Linli-12"
    assert got.read_bytes() == pdf
    words = asked.read_text()
    for option in ("-d Linli", "-t 牌", "-n 2", "sides=two-sided-long-edge", "media=iso_a4_210x297mm"):
        assert option in words


@pytest.mark.parametrize(
    ("listed", "size", "asked"),
    [
        ("A4 *A5 Letter", "A5 横向", "media=iso_a5_148x210mm"),
        ("*A4 Letter", "A5 横向", None),
        ("*A4 A5", "200×120", None),
        ("", "A5 横向", None),
    ],
)
def test_a_paper_is_asked_for_where_the_printer_has_it(
    listed: str, size: str, asked: str | None, programs: Callable, tmp_path: Path
) -> None:
    """A job on a paper the printer does not know is taken by CUPS and thrown away afterwards."""
    told = tmp_path / "asked"
    programs(TWO, f'echo "$*" > "{told}"; cat > /dev/null; echo "request id is Linli-1 (1 file(s))"')
    stand_in = tmp_path / "bin" / "lpoptions"
    stand_in.write_text(f"#!/bin/sh\necho 'PageSize/Media Size: {listed}'\n")
    stand_in.chmod(0o755)
    spooler.send(CentrePlaque().draw([PlaquePaper("周𫖯")], Choice(size=size)), "Linli", "牌")
    words = told.read_text()
    assert asked in words if asked else "media=" not in words


def test_a_sheet_larger_than_the_printers_paper_is_refused(programs: Callable, tmp_path: Path) -> None:
    programs(TWO, "exit 1")
    stand_in = tmp_path / "bin" / "lpoptions"
    stand_in.write_text("#!/bin/sh\necho 'PageSize/Media Size: *A4 A5'\n")
    stand_in.chmod(0o755)
    chart = RoomChart().draw([RoomChartPaper("楼栋图", (RoomBox("101", 1),))], Choice(size="A3 横向"))
    with pytest.raises(AppError, match="没有 A3 纸"):
        spooler.send(chart, "Linli", "图")


def test_saving_writes_the_whole_file(tmp_path: Path, pdf: bytes) -> None:
    spooler.save(pdf, tmp_path / "联系卡.pdf")
    assert (tmp_path / "联系卡.pdf").read_bytes() == pdf
    assert [path.name for path in tmp_path.iterdir()] == ["联系卡.pdf"]


def test_a_place_that_cannot_be_written_to_is_named_and_keeps_what_it_had(tmp_path: Path, pdf: bytes) -> None:
    (tmp_path / "牌.pdf").mkdir()
    with pytest.raises(AppError, match="写不进去"):
        spooler.save(pdf, tmp_path / "牌.pdf")
    with pytest.raises(AppError, match="写不进去"):
        spooler.save(pdf, tmp_path / "没有" / "牌.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["牌.pdf"]


# ------------------------------------------------------------------------------------------------ a real IPP printer

_NEEDED = ("cupsd", "ippeveprinter", "lpadmin", "lp", "lpstat", "dbus-daemon")
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


@pytest.fixture
def real_printer(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A CUPS scheduler and an IPP printer of our own on loopback; gives the folder its jobs arrive in."""
    if os.name != "posix" or os.geteuid() or any(shutil.which(name, path=_PATH) is None for name in _NEEDED):
        pytest.skip("needs root, CUPS and ippeveprinter")
    monkeypatch.setenv("PATH", _PATH)
    folder = Path("/tmp") / f"linli-cups-{os.getpid()}"  # noqa: S108 - user lp must be able to reach it
    running: list[subprocess.Popen] = []
    try:
        yield _start(folder, running, monkeypatch)
    finally:
        for process in reversed(running):
            if process.stdout:
                process.stdout.close()
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            if process.poll() is None:
                process.kill()
                process.wait(5)
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, running: list[subprocess.Popen], monkeypatch: pytest.MonkeyPatch) -> Path:
    for part in ("jobs", *(f"cups/{name}" for name in ("etc", "spool", "cache", "run", "scratch", "log"))):
        (folder / part).mkdir(parents=True)
    subprocess.run(["chmod", "-R", "a+rwX", str(folder)], check=True)
    subprocess.run(["chgrp", "-R", "lp", str(folder / "cups")], check=True)
    _write_configuration(folder)
    bus = subprocess.Popen(
        ["dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    running.append(bus)
    if bus.stdout is None or not bus.stdout.readline():
        pytest.skip("no private bus on this machine")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={folder}/bus")
    kinds = "application/pdf,image/pwg-raster,image/urf,image/jpeg"
    command = [
        "ippeveprinter",
        "-p",
        "18641",
        "-n",
        "localhost",
        "-d",
        f"{folder}/jobs",
        "-k",
        "-r",
        "off",
        "-f",
        kinds,
    ]
    running.append(_launch([*command, "-2", "-s", "600", "LinliTest"]))
    running.append(_launch(["cupsd", "-c", f"{folder}/cupsd.conf", "-s", f"{folder}/cups-files.conf", "-f"]))
    monkeypatch.setenv("CUPS_SERVER", "localhost:18642")
    add = ["lpadmin", "-p", "Linli", "-E", "-v", "ipp://localhost:18641/ipp/print", "-m", "everywhere"]
    _until(lambda: subprocess.run(add, check=False, capture_output=True).returncode == 0)
    return folder / "jobs"


def _launch(command: list[str]) -> subprocess.Popen:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _until(done: Callable[[], object], patience: float = 60) -> None:
    """Asks another process until it agrees; each question is a program run, so this does not spin."""
    end = time.monotonic() + patience
    while not done():
        if time.monotonic() > end:
            pytest.skip("the print system of this machine does not start")


def _write_configuration(folder: Path) -> None:
    (folder / "bus.conf").write_text(
        f"<busconfig><listen>unix:path={folder}/bus</listen><policy context='default'>"
        "<allow send_destination='*'/><allow receive_sender='*'/><allow own='*'/></policy></busconfig>"
    )
    rules = "Order allow,deny\nAllow localhost\n"
    (folder / "cupsd.conf").write_text(
        f"LogLevel warn\nListen localhost:18642\nListen {folder}/cups/run/cups.sock\nBrowsing Off\n"
        "DefaultAuthType None\nWebInterface No\n"
        f"<Location />\n{rules}</Location>\n<Location /admin>\n{rules}</Location>\n"
        f"<Policy default>\n<Limit All>\n{rules}</Limit>\n</Policy>\n"
    )
    place = folder / "cups"
    (folder / "cups-files.conf").write_text(
        f"User lp\nGroup lp\nSystemGroup root lpadmin\nServerRoot {place}/etc\nRequestRoot {place}/spool\n"
        f"CacheDir {place}/cache\nStateDir {place}/run\nTempDir {place}/scratch\nAccessLog {place}/log/access\n"
        f"ErrorLog {place}/log/error\nPageLog {place}/log/page\nServerBin /usr/lib/cups\nDataDir /usr/share/cups\n"
    )


def test_a_plaque_arrives_at_a_real_printer(real_printer: Path, pdf: bytes) -> None:
    """The filters of CUPS rewrite the file: its pages and its words are compared, not its bytes."""
    assert [printer.name for printer in spooler.printers()] == ["Linli"]
    job = spooler.send(pdf, "Linli", "党员中心户标牌", Ticket(sides="two-sided-long-edge"))
    assert job.startswith("Linli-")
    _until(lambda: not spooler._run(["lpstat", "-o"]).stdout.strip() and list(real_printer.glob("*.pdf")))
    with Preview(next(iter(real_printer.glob("*.pdf"))).read_bytes()) as arrived:
        assert arrived.pages == 1
        assert "周𫖯" in arrived.text(0)
