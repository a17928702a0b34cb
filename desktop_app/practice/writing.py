"""Files of rules written as TOML: what a form changed becomes a file that people and the program can read."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

_INDENT = "    "


def dumps(content: Mapping[str, Any], head: str = "") -> str:
    """The file: comments (`head`), the values at its head, then a [[block]] for every record, a [table] for a group."""
    plain = {key: value for key, value in content.items() if not _is_block(value) and not isinstance(value, Mapping)}
    lines = [*head.splitlines(), *(f"{_key(key)} = {_value(value)}" for key, value in plain.items())]
    for key, value in content.items():
        if key in plain:
            continue
        for record in value if _is_block(value) else [value]:
            lines += ["", f"[[{_key(key)}]]" if _is_block(value) else f"[{_key(key)}]"]
            lines += [f"{_key(name)} = {_value(one)}" for name, one in record.items()]
    return "\n".join(lines) + "\n"


def comments(text: str) -> str:
    """The lines of comment a file begins with."""
    found = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        found.append(line)
    return "\n".join(found)


def _is_block(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _key(key: str) -> str:
    plain = key.replace("-", "").replace("_", "")
    return key if plain.isascii() and plain.isalnum() else _text(key)


def _value(value: object) -> str:
    match value:
        case bool():
            said = "true" if value else "false"
        case str():
            said = _text(value)
        case date():
            said = value.isoformat()
        case Mapping():
            said = "{" + ", ".join(f"{_key(str(key))} = {_value(one)}" for key, one in value.items()) + "}"
        case list() if _is_block(value):
            said = "[\n" + "".join(f"{_INDENT}{_value(one)},\n" for one in value) + "]"
        case list():
            said = f"[{', '.join(map(_value, value))}]"
        case _:
            said = repr(value)
    return said


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
