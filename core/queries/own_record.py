"""Of their document: what only the program needs, and the trail."""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

from core.domain.document import Line
from core.domain.row_reasons import why
from core.domain.trail import in_words, numbers_in
from core.queries.own_telling import COLLEAGUE, Telling, change_in_words, in_line
from core.queries.own_words import changed, column, say, value

UNSAID = ("own_page", "request", "link", "process", "claim", "fact", "ids")
"""Numbers in the trail that say nothing to a person."""
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def merges(telling: Telling) -> Iterator[Line]:
    values = telling.by("merged_value", "merge_id")
    for row in telling.known.rows["merge"]:
        pairs = tuple(
            (column(one["name"]), change_in_words(value(one["name"], [one["before"], one["after"]])))
            for one in values[row["id"]]
        )
        undone = f"undone on {telling.moment(row['undone_at'])}" if row["undone_at"] else ""
        beside = in_line([telling.by_whom(row["merged_by_id"], "done"), undone])
        yield Line("Two records were found to be yours", telling.moment(row["merged_at"]), pairs=pairs, beside=beside)
    for row in telling.known.rows["lookalike"]:
        yield Line(f"A record looks like yours. {why(row['why'])}", telling.moment(row["found_at"]))
    for row in telling.known.rows["not_same"]:
        by = telling.by_whom(row["said_by_id"], "said")
        yield Line("A record that looked like yours is somebody else’s", telling.moment(row["said_at"]), beside=by)


def found_by(telling: Telling) -> Iterator[Line]:
    for row in telling.people:
        became = say(row["became"]) if row["became"] else ""
        pairs = (
            ("Listed under", row["sort_name"]),
            ("Counted under", row["came_from"] or ""),
            ("Counted as", became),
        )
        yield Line(pairs=pairs)
    for label, table, name in (("Words", "search_word", "word"), ("Keys", "match_key", "key")):
        found = dict.fromkeys(row[name] for row in telling.known.rows[table])
        if found:
            yield Line(pairs=((label, ", ".join(found)),))
    messages = [row["source_key"] for row in telling.known.rows["contact"] if row["source_key"]]
    if messages:
        yield Line(pairs=(("Messages that came with a list", ", ".join(messages)),))


def trail(telling: Telling) -> Iterator[Line]:
    for row in telling.known.rows["audit_entry"]:
        changes = row["changes"] or {}
        by_link = changes.get("own_page") is not None
        who = "You, on your own page" if by_link else "One of our team" if row["actor_id"] else "Perennial itself"
        names = {pair: named(telling, *pair) for pair in numbers_in(changes)}
        said = {name: change for name, change in changes.items() if name not in UNSAID}
        told = _DAY.sub(partial(day_of, telling), "; ".join(in_words(changed(said), names, telling.calendar)))
        yield Line(f"{who}: {row['action']}", telling.moment(row["at"]), beside=told)


def day_of(telling: Telling, found: re.Match[str]) -> str:
    return telling.day(date.fromisoformat(found[0]))


def named(telling: Telling, kind: str, id_: int) -> str:
    return COLLEAGUE if kind == "member" else telling.names.called(kind, id_)
