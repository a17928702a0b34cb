"""Rows of a workbook taken in by a command: what cannot be read is said first, then it asks, then the rest is kept."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

from desktop_app.cli.session import Session
from desktop_app.spreadsheets.problems import RowProblem


def take_in(
    session: Session,
    rows: Sequence[object],
    problems: Sequence[RowProblem],
    words: tuple[str, str, str],
    keep: Callable[[], Sequence[str]],
) -> None:
    """`words`: the name of the rows, what is done with them, what they are called after their number.

    `keep` stores them and returns its doubts; nothing is stored with `--dry-run`.
    """
    name, verb, unit = words
    dry, many = session.arguments.dry_run, f"{len(rows)} {unit}"
    said = [f"第 {one.row} 行 {one.column}：{one.message}" for one in problems]
    if rows and not dry:
        for line in said:
            session.out.say(line)
        session.confirm(f"将{verb} {many}。")
        said += keep()
    done = f"{'读出' if dry else f'已{verb}'} {many}，{len(problems)} 处要看。"
    session.out.result({name: len(rows), "problems": [asdict(one) for one in problems]}, [*said, done])
