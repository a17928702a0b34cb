"""A desktop of Anki, by its own library: rows are notes with one field per column.

anki_desk.py FOLDER URL        run with the Python that has `anki` installed
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

from anki.collection import AddNoteRequest, Collection
from anki.sync_pb2 import SyncCollectionResponse as Answer
from lines import read, serve

DECK = 1
FOR_A_PERSON = ("Check Database", "one-way sync", "your clock", "too large")
"""What its messages say when trying again does not help."""
Row = dict[str, Any]
UPLOAD, DOWNLOAD, ASK = Answer.FULL_UPLOAD, Answer.FULL_DOWNLOAD, Answer.FULL_SYNC


class Desk:
    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.col = Collection(str(folder / "collection.anki2"))
        self.url = url
        self.auth: Any = None

    def add(self, file: str | None = None, rows: list[Row] | None = None) -> None:
        given = read(file, rows)
        kind = self._kind([name for name in given[0] if name != "id"])
        requests = []
        for row in given:
            note = self.col.new_note(kind)
            note.guid = row["id"]
            note.fields = [row[name] for name in row if name != "id"]
            requests.append(AddNoteRequest(note, DECK))
        self.col.add_notes(requests)
        # notes are numbered by the millisecond, many at once ahead of the clock: two desks that take the same number
        # overwrite each other, which is a weakness, but not the one any scenario here is about
        while self.col.db.scalar("select max(id) from notes") >= time.time() * 1000:
            time.sleep(0.02)

    def _kind(self, fields: list[str]) -> Any:
        """The note type of residents.  It is there before the first sync: a change of it forces a full upload."""
        known = self.col.models.by_name("resident")
        if known:
            return known
        kind = self.col.models.new("resident")
        for name in fields:
            self.col.models.add_field(kind, self.col.models.new_field(name))
        template = self.col.models.new_template("card")
        template["qfmt"], template["afmt"] = "{{name}}", "{{phones}}"
        self.col.models.add_template(kind, template)
        self.col.models.add(kind)
        return self.col.models.by_name("resident")

    def edit(self, file: str | None = None, rows: list[Row] | None = None) -> None:
        numbers = dict(self.col.db.all("select guid, id from notes"))
        notes = []
        for row in read(file, rows):
            note = self.col.get_note(numbers[row.pop("id")])
            for name, value in row.items():
                note[name] = value
            notes.append(note)
        self.col.update_notes(notes)

    def sync(self) -> Row:
        """A sync as the program does it: where one side is empty it goes on by itself, else it asks a person."""
        try:
            self.auth = self.auth or self.col.sync_login("bench", "bench", self.url)
            answer = self.col.sync_collection(self.auth, False)
        except Exception as error:  # noqa: BLE001 - whatever Anki says, it goes into the table
            words = f"{type(error).__name__}: {error}"
            asks = any(sign in words for sign in FOR_A_PERSON)
            return {"done": False, "human" if asks else "passing": words}
        if answer.required == ASK:
            return {"done": False, "human": "asks which side to throw away: upload to server, or download from it"}
        if answer.required in (UPLOAD, DOWNLOAD):
            self._whole(upload=answer.required == UPLOAD)
        return {"done": True}

    def choose(self, upload: bool) -> None:
        """What a person answers to the question which side to keep."""
        self._whole(upload=upload)

    def _whole(self, *, upload: bool) -> None:
        self.col.close_for_full_sync()
        self.col.full_upload_or_download(auth=self.auth, server_usn=None, upload=upload)
        self.col.reopen(after_full_sync=True)

    def rows(self) -> Row:
        kind = self.col.models.by_name("resident")
        names = [field["name"] for field in kind["flds"]] if kind else []
        found = self.col.db.all("select guid, flds from notes")
        wanted = ("name", "phones", "note")
        split = {guid: dict(zip(names, fields.split("\x1f"), strict=False)) for guid, fields in found}
        return {"rows": {guid: {name: row.get(name, "") for name in wanted} for guid, row in split.items()}}

    def count(self) -> Row:
        return {"count": self.col.db.scalar("select count() from notes")}

    def conflicts(self) -> Row:
        return {"lost": []}  # Anki keeps none

    def close(self) -> None:
        self.col.close()


def main() -> None:
    folder, url = sys.argv[1:]
    os.environ.setdefault("RUST_LOG", "error")
    desk = Desk(Path(folder), url)
    verbs = ("add", "edit", "sync", "choose", "rows", "count", "conflicts", "close")
    serve({verb: getattr(desk, verb) for verb in verbs})


if __name__ == "__main__":
    main()
