"""Every character is set in a face that has it, and can be read back from the paper."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.printing import fonts
from desktop_app.printing.fonts import FontBook, MissingCharactersError, Role
from desktop_app.printing.form import Choice
from desktop_app.printing.forms.table import TableForm, TablePaper
from desktop_app.printing.page import Flow
from desktop_app.printing.sheet import A4, Sheet, Type
from desktop_app.printing.tables import Column
from desktop_app.shared.resources import resource

RARE = "㛃𬭊𫖯䶮𠅤喆堃赟𠮷"


def written(text: str, role: Role = Role.SONG, *, allow_missing: bool = False) -> bytes:
    sheet = Sheet("测试", allow_missing=allow_missing)
    sheet.page(A4)
    sheet.text(20, 50, text, Type(role, 14))
    return sheet.finish()


@pytest.mark.parametrize("role", list(Role))
def test_a_rare_name_is_read_back_as_it_was_written(role: Role, measured: Callable) -> None:
    assert measured(written(RARE, role)).text() == RARE


@pytest.mark.parametrize("role", list(Role))
def test_a_rare_name_shows_ink_for_every_character(role: Role, measured: Callable) -> None:
    boxes = measured(written(RARE, role)).boxes()
    widths = [box.right - box.left for box in boxes if box.ch.strip()]
    assert len(widths) >= len(RARE)
    assert min(widths) > 2.5


def test_every_font_in_the_file_is_an_embedded_subset(measured: Callable) -> None:
    flow = Flow()
    flow.title("关于测试字体的通知")
    flow.heading(1, 1, "黑体标题")
    flow.heading(2, 1, "楷体标题")
    flow.paragraph("正文——含 Latin 与 2026年，㛃𠮷。")
    sheet = Sheet("字体")
    flow.draw(sheet)
    paper = measured(sheet.finish())
    assert len(paper.fonts()) >= 4
    assert paper.embedded() == len(paper.fonts())
    assert all(re.fullmatch(r"[A-Z]{6}\+.+", name) for name in paper.fonts()), paper.fonts()
    assert b"Helvetica" not in paper.pdf


def test_a_subset_holds_little_more_than_the_characters_used() -> None:
    assert len(written("邻里工作站")) < 20_000


def test_a_character_no_font_has_stops_the_print_and_is_named() -> None:
    with pytest.raises(MissingCharactersError, match="U\\+1F600") as caught:
        written("笑😀脸")
    assert caught.value.characters == "😀"


def test_the_person_may_go_on_with_a_sign_in_its_place(measured: Callable) -> None:
    assert measured(written("笑😀脸", allow_missing=True)).text() == "笑〓脸"


def test_a_form_reports_missing_characters_too() -> None:
    paper = TablePaper("名册", (Column("姓名"),), (("王😀",),))
    with pytest.raises(MissingCharactersError):
        TableForm().draw([paper])
    assert TableForm().draw([paper], Choice(allow_missing=True))


def test_selectors_and_joiners_are_not_drawn(measured: Callable) -> None:
    assert measured(written("葛\ufe00城\u2060市")).text() == "葛城市"


def test_the_same_input_gives_the_same_bytes() -> None:
    assert written(RARE) == written(RARE)


def test_the_bundled_songti_stands_in_for_fangsong_and_says_so() -> None:
    assert FontBook(folders=()).stand_ins()[Role.FANG] == "思源宋体（代仿宋）"


def test_a_system_fangsong_goes_before_the_stand_in(tmp_path: Path) -> None:
    """Any TrueType font under the name of a 仿宋 will do to show it."""
    (tmp_path / "SIMFANG.TTF").write_bytes(resource("fonts", "NotoSansSC-Regular.ttf").read_bytes())
    book = FontBook(folders=(tmp_path,))
    assert book.chain(Role.FANG)[0] == "SIMFANG"
    assert Role.FANG not in book.stand_ins()
    assert book.runs(Role.FANG, "公文") == [("SIMFANG", "公文")]


def test_a_file_that_cannot_be_embedded_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "simfang.ttf").write_bytes(b"OTTO no outlines here")
    assert FontBook(folders=(tmp_path,)).chain(Role.FANG)[0] == "NotoSerifSC-Regular"


def test_a_pair_of_dashes_shows_no_gap(measured: Callable) -> None:
    first, second = measured(written("——")).boxes()[:2]
    assert second.left - first.right < 0.1


def test_the_cmap_writes_surrogate_pairs() -> None:
    text = fonts.to_unicode_cmap("X", [32, 0x4E00, 0x2CB4A])
    assert "<02> <D872DF4A>" in text
    assert "3 beginbfchar" in text


def test_every_bundled_font_has_its_licence_and_the_checksum_of_the_readme() -> None:
    readme = resource("fonts", "README.md").read_text("utf-8")
    files = sorted(resource("fonts").glob("*.ttf"))
    assert len(files) == 5
    for file in files:
        assert file.name in readme
        assert hashlib.sha256(file.read_bytes()).hexdigest() in readme
    for licence in resource("fonts").glob("OFL-*.txt"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence.read_text("utf-8")
        assert licence.name in readme
