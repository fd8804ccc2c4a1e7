"""What a page says of a whole preview, gathered in one pass over its rows, so that no look goes through all of them."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from core.domain.matching import Match
from core.importers.columns import DATES, PAY, Column
from core.importers.preview import Outcome, Preview, Row
from core.importers.ready import goes_with, undecided
from core.importers.values import could_be_either

EXAMPLES, LOOKED_AT, LONGEST = 3, 500, 60
EITHER = 2
AT_HAND = 2_000


@dataclass(slots=True)
class Overview:
    asked: list[tuple[int, str, Match]]
    """Who may be known already: by line, as the file says their name, and who it may be."""
    warned: dict[str, dict[Outcome, list[int]]] = field(default_factory=dict)
    """By the code of a warning and what becomes of the row: places of rows."""
    differing: list[int] = field(default_factory=list)
    """Lines of rows that say something else of somebody known than what is stored."""
    differences: Counter[str] = field(default_factory=Counter)
    """How many of them say so in each column."""
    may_differ: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """The same of somebody who only may be known, by line: in which columns. It counts once they are the same."""
    told_again: dict[int, list[int]] = field(default_factory=dict)
    """By line of a row that is asked about: where the rows are that tell of the same person, and stay out with it."""
    examples: dict[int, list[str]] = field(default_factory=dict)
    """Up to three cells of each column."""
    places_of: dict[int, int] = field(default_factory=dict)
    """By line, where the rows are that stand beside others: those asked about, those they may be, those that differ."""
    at_hand: dict[int, Row] = field(default_factory=dict)
    """The first of these rows themselves."""
    either: dict[str, list[str]] = field(default_factory=dict)
    """Of each column of days that was asked about: cells that could be read either way."""

    def row(self, found: Preview, line: int) -> Row | None:
        """One of those that stand beside others."""
        if (row := self.at_hand.get(line)) is not None:
            return row
        return found.rows[self.places_of[line]] if line in self.places_of else None

    def places(self, warning: str, outcome: Outcome | None) -> Sequence[int]:
        """Where the rows are that have this warning, of those with this outcome."""
        by_outcome = self.warned.get(warning, {})
        if outcome is not None:
            return by_outcome.get(outcome, [])
        return sorted(place for places in by_outcome.values() for place in places)


def overview(found: Preview, asked_of_dates: Collection[str] = ()) -> Overview:
    """`asked_of_dates`: headers of columns of days that have been answered for, besides those still open."""
    told = Overview(undecided(found))
    dated = [
        column
        for column in found.columns
        if column.field in DATES and (column.header in asked_of_dates or column.header in found.ambiguous_columns)
    ]
    beside, lines = _beside(told.asked), {line for line, _, _ in told.asked}
    for place, row in enumerate(found.rows):
        if (line := goes_with(row)) in lines:
            told.told_again.setdefault(line, []).append(place)
        if row.differences or row.line in beside:
            told.places_of[row.line] = place
            if len(told.at_hand) < AT_HAND:
                told.at_hand[row.line] = row
        for code in {warning.code for warning in row.warnings}:
            told.warned.setdefault(code, {}).setdefault(row.outcome, []).append(place)
        if row.differences and row.outcome == "likely":
            told.may_differ[row.line] = tuple([one.column for one in row.differences])
        elif row.differences:
            told.differing.append(row.line)
            told.differences.update(one.column for one in row.differences)
        if dated and row.rejection is None:
            _note_dates(told.either, dated, row.cells)
        if place < LOOKED_AT and row.rejection is None:
            _note_examples(told.examples, found.columns, row.cells)
    if not told.examples:
        for row in found.rows[:LOOKED_AT]:
            _note_examples(told.examples, found.columns, row.cells)
    return told


def _beside(asked: Sequence[tuple[int, str, Match]]) -> set[int]:
    lines = {line for line, _, _ in asked}
    return lines | {match.of.number for _, _, match in asked if match.of and match.of.kind == "row"}


def _note_examples(examples: dict[int, list[str]], columns: Sequence[Column], cells: Sequence[str]) -> None:
    for column in columns:
        seen = examples.setdefault(column.index, [])
        if len(seen) == EXAMPLES or column.field == PAY or column.index >= len(cells):
            continue
        text = " ".join(cells[column.index].split())
        short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
        if short and short not in seen:
            seen.append(short)


def _note_dates(either: dict[str, list[str]], dated: Sequence[Column], cells: Sequence[str]) -> None:
    for column in dated:
        seen = either.setdefault(column.header, [])
        if len(seen) < EITHER and column.index < len(cells):
            text = cells[column.index].strip()
            if could_be_either(text) and text not in seen:
                seen.append(text)
