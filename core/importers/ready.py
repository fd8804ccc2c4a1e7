"""A preview and what was chosen, made ready to be written: who is new, who is added to, and whose words are whose."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from core.domain.facts import Rhythm
from core.domain.handles import Handle
from core.domain.matching import Key, Match, Ref, key
from core.domain.names import shown
from core.importers.messages import MessagesFile, Participant, Word
from core.importers.people import Incoming, Rejection
from core.importers.preview import Outcome, Preview, Row

LENGTHS = {"name": 200, "title": 200, "company": 200, "location": 200, "source": 200, "notes": 20_000}
MOST_SKILLS, LONGEST_SKILL = 200, 100
KNOWN_SINCE = ("connected_at", "added_at", "applied_at", "contacted_at")
"""Columns whose earliest day is the one since when somebody is known."""

WRITTEN = (key("mailbox", ""), key("name+company", ""))


class Decision(StrEnum):
    """What becomes of somebody who may be known already."""

    SAME = "same"
    NEW = "new"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Consent:
    """On what basis all these people may be kept on record; one that ends is a consent of theirs."""

    basis: str = ""
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What whoever imports has chosen for all of the file, and for those who may be known already, by their line."""

    source: str = ""
    owner_id: int | None = None
    """None: whoever imports."""
    rhythm: Rhythm | None = None
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    """Of a file of messages: by the line of the first word with them. Who is not decided on is left out."""
    consent: Consent = Consent()
    take_columns: frozenset[str] = frozenset()
    """Where the list says something else of somebody known, what it says is taken, in these columns everywhere."""
    takes: Mapping[int, bool] = field(default_factory=dict)
    """By the row's line: all it says otherwise is taken, or nothing of it."""


@dataclass(slots=True)
class Somebody:
    """One person of the file: somebody new, or somebody known that the file adds to."""

    candidate_id: int | None
    columns: dict[str, str]
    """Of somebody new: everything the rows say, the first that says it first."""
    added: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    """Of somebody known: what each row says, by its place among the rows."""
    tags: list[str] = field(default_factory=list)
    known_since: date | None = None
    handles: list[Handle] = field(default_factory=list)
    skills: dict[str, None] = field(default_factory=dict)
    keys: dict[Key, None] = field(default_factory=dict)
    """By which they are found besides their addresses: of somebody known, those of the rows they came in."""
    words: list[Word] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A row and what becomes of it, as it is kept with the import."""

    line: int
    record: int
    outcome: Outcome
    reason: str
    who: Somebody | None
    may_be: int | None
    """A candidate's id, for one left undecided."""
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    preview: Preview
    choices: Choices
    people: list[Somebody]
    rows: list[ReadyRow]

    @property
    def newcomers(self) -> list[Somebody]:
        return [one for one in self.people if one.candidate_id is None]

    @property
    def known(self) -> list[Somebody]:
        return [one for one in self.people if one.candidate_id is not None]


def ready(preview: Preview, choices: Choices, taken: Collection[Key] = (), *, now: datetime) -> Ready:
    """`taken` are the handles of those stored: one that is somebody's stays theirs."""
    arranging = _Arranging(preview, choices, set(taken), now)
    rows = list(arranging.messages() if isinstance(preview.parsed, MessagesFile) else arranging.list_of_people())
    return Ready(preview, choices, arranging.people, rows)


def undecided(preview: Preview) -> list[tuple[int, str, Match]]:
    """Who may be known already: the line to decide by, the name as the file says it, and who it may be."""
    if isinstance(preview.parsed, MessagesFile):
        first = _first_lines(preview)
        return [(first[who.id], who.name, match) for who, match in preview.counterparts if match.how == "likely"]
    return [(row.line, _name(row.person), row.match) for row in preview.rows if row.person and row.outcome == "likely"]


class _Arranging:
    """Goes through a preview once, in the file's order."""

    def __init__(self, preview: Preview, choices: Choices, taken: set[Key], now: datetime) -> None:
        self.preview, self.choices, self.taken, self.now = preview, choices, taken, now
        self.people: list[Somebody] = []
        self.of_line: dict[int, Somebody | None] = {}
        self.known: dict[int, Somebody] = {}

    def list_of_people(self) -> Iterator[ReadyRow]:
        for place, row in enumerate(self.preview.rows):
            if row.person is None:
                yield _kept(row, row.reason, None)
                continue
            outcome, who = self._who(row.outcome, row.match, row.line)
            self.of_line[row.line] = who
            if who is not None:
                self._tell(who, place, row.person)
                if row.outcome not in ("adds", "exact"):
                    who.keys[key("row", row.person.fingerprint)] = None
            may_be = row.of_candidate if who is None else None
            yield ReadyRow(row.line, row.record, outcome, ", ".join(row.on), who, may_be, row.cells)

    def messages(self) -> Iterator[ReadyRow]:
        first = _first_lines(self.preview)
        who_is: dict[str, tuple[Outcome, Somebody | None, int | None]] = {}
        for participant, match in self.preview.counterparts:
            how: Outcome = "new" if match.how == "none" else match.how
            outcome, who = self._who(how, match, first[participant.id])
            self.of_line[first[participant.id]] = who
            may_be = match.of.number if who is None and match.of and match.of.kind == "candidate" else None
            if who is not None:
                self._introduce(who, participant)
            who_is[participant.id] = (outcome, who, may_be)
        words: dict[str, list[Word]] = {}
        for word in self.preview.new_words:
            words.setdefault(word.source_key, []).append(word)
        for row in self.preview.rows:
            yield self._message(row, words.get(row.source_key, []) if row.outcome == "new" else [], who_is)
        for somebody in self.people:
            somebody.words.sort(key=lambda word: (word.at, -word.line))
            if somebody.words:
                somebody.known_since = somebody.words[0].at.date()

    def _message(
        self, row: Row, words: list[Word], who_is: Mapping[str, tuple[Outcome, Somebody | None, int | None]]
    ) -> ReadyRow:
        if row.rejection or not words:
            return _kept(row, row.reason or ", ".join(row.on), None)
        if any(word.at > self.now for word in words):
            rejection = Rejection("invalid_date", "a word from the future")
            return replace(_kept(row, rejection.reason, None), outcome="rejected")
        told = [(word, who_is[word.counterpart.id]) for word in words]
        with_whom = [(word, who) for word, (_, who, _) in told if who is not None]
        for word, who in with_whom:
            who.words.append(word)
        # What was said to several is kept with each of them; the row, which names them all, with none.
        cells = row.cells if len(words) == 1 else ()
        if not with_whom:
            _, (_, _, may_be) = told[0]
            return replace(_kept(row, "", None), outcome="likely", may_be=may_be, cells=cells)
        return replace(_kept(row, "", with_whom[0][1]), cells=cells)

    def _who(self, outcome: Outcome, match: Match, line: int) -> tuple[Outcome, Somebody | None]:
        if outcome == "likely":
            decision = self.choices.decisions.get(line, Decision.SKIP)
            if decision is Decision.SKIP:
                return "likely", None
            outcome = "exact" if decision is Decision.SAME else "new"
        if outcome in ("adds", "exact") and match.of is not None:
            who = self._known(match.of)
            return ("exact" if who else "likely"), who
        who = Somebody(None, {})
        self.people.append(who)
        return "new", who

    def _known(self, of: Ref) -> Somebody | None:
        """None: the row it adds to is left out itself."""
        if of.kind == "row":
            return self.of_line.get(of.number)
        if of.number not in self.known:
            self.known[of.number] = Somebody(of.number, {})
            self.people.append(self.known[of.number])
        return self.known[of.number]

    def _tell(self, who: Somebody, place: int, person: Incoming) -> None:
        said = said_of(person)
        if who.candidate_id is None:
            who.columns = {**said, **who.columns}
            for one in person.compared.keys:
                if one.startswith(WRITTEN):
                    who.keys[one] = None
        else:
            who.added.append((place, said))
        who.tags += [tag for tag in person.list("tags") if tag not in who.tags]
        days = [person.dates[field] for field in KNOWN_SINCE if field in person.dates]
        days = [day for day in days if day <= self.now.date()]
        if days and (who.known_since is None or min(days) < who.known_since):
            who.known_since = min(days)
        self._give_handles(who, person.handles)
        for skill in person.list("skills"):
            if len(who.skills) < MOST_SKILLS:
                who.skills[skill[:LONGEST_SKILL]] = None

    def _introduce(self, who: Somebody, participant: Participant) -> None:
        if who.candidate_id is None:
            who.columns.setdefault("name", _fit("name", _shown(participant.name)))
        self._give_handles(who, participant.handles)
        for one in participant.compared.keys:
            if one.startswith("row:"):
                who.keys[one] = None

    def _give_handles(self, who: Somebody, handles: tuple[Handle, ...]) -> None:
        """An address is one person's: whoever had it first."""
        for handle in handles:
            if (one := key(handle.kind, handle.value)) not in self.taken:
                self.taken.add(one)
                who.handles.append(handle)


def _kept(row: Row, reason: str, who: Somebody | None) -> ReadyRow:
    return ReadyRow(row.line, row.record, row.outcome, reason, who, None, row.cells)


def _first_lines(preview: Preview) -> dict[str, int]:
    assert isinstance(preview.parsed, MessagesFile)
    lines: dict[str, int] = {}
    for talk in preview.parsed.conversations:
        for word in talk.words:
            lines[word.counterpart.id] = min(word.line, lines.get(word.counterpart.id, word.line))
    return lines


def _name(person: Incoming) -> str:
    return person.name or next((handle.value for handle in person.handles), "")


def said_of(person: Incoming) -> dict[str, str]:
    """What stands of them in the columns of `candidate`."""
    place = person.text("location") or ", ".join(filter(None, (person.text("city"), person.text("country"))))
    said = {
        "name": _shown(person.name),
        "title": person.text("title"),
        "company": person.text("company"),
        "location": place,
        "source": person.text("source"),
        "notes": person.text("notes"),
    }
    return {name: _fit(name, value) for name, value in said.items() if value}


def _shown(name: str) -> str:
    return shown(name) if name.isupper() or name.islower() else name  # most are neither, and a look at it is quick


def _fit(name: str, value: str) -> str:
    """Cut where it is longer than its column; the row keeps the whole of it."""
    text = value if name == "notes" or value.isprintable() else " ".join(value.split())
    return text if len(text) <= LENGTHS[name] else text[: LENGTHS[name] - 1] + "…"
