"""Files are told apart by what stands in them; what cannot be read is refused in Chinese and nothing is lost."""

import zipfile

import openpyxl
import pytest
import xlsxwriter

from desktop_app.shared.errors import AppError, CorruptError
from desktop_app.spreadsheets import workbook
from desktop_app.spreadsheets.workbook import SheetOut, read, write

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def zipped(path, **parts):
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return path.read_bytes()


BAD = {
    "空的": (b"", "空文件"),
    "加密": (OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512, "密码"),
    "旧Word": (OLE + b"\0" * 512 + "WordDocument".encode("utf-16-le"), "不是表格"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "不是表格"),
    "图片": (b"\x89PNG\r\n\x1a\n\0\0", "不是表格"),
    "网页": ("<html><table><tr><td>姓名</td></tr></table></html>".encode(), "网页格式"),
    "半截": (b"PK\x03\x04" + b"\x01" * 300, "损坏"),
    "乱码": (b"\xff\x81\x30\x20abc" * 3, "编码"),
    "只有空格": (b" \r\n ", "空文件"),
    "没有内容": (b",,,\n,,,\n", "没有内容"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_workbook_is_refused_whatever_its_name(tmp_path, what):
    content, words = BAD[what]
    path = tmp_path / "居民.xlsx"
    path.write_bytes(content)
    with pytest.raises(AppError, match=words) as refused:
        read(path)
    assert "没有写入任何数据" in refused.value.message
    assert refused.value.next_step
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("part", "words"), [("word__document_xml", "Word"), ("ppt__presentation_xml", "演示"), ("a", "压缩包")]
)
def test_other_packed_files_are_refused(tmp_path, part, words):
    path = tmp_path / "居民.xlsx"
    zipped(path, **{part: "x"})
    with pytest.raises(AppError, match=words):
        read(path)


def test_a_truncated_workbook_is_damaged(tmp_path):
    path = write(tmp_path / "居民.xlsx", [SheetOut("居民", ("姓名",), [(f"张{at}",) for at in range(500)])])
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(CorruptError, match="损坏"):
        read(path)


def test_a_workbook_with_a_broken_sheet_is_damaged(tmp_path):
    good = write(tmp_path / "好.xlsx", [SheetOut("居民", ("姓名",), [("张伟",)])])
    path = tmp_path / "坏.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if name.endswith("sheet1.xml") else content)
    with pytest.raises(CorruptError, match="损坏"):
        read(path)


def test_a_missing_file_a_folder_and_a_lock_file_are_told_apart(tmp_path):
    for path, words in (
        (tmp_path / "没有.xlsx", "找不到"),
        (tmp_path, "文件夹"),
        (tmp_path / "~$居民.xlsx", "临时文件"),
    ):
        with pytest.raises(AppError, match=words):
            read(path)


def test_too_many_rows_are_refused_with_their_number(tmp_path):
    path = tmp_path / "大.csv"
    path.write_text("姓名,性别\n" + "张伟,男\n" * 200_000, encoding="utf-8")
    with pytest.raises(AppError, match="200,001 行"):
        read(path)


def test_a_stray_cell_in_the_far_corner_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "居民.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "姓名")
        sheet.write("XFD1048576", "x")
    with pytest.raises(AppError, match="1,048,576"):
        read(path)


def test_far_formatting_without_values_does_no_harm(tmp_path):
    path = tmp_path / "居民.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "姓名")
        sheet.write_blank("XFD1048576", None, book.add_format({"bold": True}))
    assert len(read(path).sheets[0].rows) == 1


def test_a_file_too_large_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_BYTES", 10)
    path = tmp_path / "居民.csv"
    path.write_text("姓名,性别\n张伟,男\n", encoding="utf-8")
    with pytest.raises(AppError, match="太大"):
        read(path)


def test_the_name_does_not_decide_what_a_file_is(tmp_path):
    real = write(tmp_path / "一.xlsx", [SheetOut("居民", ("姓名",), [("张伟",)])])
    path = tmp_path / "居民.csv"
    path.write_bytes(real.read_bytes())
    assert (read(path).kind, read(path).sheets[0].rows) == ("xlsx", [["姓名"], ["张伟"]])


@pytest.mark.parametrize(
    ("text", "rows"), [("姓名\t性别\n张伟\t男\n", 2), ("姓名;性别\n张伟;男\n", 2), ('姓名,性别\n"张\n伟",男\n', 2)]
)
def test_a_csv_is_read_with_any_separator(tmp_path, text, rows):
    path = tmp_path / "居民.csv"
    path.write_text(text, encoding="utf-8")
    found = read(path).sheets[0].rows
    assert len(found) == rows
    assert found[0] == ["姓名", "性别"]


def test_rows_of_a_csv_have_one_length(tmp_path):
    path = tmp_path / "居民.csv"
    path.write_text("姓名,性别,电话\n张伟\n李芳,女\n", encoding="utf-8")
    assert {len(row) for row in read(path).sheets[0].rows} == {3}


def test_merged_cells_and_formulas_are_known(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["姓名", "性别", "年龄"])
    sheet.append(["张伟", "=1+1", None])
    sheet.merge_cells("A2:A3")
    path = tmp_path / "居民.xlsx"
    book.save(path)
    found = read(path)
    assert found.sheets[0].merged == [(1, 0, 2, 0)]
    assert found.flaws(found.sheets[0]) == {(1, 1): ""}


def test_the_results_of_formulas_are_read_and_their_errors_known(tmp_path):
    path = tmp_path / "居民.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_formula("A1", '="姓"&"名"', None, "姓名")
        sheet.write_formula("B1", "=NA()", None, "#N/A")
    found = read(path)
    assert found.sheets[0].rows[0][0] == "姓名"
    assert found.flaws(found.sheets[0]) == {(0, 1): "#N/A"}


def test_what_is_written_is_text_and_comes_back_as_it_was(tmp_path):
    rows = [["420299198001010014", "=1+1", "2026-01-05", None], ["007", "https://example.org", "", 12]]
    path = write(
        tmp_path / "出.xlsx", [SheetOut("居民", ("证件号", "二", "三", "四"), rows, title="名单", notes=("必填",) * 4)]
    )
    found = read(path).sheets[0].rows
    assert found[3:] == [["420299198001010014", "=1+1", "2026-01-05", ""], ["007", "https://example.org", "", "12"]]
    sheet = openpyxl.load_workbook(path).active
    assert sheet["A4"].number_format == "@"
    assert sheet.freeze_panes == "A4"


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path):
    (tmp_path / "出.xlsx").mkdir()
    with pytest.raises(AppError, match="写不进去"):
        write(tmp_path / "出.xlsx", [SheetOut("居民", ("姓名",))])
    assert [path.name for path in tmp_path.iterdir()] == ["出.xlsx"]


def test_names_of_sheets_are_made_to_fit(tmp_path):
    path = write(tmp_path / "出.xlsx", [SheetOut("居民/2026:[一]" * 5, ("姓名",), [("张伟",)])])
    assert len(read(path).sheets[0].name) <= 31
