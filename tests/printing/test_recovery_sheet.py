"""The sheet with the recovery code can be read, fits its page, and says the code as it was made."""

from collections.abc import Callable

from desktop_app.printing.recovery_sheet import RecoverySheet, draw
from desktop_app.store import recovery


def test_the_code_on_the_sheet_opens_what_was_sealed_with_it(measured: Callable, tmp_path) -> None:
    code = recovery.new_code()
    recovery.seal(tmp_path, bytes(32), code, made_on="2026-11-22")
    paper = measured(draw(RecoverySheet("江山社区", "0a1b2c", code, "2026-11-22", "王敏")))
    assert paper.pages == 1
    assert paper.size() == (210.0, 297.0)
    read = "".join(paper.text().split())
    printed = "".join(group for group in code.split("-"))
    assert printed in read
    start = read.index(printed)
    assert recovery.open_with(tmp_path / recovery.FILE, read[start : start + 24]) == bytes(32)


def test_everything_stands_within_the_margins(measured: Callable) -> None:
    paper = measured(draw(RecoverySheet("江" * 30, "0a1b2c", recovery.new_code(), "2026-11-22", "欧阳建国")))
    boxes = [box for box in paper.boxes() if box.ch.strip()]
    assert all(box.left > 20 and box.right < 190 and box.top > 20 and box.bottom < 280 for box in boxes)
