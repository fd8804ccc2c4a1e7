"""A preview and what was chosen, arranged to be written: who is new, who is added to, and whose words are whose.

A long list is arranged a stretch at a time, so that it never stands in memory.
"""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from core.domain.bases import Ground
from core.domain.facts import Rhythm
from core.domain.handles import Handle
from core.domain.matching import Key, Match, Ref, key, not_handles
from core.domain.names import folded
from core.importers.messages import MessagesFile, Participant, Word
from core.importers.people import Incoming, Rejection
from core.importers.preview import Outcome, Preview, Row
from core.importers.said import columns_said, fit, shown_name, skills_said

KNOWN_SINCE = ("connected_at", "added_at", "applied_at", "contacted_at")
"""Columns whose earliest day is the one since when somebody is known."""
WINDOW, FIRST = 5_000, 500
"""Rows arranged together at the most, and at first: each time half as many again, so that who writes them begins soon
and does not wait for the next."""


class Decision(StrEnum):
    """What becomes of somebody who may be known already."""

    SAME = "same"
    NEW = "new"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Choices:
    """What whoever imports has chosen for all of the file, and for single rows, by their line."""

    source: str = ""
    owner_id: int | None = None
    """None: whoever imports."""
    rhythm: Rhythm | None = None
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    """Of a file of messages: by the line of the first word with them. Who is not decided on is left out."""
    take_columns: frozenset[str] = frozenset()
    """Where the list and what is stored differ, the list is right about these; about any other what is stored is."""
    takes: Mapping[int, bool] = field(default_factory=dict)
    """Of one row: the list is right about all of it, or about nothing of it."""
    ground: Ground = Ground()
    """On what basis all of them are kept; one with a last day is a consent of theirs."""


@dataclass(slots=True)
class Somebody:
    """One person of a stretch: somebody known, or a newcomer of this stretch or of one before."""

    number: int
    """A candidate's id; of the n-th newcomer of the file, -n."""
    columns: dict[str, str] = field(default_factory=dict)
    """What the rows say, the first that says it first."""
    told: list[tuple[int, dict[str, str], frozenset[str]]] = field(default_factory=list)
    """Of somebody known: what each row says, by its place among the rows, and where it is right."""
    tags: list[str] = field(default_factory=list)
    known_since: date | None = None
    handles: list[Handle] = field(default_factory=list)
    skills: dict[str, None] = field(default_factory=dict)
    keys: dict[Key, None] = field(default_factory=dict)
    """By which they are found besides their addresses: of somebody known, those of the rows they came in."""
    words: list[Word] = field(default_factory=list)
    refuses: bool = False
    """A row says that they gave no consent: what is said of the whole list does not give one for them."""
    is_told_again: bool = False
    """A newcomer to whom a later row may add: how they stand is known at the end only."""


class ReadyRow(NamedTuple):
    """A row and what becomes of it, as it is kept with the import."""

    place: int
    line: int
    record: int
    outcome: Outcome
    reason: str
    who: int | None
    """Whom it made or added to, as `Somebody.number`; of one left undecided, whom it may be."""
    cells: tuple[str, ...]


@dataclass(slots=True)
class Window:
    """A stretch of the file: whom it brings, whom it adds to, and its rows."""

    newcomers: list[Somebody] = field(default_factory=list)
    added: dict[int, Somebody] = field(default_factory=dict)
    """Somebody known, or a newcomer of a stretch before, by number."""
    rows: list[ReadyRow] = field(default_factory=list)
    doubted: list[Handle] = field(default_factory=list)
    """Addresses of rows that matched somebody: they may be somebody's already."""
    not_same: list[tuple[int, int]] = field(default_factory=list)
    """Newcomers said to be somebody else than a candidate they may have been: number and id."""


def newcomers(preview: Preview, choices: Choices) -> int:
    """How many new people the whole of it brings."""
    decided = sum(choices.decisions.get(line) is Decision.NEW for line, _, _ in undecided(preview))
    if isinstance(preview.parsed, MessagesFile):
        return decided + sum(match.how == "none" for _, match in preview.counterparts)
    return decided + preview.counts.new


def undecided(preview: Preview) -> list[tuple[int, str, Match]]:
    """Who may be known already: the line to decide by, the name as the file says it, and who it may be."""
    if isinstance(preview.parsed, MessagesFile):
        first = _first_lines(preview)
        return [(first[who.id], who.name, match) for who, match in preview.counterparts if match.how == "likely"]
    return preview.table.asked


class Arranging:
    """Goes through a preview once, in the file's order."""

    def __init__(self, preview: Preview, choices: Choices, *, now: datetime) -> None:
        self.preview, self.choices, self.now = preview, choices, now
        self.brought = 0
        """Newcomers so far."""
        self._of_line = array("q")
        """Whose each line is, by number; 0 where it was left out."""
        self._window = Window()
        self._fresh: dict[int, Somebody] = {}
        """The newcomers of this window by number."""

    def windows(self) -> Iterator[Window]:
        if isinstance(self.preview.parsed, MessagesFile):
            self._messages()
            yield self._let_go()
            return
        size = min(FIRST, WINDOW)
        for place, row in enumerate(self.preview.rows):
            self._window.rows.append(self._row(place, row))
            if len(self._window.rows) == size:
                yield self._let_go()
                size = min(size * 3 // 2, WINDOW)
        yield self._let_go()

    def _let_go(self) -> Window:
        """The window so far, which is whoever asked for it's alone to keep."""
        window, self._window, self._fresh = self._window, Window(), {}
        return window

    def _row(self, place: int, row: Row) -> ReadyRow:
        if row.person is None:
            return _kept(place, row, row.reason, None)
        outcome, who = self._who(row.outcome, row.match, row.line)
        self._note(row.line, who.number if who else 0)
        if who is not None:
            right = self._right(row)
            if right and outcome == "exact":
                outcome = "adds"
            who.refuses |= "consent" in row.person.fields and says_no(row.person.text("consent"))
            if outcome != "exact" or right:  # else it says nothing that is not said
                self._tell(who, place, row, right)
            if row.outcome in ("new", "likely"):
                who.keys[key("row", row.person.fingerprint)] = None
        number = who.number if who is not None else row.of_candidate
        return ReadyRow(place, row.line, row.record, outcome, ", ".join(row.on), number, row.cells)

    def _who(self, outcome: Outcome, match: Match, line: int) -> tuple[Outcome, Somebody | None]:
        how = outcome
        if outcome == "likely":
            decision = self.choices.decisions.get(line, Decision.SKIP)
            if decision is Decision.SKIP:
                return "likely", None
            how = "adds" if decision is Decision.SAME else "new"
        if how in ("adds", "exact") and match.of is not None:
            who = self._known(match.of)
            return (how if who else "likely"), who
        self.brought += 1
        who = self._fresh[-self.brought] = Somebody(-self.brought, is_told_again=line in self.preview.table.told_again)
        self._window.newcomers.append(who)
        if outcome == "likely":
            may_be = [ref.number for ref in (match.of, *match.also) if ref is not None and ref.kind == "candidate"]
            self._window.not_same += [(who.number, id_) for id_ in may_be]
        return "new", who

    def _known(self, of: Ref) -> Somebody | None:
        """None: the row it adds to is left out itself."""
        number = of.number if of.kind == "candidate" else self._number_of(of.number)
        if number == 0:
            return None
        if number in self._fresh:
            return self._fresh[number]
        return self._window.added.setdefault(number, Somebody(number))

    def _note(self, line: int, number: int) -> None:
        if line >= len(self._of_line):
            self._of_line.extend([0] * (max(2 * line, 1_000) - len(self._of_line)))
        self._of_line[line] = number

    def _number_of(self, line: int) -> int:
        return self._of_line[line] if line < len(self._of_line) else 0

    def _tell(self, who: Somebody, place: int, row: Row, right: frozenset[str]) -> None:
        person = row.person
        assert person is not None
        said = columns_said(person)
        if who.number < 0:
            who.columns = {**said, **who.columns} if who.columns else said
            who.keys.update(dict.fromkeys(not_handles(person.compared.keys)))
        else:
            who.told.append((place, said, right))
        who.tags += [tag for tag in person.list("tags") if tag not in who.tags]
        self._know_since(who, person)
        who.handles += [handle for handle in person.handles if handle not in who.handles]
        if row.match.how != "none":
            self._window.doubted += person.handles
        who.skills.update(dict.fromkeys(skills_said(person)))

    def _right(self, row: Row) -> frozenset[str]:
        """The columns in which this row is right, and what is stored is not."""
        if not row.differences:
            return frozenset()
        takes = self.choices.takes.get(row.line)
        if takes is None:
            return frozenset(one.column for one in row.differences if one.column in self.choices.take_columns)
        return frozenset(one.column for one in row.differences) if takes else frozenset()

    def _know_since(self, who: Somebody, person: Incoming) -> None:
        days = [person.dates[name] for name in KNOWN_SINCE if name in person.dates] if person.dates else []
        days = [day for day in days if day <= self.now.date()]
        if days and (who.known_since is None or min(days) < who.known_since):
            who.known_since = min(days)

    # messages

    def _messages(self) -> None:
        first = _first_lines(self.preview)
        who_is: dict[str, tuple[Outcome, Somebody | None, int | None]] = {}
        for participant, match in self.preview.counterparts:
            line = first[participant.id]
            how: Outcome = "new" if match.how == "none" else match.how
            outcome, who = self._who(how, match, line)
            self._note(line, who.number if who else 0)
            may_be = match.of.number if who is None and match.of and match.of.kind == "candidate" else None
            if who is not None:
                self._introduce(who, participant)
            if match.how != "none":
                self._window.doubted += participant.handles
            who_is[participant.id] = (outcome, who, may_be)
        words: dict[str, list[Word]] = {}
        for word in self.preview.new_words:
            words.setdefault(word.source_key, []).append(word)
        for place, row in enumerate(self.preview.rows):
            said = words.get(row.source_key, []) if row.outcome == "new" else []
            self._window.rows.append(self._message(place, row, said, who_is))
        for somebody in (*self._window.newcomers, *self._window.added.values()):
            somebody.words.sort(key=lambda word: (word.at, -word.line))
            if somebody.words:
                somebody.known_since = somebody.words[0].at.date()

    def _message(
        self,
        place: int,
        row: Row,
        words: list[Word],
        who_is: Mapping[str, tuple[Outcome, Somebody | None, int | None]],
    ) -> ReadyRow:
        if row.rejection or not words:
            return _kept(place, row, row.reason or ", ".join(row.on), None)
        if any(word.at > self.now for word in words):
            rejection = Rejection("invalid_date", "a word from the future")
            return _kept(place, row, rejection.reason, None)._replace(outcome="rejected")
        told = [(word, who_is[word.counterpart.id]) for word in words]
        with_whom = [(word, who) for word, (_, who, _) in told if who is not None]
        for word, who in with_whom:
            who.words.append(word)
        # What was said to several is kept with each of them; the row, which names them all, with none.
        cells = row.cells if len(words) == 1 else ()
        if not with_whom:
            _, (_, _, may_be) = told[0]
            return _kept(place, row, "", may_be)._replace(outcome="likely", cells=cells)
        return _kept(place, row, "", with_whom[0][1].number)._replace(cells=cells)

    def _introduce(self, who: Somebody, participant: Participant) -> None:
        if who.number < 0:
            who.columns.setdefault("name", fit("name", shown_name(participant.name)))
        who.handles += [handle for handle in participant.handles if handle not in who.handles]
        for one in participant.compared.keys:
            if one.startswith("row:"):
                who.keys[one] = None


def says_no(consent: str) -> bool:
    """Whether the cell of a column of consents denies it; an empty one says nothing."""
    return folded(consent).strip(" .!") in _NO


_NO = frozenset(
    "no; n; nie; nein; false; falsz; falsch; 0; refused; declined; withdrawn; odmowa; wycofana; not given; no consent;"
    " brak zgody; bez zgody; nie wyrazam; keine einwilligung".split("; ")
)


def _kept(place: int, row: Row, reason: str, who: int | None) -> ReadyRow:
    return ReadyRow(place, row.line, row.record, row.outcome, reason, who, row.cells)


def lines_out(preview: Preview, decisions: Mapping[int, Decision]) -> set[int]:
    """Of those asked about, who does not come in: skipped, or not decided on."""
    return {line for line, _, _ in undecided(preview) if decisions.get(line, Decision.SKIP) is Decision.SKIP}


def goes_with(row: Row) -> int | None:
    """The line of the row that brings whom this one tells of: where that stays out, so does this."""
    return row.of_line if row.outcome in ("adds", "exact") and row.person is not None else None


def _first_lines(preview: Preview) -> dict[str, int]:
    assert isinstance(preview.parsed, MessagesFile)
    lines: dict[str, int] = {}
    for talk in preview.parsed.conversations:
        for word in talk.words:
            lines[word.counterpart.id] = min(word.line, lines.get(word.counterpart.id, word.line))
    return lines
