"""import: a workbook is checked first; nothing is written before somebody says so."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop_app.app import App
from desktop_app.cli.output import table
from desktop_app.cli.session import Session
from desktop_app.organisation import intake
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.residents.importing import ImportPlan
from desktop_app.shared.errors import AppError, UsageError
from desktop_app.shared.private import begin
from desktop_app.spreadsheets.plans import ImportResult
from desktop_app.spreadsheets.reports import problem_workbook
from desktop_app.spreadsheets.workbook import Workbook, read

KINDS = {"residents": "residents", "buildings": "buildings", "centres": "centre_households"}
_SHOWN = 30
_MOST_CHANGES = 200


def import_file(session: Session) -> None:
    """`linli import residents|buildings|centres FILE [--dry-run|--yes]`."""
    told = session.arguments
    session.out.progress(0, 0, "正在读取表格")
    workbook = _chosen_sheet(read(Path(told.file)), told.sheet)
    with session.app() as app:
        session.out.progress(0, 0, "正在核对")
        checked = intake.check(app.db, workbook, KINDS[told.what], mapping=_mapping(told.map))
        if not checked.tables:
            words = checked.problems[0].message if checked.problems else f"“{workbook.path.name}”里没有找到表头。"
            raise AppError(f"{words}没有写入任何数据。", next_step="请核对选的是不是这类表。")
        _report(session, checked)
        if told.errors:
            _must_be_writable(Path(told.errors).expanduser())
        errors: str | None = None
        try:
            result = _commit(session, app, checked)
        finally:  # afterwards: its line in the register is a change, and only what was just checked is imported
            if told.errors:
                errors = _save_errors(app, checked, told.errors)
    words = _closing(checked, result, dry_run=told.dry_run)
    if errors:
        words += f"\n有问题的行已另存为 {errors}，改好后可以直接再导入。"
    session.out.result(_value(told.file, checked, errors, result), words)


def _chosen_sheet(workbook: Workbook, name: str | None) -> Workbook:
    if name is None:
        return workbook
    names = [sheet.name for sheet in workbook.sheets]
    if name not in names:
        raise UsageError(f"表格里没有“{name}”这张工作表。", next_step=f"有：{'、'.join(names)}。")
    workbook.sheets = [sheet for sheet in workbook.sheets if sheet.name == name]
    return workbook


def _commit(session: Session, app: App, checked: intake.Checked) -> ImportResult | None:
    told = session.arguments
    if told.dry_run or checked.plan.changes_nothing:
        return None
    session.confirm(f"将写入：{checked.plan.words}。")
    return intake.commit(app.db, checked, app.actor, progress=session.out.progress)


def _must_be_writable(path: Path) -> None:
    """AppError before anything is imported if the rows that need a look could not be saved afterwards."""
    part = path.with_name(f".{path.name}.part")
    try:
        begin(part)
        part.unlink()
    except OSError as error:
        raise AppError(
            f"“{path}”写不进去，没有写入任何数据。", next_step="请换一个文件夹，或先关闭正在打开这个文件的程序。"
        ) from error


def _save_errors(app: App, checked: intake.Checked, path: str) -> str:
    """The rows that need a look go back to where they came from, with a line in the export register."""
    rows = len({(one.sheet, one.row) for one in checked.problems if one.row})
    told = Export("导入表里需要看的行", ("原表各列", "问题"), rows, purpose="退回核对", masked=False, original=True)
    give_out(app.db, app.actor, told, path, lambda draft: problem_workbook(draft, checked.tables, checked.problems))
    return path


def _mapping(path: str | None) -> Mapping[str, str] | None:
    if path is None:
        return None
    try:
        found = json.loads(Path(path).read_text("utf-8"))
        return {str(header): str(field) for header, field in found.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise AppError(f"对应关系文件 {path} 读不了。", next_step='它应是 JSON：{"表头": "字段"}。') from error


def _report(session: Session, checked: intake.Checked) -> None:
    must = [problem for problem in checked.problems if problem.must]
    session.out.say(f"检查完成，还没有写入：{checked.plan.words}")
    rows = [(p.sheet, p.row or "", p.column, p.message) for p in must[:_SHOWN]]
    if rows:
        for line in table(("工作表", "行", "列", "需要看"), rows):
            session.out.say(line)
    if checked.sheets_left_out:
        session.out.say(f"没有导入的工作表（没有找到表头）：{'、'.join(checked.sheets_left_out)}。")
    if len(must) > _SHOWN:
        session.out.say(f"…… 另有 {len(must) - _SHOWN} 处，用 --errors 文件.xlsx 可以全部另存。")


def _closing(checked: intake.Checked, result: ImportResult | None, *, dry_run: bool) -> str:
    if result:
        return f"{result.words}要撤销这次导入：linli undo {result.action}"
    if checked.plan.changes_nothing:
        return "表里的内容系统里都有了，什么也没有改。"
    return "只做了检查，没有写入任何数据。" if dry_run else ""


def _value(file: str, checked: intake.Checked, errors: str | None, result: ImportResult | None) -> dict[str, Any]:
    plan = checked.plan
    value: dict[str, Any] = {
        "kind": checked.kind,
        "file": file,
        "added": len(plan.added),
        "changed": len(plan.changed),
        "unchanged": len(plan.unchanged),
        "skipped": len(plan.skipped),
        "to_look_at": plan.to_look_at,
        "words": plan.words,
        "problems": [asdict(problem) for problem in checked.problems],
        "changes": [asdict(change) for change in plan.changed[:_MOST_CHANGES]],
        "sheets_left_out": list(checked.sheets_left_out),
        "columns": [
            {"sheet": found.sheet.name, "header": c.header, "field": c.field, "why": c.why, "samples": list(c.samples)}
            for found in checked.tables
            for c in found.columns
        ],
        "errors_file": errors,
        "result": asdict(result) if result else None,
        "action": result.action if result else None,
    }
    if isinstance(plan, ImportPlan):
        value["new"] = {
            "estates": len(plan.new_estates),
            "buildings": len(plan.new_buildings),
            "rooms": plan.new_rooms,
            "households": plan.new_households,
        }
    return value
