"""How a name or a text from outside gets into SQL: quoted, always."""


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    """A quoted SQL text, or null."""
    if text is None:
        return "null"
    quoted = "'" + text.replace("'", "''").replace("\0", "' || chr(0) || '") + "'"
    return f"({quoted})" if "\0" in text else quoted


def columns(names) -> str:
    """Quoted identifiers, comma-separated."""
    return ", ".join(map(identifier, names))
