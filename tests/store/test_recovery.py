"""The recovery code on paper, and what it opens."""

import json

import pytest

from desktop_app.shared.errors import AppError, CorruptError, LockedError
from desktop_app.store import recovery

KEY = bytes(range(32))


def test_a_code_opens_what_was_sealed_with_it_however_it_is_typed(tmp_path):
    code = recovery.new_code()
    recovery.seal(tmp_path, KEY, code, made_on="2026-11-22")
    assert recovery.open_with(tmp_path / recovery.FILE, code) == KEY
    assert recovery.open_with(tmp_path / recovery.FILE, f"  {code.lower().replace('-', ' ')} ") == KEY
    assert recovery.made_on(tmp_path) == "2026-11-22"


def test_the_file_alone_tells_nothing(tmp_path):
    recovery.seal(tmp_path, KEY, recovery.new_code(), made_on="2026-11-22")
    text = (tmp_path / recovery.FILE).read_text()
    assert KEY.hex() not in text
    assert (tmp_path / recovery.FILE).stat().st_mode & 0o077 == 0


def test_any_single_slip_of_the_pen_is_noticed_before_the_long_calculation():
    code = recovery.new_code().replace("-", "")
    for place, letter in enumerate(code):
        wrong = recovery.ALPHABET[(recovery.ALPHABET.index(letter) + 1) % 31]
        with pytest.raises(AppError, match="抄错"):
            recovery.tidy(code[:place] + wrong + code[place + 1 :])


def test_two_neighbours_exchanged_are_noticed():
    for _ in range(20):
        code = recovery.new_code().replace("-", "")
        place = next(at for at in range(22) if code[at] != code[at + 1])
        with pytest.raises(AppError, match="抄错"):
            recovery.tidy(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@pytest.mark.parametrize("typed", ["", "ABCD", "I" * 24, "中文" * 12, "A" * 25])
def test_what_cannot_be_a_code_is_said_so(typed):
    with pytest.raises(AppError, match="24 位") as refused:
        recovery.tidy(typed)
    assert refused.value.field == "code"


def test_another_code_opens_nothing_and_a_damaged_file_is_no_wrong_code(tmp_path):
    code = recovery.new_code()
    recovery.seal(tmp_path, KEY, code, made_on="2026-11-22")
    path = tmp_path / recovery.FILE
    with pytest.raises(LockedError, match="不符"):
        recovery.open_with(path, recovery.new_code())
    whole = json.loads(path.read_text())
    for broken in ("", "[]", json.dumps({**whole, "sealed": 3}), json.dumps({**whole, "lanes": "x"})):
        path.write_text(broken)
        with pytest.raises(CorruptError):
            recovery.open_with(path, code)


def test_a_missing_file_says_where_to_look(tmp_path):
    with pytest.raises(AppError, match=r"\.recovery\.json"):
        recovery.open_with(tmp_path / "linli-x.recovery.json", recovery.new_code())
