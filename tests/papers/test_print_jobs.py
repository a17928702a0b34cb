"""What was printed is on disk before it is on paper."""

from datetime import date
from hashlib import sha256

import pytest

from desktop_app.papers import actions, queries
from desktop_app.shared.errors import AppError


def printed(db, actor, subject="b1", form="service_card", **more):
    return actions.record_print(db, actor, form, "building", subject, "便民服务联系卡 3栋", pdf_bytes=b"%PDF-1", **more)


def test_a_job_keeps_the_fingerprint_of_its_pdf_and_who_printed_it(db, actor, clock):
    job = printed(db, actor, copies=2, pages=3, target="前台打印机")
    assert (job.sha256, job.at, job.by_name) == (sha256(b"%PDF-1").hexdigest(), clock.ms(), "张三")
    assert (job.copies, job.pages, job.target, job.state) == (2, 3, "前台打印机", "已交打印")
    assert db.scalar("SELECT what FROM journal_action ORDER BY no DESC") == "打印：便民服务联系卡 3栋"


def test_the_first_print_is_found_for_the_mark_of_a_reprint(db, actor, clock):
    assert queries.printed_before(db, "service_card", "b1") is None
    first = printed(db, actor)
    clock.move(hours=1)
    printed(db, actor)
    assert queries.printed_before(db, "service_card", "b1").id == first.id
    assert queries.printed_before(db, "service_card", "b2") is None
    assert queries.printed_before(db, "centre_plaque", "b1") is None


def test_a_job_that_failed_is_no_print(db, actor):
    job = printed(db, actor)
    actions.mark_failed(db, actor, job.id, "缺纸")
    assert queries.printed_before(db, "service_card", "b1") is None
    assert db.row("SELECT what,why FROM journal_action ORDER BY no DESC") == ("打印失败", "缺纸")


def test_jobs_are_listed_by_local_day_latest_first(db, actor, clock):
    early = printed(db, actor)
    clock.move(hours=11)  # 23:00 in China
    late = printed(db, actor, "b2")
    clock.move(hours=2)  # 01:00 in China, while it is still the same day in UTC
    next_day = printed(db, actor, "b3")
    assert [job.id for job in queries.jobs(db, day=date(2026, 11, 22))] == [late.id, early.id]
    assert [job.id for job in queries.jobs(db, day=date(2026, 11, 23))] == [next_day.id]
    assert [job.id for job in queries.jobs(db, subject_id="b2")] == [late.id]
    assert [job.id for job in queries.jobs(db, form="minutes")] == []
    assert len(queries.jobs(db, text="3栋")) == 3
    assert queries.jobs(db, text="%") == []


@pytest.mark.parametrize("more", [{"copies": 0}, {"pages": 0}])
def test_nothing_is_printed_in_no_copies(db, actor, more):
    with pytest.raises(AppError) as refused:
        printed(db, actor, **more)
    assert refused.value.field == "copies"
    assert queries.jobs(db) == []


def test_a_finished_job_says_so(db, actor):
    assert actions.mark_printed(db, actor, printed(db, actor).id).state == "已打印"
