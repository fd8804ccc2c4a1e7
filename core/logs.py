"""What the log says: what went wrong, where in the code, and nothing that anybody typed.

The words of an error can carry a name or an address: a key that was not found, a value that does not fit, the row that
a database refused. So of any error, whoever logs it, only its kind is written and the way to it through the code.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path

from core.settings import ROOT

OF_THE_CODE = (AttributeError, ImportError, NameError, TypeError)
"""Their words name what stands in the code, and no value."""


def keep_to_the_code(*, as_json: bool) -> None:
    """Of every record of this process, ours and the libraries': a line of text, or an object a line."""
    write = _json if as_json else _text

    def record(*parts: object, **named: object) -> logging.LogRecord:
        made = logging.LogRecord(*parts, **named)  # type: ignore[arg-type]
        if isinstance(made.args, tuple):
            made.args = tuple(_kind(part) if isinstance(part, BaseException) else part for part in made.args)
        made.msg, made.args = write(made, _steps(made)), ()
        made.exc_info = made.stack_info = None
        return made

    logging.setLogRecordFactory(record)


def _text(record: logging.LogRecord, steps: list[str]) -> str:
    said = f"{_moment(record)} {record.levelname} {record.name}: {record.getMessage()}"
    return "\n    ".join((said, *steps))


def _json(record: logging.LogRecord, steps: list[str]) -> str:
    said: dict[str, object] = {
        "at": _moment(record),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
    }
    return json.dumps(said | ({"error": steps} if steps else {}))


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _steps(record: logging.LogRecord) -> list[str]:
    """The error, each call on the way to it, the innermost last, and then the one that led to it."""
    error = record.exc_info[1] if record.exc_info else None
    steps: list[str] = []
    told: set[int] = set()
    while error is not None and id(error) not in told:  # two can have led to each other
        told.add(id(error))
        steps.append(_kind(error))
        steps += [
            f"{_file(step.filename)}:{step.lineno} {step.name}" for step in traceback.extract_tb(error.__traceback__)
        ]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return steps


def _kind(error: BaseException) -> str:
    """Of what the database says, its code and the name of the rule that was broken."""
    kind = f"{type(error).__module__}.{type(error).__name__}".removeprefix("builtins.")
    if isinstance(error, OF_THE_CODE):
        return f"{kind}: {error}"
    said = (
        getattr(error, "sqlite_errorname", None),
        getattr(error, "sqlstate", None),
        getattr(getattr(error, "diag", None), "constraint_name", None),
    )
    return " ".join((kind, *(part for part in said if part)))


def _file(name: str) -> str:
    """From our own folder, or from where packages lie."""
    path = Path(name)
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
