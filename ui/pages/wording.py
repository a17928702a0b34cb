"""Words that several pages show: code lists for choice fields, places, people."""

from desktop_app.organisation.contacts import ContactLine
from desktop_app.profiles.rules import CodeTable
from desktop_app.residents.model import Person
from desktop_app.shared.text import mask
from ui.shell.desk import Desk


def choices(desk: Desk, kind: str) -> tuple[tuple[str, str], ...]:
    """The names of a code table that may be chosen today: most records keep names, so that a paper needs no look-up."""
    return tuple((name, name) for name in desk.codes(kind).names(desk.app.clock.today()))


def tag_letter(tags: CodeTable, tag: str) -> str:
    """What the room chart writes for a tag: 独 for 独居老人; the first character of a tag nobody knows."""
    found = tags.find(tag)
    return found.text("letter") if found else tag[:1]


def tag_tone(tags: CodeTable, tag: str) -> str:
    """The tone of a tag's mark: party work is red, what deserves care is amber, the rest is blue."""
    found = tags.find(tag)
    family = found.text("family") if found else ""
    colour = found.text("colour") if found else ""
    if colour == "party":
        return "party"
    return {"关怀": "warn", "志愿者": "good", "房屋": "bad"}.get(family, "")


def contact_words(line: ContactLine, *, title: bool = True) -> str:
    """Name, title and phone of somebody who answers for a place; a dash where nobody does."""
    return "　".join(part for part in (line.name, line.title if title else "", line.phone) if part) or "—"


def masked_phones(person: Person) -> str:
    """All numbers of a person, masked."""
    return " ".join(mask("phone", one) for one in person.phones.split())
