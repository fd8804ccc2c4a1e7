"""How their document says things: names, days, who noted what and when; and what it is all made of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from core.domain.calendar import Calendar
from core.domain.document import Line, Pair
from core.domain.words import listed
from core.persistence.tables import FactKind

Row = Mapping[str, Any]
COLLEAGUE = "one of our team"


class Names(Protocol):
    """Ids in words, as whoever reads it may have them."""

    def called(self, table: str, id_: int) -> str: ...
    def client(self, process_id: int) -> str: ...
    def list_of(self, batch_id: int) -> tuple[Sequence[str], datetime]:
        """The headers of a list that was brought in, and when it was."""
        ...

    def offered_at(self, offer_id: int) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the document is made of."""

    name: str
    rows: Mapping[str, Sequence[Row]]
    """By table; of a fact with content, together with when it happened."""
    names: Names
    now: datetime
    calendar: Calendar
    months: int
    """For which they are kept after their own last act."""


class Telling:
    """What every section of the document is told by."""

    def __init__(self, known: Known) -> None:
        self.known, self.names, self.calendar = known, known.names, known.calendar
        self.people = known.rows["candidate"]
        self.facts = {row["id"]: row for row in known.rows["fact"]}

    def by(self, table: str, column: str) -> dict[Any, list[Row]]:
        found: dict[Any, list[Row]] = defaultdict(list)
        for row in self.known.rows[table]:
            found[row[column]].append(row)
        return found

    def of_kind(self, kind: FactKind) -> list[Row]:
        return [row for row in self.known.rows["fact"] if row["kind"] is kind]

    def noted(self, row: Row, *, by: bool = True) -> list[str]:
        """By whom, when if not at once, from which list, and whether it was taken back."""
        who = f"by {self.member(row['by_id'])}" if by and row["by_id"] else ""
        later = self.calendar.day(row["entered_at"]) != self.calendar.day(row["happened_at"])
        when = f"noted on {self.day(row['entered_at'])}" if later else ""
        came = f"from the list “{self.names.called('import_batch', row['batch_id'])}”" if row["batch_id"] else ""
        return [who, when, came, self.undone(row).removeprefix(", ")]

    def undone(self, row: Row) -> str:
        return f", taken back on {self.day(row['undone_at'])}" if row["undone_at"] else ""

    def by_whom(self, id_: int | None, verb: str, at: datetime | None = None) -> str:
        if id_ is None and at is None:
            return ""
        by = f" by {self.member(id_)}" if id_ is not None else ""
        return f"{verb}{by}{f' on {self.moment(at)}' if at else ''}"

    def member(self, id_: int | None) -> str:
        return self.names.called("member", id_) if id_ is not None else ""

    def process(self, row: Row) -> str:
        return self.names.called("process", row["process_id"])

    def client(self, row: Row) -> str:
        """“Nordbank”: whom a word about a process went to."""
        return self.names.client(row["process_id"]) if row["process_id"] else "A client"

    def happened(self, fact_id: int) -> datetime | None:
        return self.facts[fact_id]["happened_at"] if fact_id in self.facts else None

    def moment_of(self, fact_id: int) -> str:
        at = self.happened(fact_id)
        return self.moment(at) if at else "a day that is not kept"

    def day(self, when: date | datetime) -> str:
        """“3 March 2026”."""
        day = self.calendar.day(when) if isinstance(when, datetime) else when
        return f"{day.day} {day:%B %Y}"

    def moment(self, at: datetime) -> str:
        return f"{self.day(at)}, {self.clock(at)}"

    def clock(self, at: datetime) -> str:
        return f"{at.astimezone(self.calendar.zone):%H:%M}"

    def in_order(self, told: Iterable[tuple[Row, str]]) -> Iterator[Line]:
        for row, said in sorted(told, key=lambda one: (one[0]["happened_at"], one[0]["id"])):
            yield Line(said, self.moment(row["happened_at"]), beside=in_line(self.noted(row)))


def recommended(telling: Telling, *, by_them: bool) -> list[Row]:
    records = {person["id"] for person in telling.people}
    return [row for row in telling.known.rows["referral"] if (row["candidate_id"] in records) is by_them]


def under(headers: Sequence[str], cells: Sequence[str]) -> list[Pair]:
    """The cells of a row, each under a header of its own: two columns may be called the same, or one have no name."""
    found: dict[str, str] = {}
    for place, cell in enumerate(cells):
        header = (headers[place] if place < len(headers) else "") or "(no header)"
        number, name = 1, header
        while name in found:
            number, name = number + 1, f"{header} ({number + 1})"
        found[name] = cell
    return list(found.items())


def in_line(parts: Iterable[str]) -> str:
    return " · ".join(filter(None, parts))


def change_in_words(change: Any) -> str:
    was, becomes = change if isinstance(change, list) and len(change) == 2 else (None, change)
    return f"{_plain(was)} → {_plain(becomes)}"


def _plain(value: Any) -> str:
    return listed([str(one) for one in value]) if isinstance(value, list) else "nothing" if not value else str(value)
