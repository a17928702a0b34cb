"""A file becomes an attachment: checked, cleaned, encrypted, kept once, and on the disk before the record names it."""

import base64
import hashlib
import os
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image

from desktop_app.attachments import actions, queries, rules
from desktop_app.attachments.model import Attachment
from desktop_app.attachments.rules import Where
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.store import content as content_module
from desktop_app.store.content import Content
from desktop_app.store.history import last_action, undo
from tests.attachments.pictures import GPS_WORDS, jpeg, pdf, png, tiff_with_a_place


def files(app):
    folder = app.home / "attachments"
    return sorted(path for path in folder.glob("*/*")) if folder.exists() else []


def office(*names: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "<xml/>")
    return file.getvalue()


def test_a_photo_comes_back_as_it_was_kept_with_a_small_picture_and_its_day(app, person):
    made = actions.attach(app.db, app.actor, "person", person, jpeg(), "走访 照片")
    assert (made.title, made.kind, made.mime) == ("走访 照片", "photo", "image/jpeg")
    assert made.taken_on == "2026-03-05"
    kept = actions.content(app.db, made)
    assert hashlib.sha256(kept).hexdigest() == made.sha256
    assert len(kept) == made.size
    assert len(made.thumb) <= 8192
    small = Image.open(BytesIO(base64.b64decode(made.thumb)))
    assert (small.format, small.width * 480) == ("JPEG", small.height * 640)
    assert queries.of(app.db, "person", person) == [made]
    assert queries.shown(app.db, "person", person)[0].where is Where.LOCAL


def test_nothing_of_a_photo_can_be_read_on_the_disk(app, person):
    made = actions.attach(app.db, app.actor, "person", person, jpeg(), "身份证")
    (file,) = files(app)
    kept = actions.content(app.db, made)
    raw = file.read_bytes()
    assert not any(kept[at : at + 16] in raw for at in range(0, len(kept), 997))
    assert made.sha256 not in str(file)
    assert file.name == Content(app.db).path(made.sha256).name
    assert os.name == "nt" or file.stat().st_mode & 0o077 == 0


def test_a_file_may_be_named_by_its_path_and_is_called_as_it_is(app, person, tmp_path):
    path = tmp_path / "签字 扫描件.pdf"
    path.write_bytes(pdf())
    made = actions.attach(app.db, app.actor, "person", person, path)
    assert (made.title, made.kind, made.mime) == ("签字 扫描件", "scan", "application/pdf")
    assert made.thumb


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (png(), "image/png"),
        (png(mode="RGBA"), "image/png"),
        (png(mode="P"), "image/png"),
        (png(mode="I;16"), "image/png"),
        (office("word/document.xml"), rules.DOCX),
        (office("xl/workbook.xml"), rules.XLSX),
    ],
)
def test_what_an_office_uses_is_accepted(app, person, data, mime):
    made = actions.attach(app.db, app.actor, "person", person, data)
    assert made.mime == mime
    assert bool(made.thumb) == mime.startswith("image/")


def test_a_scan_in_tiff_is_accepted_but_not_one_with_a_place_in_it(app, person):
    plain = BytesIO()
    Image.new("1", (1600, 2200)).save(plain, "TIFF", compression="group4")
    assert actions.attach(app.db, app.actor, "person", person, plain.getvalue()).mime == "image/tiff"
    with pytest.raises(AppError, match="拍摄地点"):
        actions.attach(app.db, app.actor, "person", person, tiff_with_a_place())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "是空的"),
        (b"MZ\x90\0 a program", "不能添加这种文件"),
        (b"just words", "不能添加这种文件"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "HEIC"),
        (b"PK\x03\x04 broken", "不能添加这种文件"),
        (office("readme.txt"), "不能添加这种文件"),
        (office("word/document.xml", "word/vbaProject.bin"), "带有宏"),
        (jpeg()[:4000], "不完整"),
        (png()[:-60], "不完整"),
        (b"%PDF-1.7 nothing", "损坏"),
        (b"\xff\xd8\xff", "不完整"),
        (b"\xff\xd8\xff\xd9", "损坏"),
    ],
)
def test_what_is_not_accepted_is_refused_in_words_and_leaves_nothing(app, person, data, words):
    with pytest.raises(AppError, match=words) as caught:
        actions.attach(app.db, app.actor, "person", person, data)
    assert "没有添加" in caught.value.message
    assert not files(app)
    assert not queries.of(app.db, "person", person)


def test_a_file_that_is_too_big_is_refused_before_it_is_read(app, person, tmp_path):
    path = tmp_path / "film.jpg"
    with path.open("wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(AppError, match=r"20\.0 MB，超过 20 MB"):
        actions.attach(app.db, app.actor, "person", person, path)


def test_a_picture_that_claims_to_be_huge_is_refused_before_its_pixels_are_looked_at(app, person):
    bomb = bytearray(png())
    bomb[16:24] = (30_000).to_bytes(4, "big") * 2
    bomb[29:33] = zlib.crc32(bytes(bomb[12:29])).to_bytes(4, "big")
    with pytest.raises(AppError, match="30000×30000"):
        actions.attach(app.db, app.actor, "person", person, bytes(bomb))


def test_a_file_that_is_not_there_is_said_so(app, person, tmp_path):
    with pytest.raises(AppError, match=r"读不到文件“x\.jpg”"):
        actions.attach(app.db, app.actor, "person", person, tmp_path / "x.jpg")


@pytest.mark.parametrize("table", ["setting", "attachment", "sqlite_master", "nothing"])
def test_only_records_have_attachments(app, table):
    with pytest.raises(AppError, match="不能添加附件"):
        actions.attach(app.db, app.actor, table, "x", jpeg())


def test_a_record_that_is_gone_gets_no_attachment(app):
    with pytest.raises(AppError, match="居民记录已经不在了"):
        actions.attach(app.db, app.actor, "person", "0" * 32, jpeg())


def test_where_a_photo_was_taken_and_by_what_is_taken_out(app, person):
    for data in (jpeg(), png()):
        kept = actions.content(app.db, actions.attach(app.db, app.actor, "person", person, data))
        assert GPS_WORDS not in kept
        assert b"secret" not in kept
        assert b"Phone" not in kept
        before, after = Image.open(BytesIO(data)), Image.open(BytesIO(kept))
        assert before.tobytes() == after.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_keeps_how_it_is_to_be_turned(app, person, orientation):
    made = actions.attach(app.db, app.actor, "person", person, jpeg(orientation=orientation))
    kept = Image.open(BytesIO(actions.content(app.db, made)))
    assert kept.getexif().get(0x0112, 1) == orientation
    assert set(kept.getexif()) <= {0x0112}
    thumb = Image.open(BytesIO(base64.b64decode(made.thumb)))
    assert (thumb.height > thumb.width) == (orientation >= 5)


def test_the_same_photo_of_two_people_lies_on_the_disk_once(app, person):
    with app.db.transaction(app.actor, "登记居民") as tx:
        other = tx.add(Person(name="李芳")).id
    first = actions.attach(app.db, app.actor, "person", person, jpeg(), "一")
    second = actions.attach(app.db, app.actor, "person", other, jpeg(), "二")
    assert first.sha256 == second.sha256
    assert len(files(app)) == 1
    assert [queries.of(app.db, "person", one)[0].title for one in (person, other)] == ["一", "二"]


def test_a_photo_dropped_twice_on_one_record_stands_there_once_and_may_come_again_after_it_was_removed(app, person):
    made = actions.attach(app.db, app.actor, "person", person, jpeg(), "一")
    with pytest.raises(AppError, match="已经在这条记录上了，叫“一”"):
        actions.attach(app.db, app.actor, "person", person, jpeg(), "二")
    assert [one.title for one in queries.of(app.db, "person", person)] == ["一"]
    actions.detach(app.db, app.actor, made.id)
    actions.attach(app.db, app.actor, "person", person, jpeg(), "二")
    assert [one.title for one in queries.of(app.db, "person", person)] == ["二"]


def test_the_file_is_on_the_disk_before_the_record(app, person, monkeypatch):
    """A program that is killed between the two leaves a file too many, never a record without its file."""

    class Killed(BaseException):
        pass

    real = content_module.Content.put

    def put_and_die(self, sha256, data):
        real(self, sha256, data)
        raise Killed

    monkeypatch.setattr(content_module.Content, "put", put_and_die)
    with pytest.raises(Killed):
        actions.attach(app.db, app.actor, "person", person, jpeg())
    assert len(files(app)) == 1
    assert not queries.of(app.db, "person", person)


def test_a_disk_that_is_full_leaves_neither_file_nor_record(app, person, monkeypatch):
    def full(_file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(content_module, "_settle", full)
    with pytest.raises(AppError, match="磁盘满了"):
        actions.attach(app.db, app.actor, "person", person, jpeg())
    assert not files(app)
    assert not queries.of(app.db, "person", person)


def test_taking_an_attachment_off_can_be_taken_back(app, person):
    made = actions.attach(app.db, app.actor, "person", person, jpeg())
    actions.detach(app.db, app.actor, made.id)
    assert not queries.of(app.db, "person", person)
    undo(app.db, app.actor, last_action(app.db, app.actor)[0])
    (back,) = queries.of(app.db, "person", person)
    assert actions.content(app.db, back)


def test_a_title_is_one_line_and_may_be_changed(app, person):
    made = actions.attach(app.db, app.actor, "person", person, jpeg(), " 走访\n照片 ")
    assert made.title == "走访 照片"
    actions.rename(app.db, app.actor, made.id, "..\u202egpj.exe")
    assert queries.of(app.db, "person", person)[0].title == ".. gpj.exe"  # nothing turns its direction
    actions.rename(app.db, app.actor, made.id, "楼道堆物")
    assert queries.of(app.db, "person", person)[0].title == "楼道堆物"
    with pytest.raises(AppError, match="名称没有填"):
        actions.rename(app.db, app.actor, made.id, "  ")


@pytest.mark.parametrize(
    "harm",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[: 32 + 65552],
        lambda raw: raw + b"x",
        lambda raw: raw[:40] + bytes([raw[40] ^ 1]) + raw[41:],
        lambda raw: raw[:20] + bytes([raw[20] ^ 1]) + raw[21:],
        lambda raw: raw[:32] + raw[32 + 65552 : 32 + 2 * 65552] + raw[32 : 32 + 65552] + raw[32 + 2 * 65552 :],
        lambda _raw: b"",
    ],
)
def test_a_file_that_was_harmed_is_never_shown_and_asked_for_again(app, person, harm):
    made = actions.attach(app.db, app.actor, "person", person, jpeg(1400, 1000))
    (file,) = files(app)
    assert file.stat().st_size > 3 * 65552
    file.write_bytes(harm(file.read_bytes()))
    assert actions.content(app.db, made) is None
    state = queries.states_of(app.db, [made.sha256])[made.sha256]
    assert (state.here, state.wanted) == (False, 2)


def test_one_file_cannot_stand_in_for_another(app, person):
    first = actions.attach(app.db, app.actor, "person", person, jpeg(seed=1))
    second = actions.attach(app.db, app.actor, "person", person, jpeg(seed=2))
    content = Content(app.db)
    content.path(first.sha256).write_bytes(content.path(second.sha256).read_bytes())
    assert actions.content(app.db, first) is None


@pytest.mark.parametrize(
    ("title", "mime", "name"),
    [
        ("走访照片", "image/jpeg", "走访照片.jpg"),
        ("IMG_1.JPEG", "image/jpeg", "IMG_1.jpg"),
        ("../../etc/passwd", "application/pdf", "_.._etc_passwd.pdf"),
        ("a.exe", "image/png", "a.exe.png"),
        ("con", "image/png", "_con.png"),
        ("x\u202egpj.exe", "image/jpeg", "x_gpj.exe.jpg"),
        ("", "application/x-msdownload", "附件.bin"),
    ],
)
def test_a_saved_file_has_a_safe_name_and_the_ending_of_its_type(title, mime, name):
    assert rules.file_name(title, mime) == name


def test_a_content_is_saved_where_the_person_wants_it(app, person, tmp_path):
    scan = pdf()
    made = actions.attach(app.db, app.actor, "person", person, scan)
    actions.save_as(app.db, made, tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes() == scan
    gone = Attachment(
        owner_table="person",
        owner_id=person,
        title="x",
        kind="file",
        mime="application/pdf",
        size=3,
        sha256="0" * 64,
        at=0,
    )
    with pytest.raises(AppError, match="还没有下载"):
        actions.save_as(app.db, gone, tmp_path / "other.pdf")


def test_saving_what_was_damaged_says_so_and_asks_the_server_for_it(app, person, tmp_path):
    made = actions.attach(app.db, app.actor, "person", person, jpeg())
    (file,) = files(app)
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(AppError, match="坏了或不见了，没有保存"):
        actions.save_as(app.db, made, tmp_path / "x.jpg")
    state = queries.states_of(app.db, [made.sha256])[made.sha256]
    assert (state.here, state.wanted) == (False, actions.WAITED_FOR)
    with pytest.raises(AppError, match="还没有下载到本机"):
        actions.save_as(app.db, made, tmp_path / "x.jpg")
