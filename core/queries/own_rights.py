"""Of their document: consents, where their data come from, scores, requests, and their own page."""

from collections.abc import Iterator
from datetime import datetime

from core.domain import own_page
from core.domain.document import Line
from core.domain.facts import Rhythm
from core.domain.rhythms import rhythm_words
from core.domain.row_reasons import why
from core.domain.words import plural
from core.persistence.tables import FactKind
from core.queries.own_telling import Telling, change_in_words, in_line, recommended, under
from core.queries.own_words import column, say, value


def consents(telling: Telling) -> Iterator[Line]:
    told: list[tuple[datetime, Line]] = []
    for row in telling.known.rows["consent"]:
        said = f"You agreed {say(row['purpose'])}, until {telling.day(row['until_on'])}"
        source = f"it came: {row['source']}" if row["source"] else ""
        beside = in_line([say(row["basis"]), source, *telling.noted(row)])
        line = Line(said, telling.moment(row["happened_at"]), (row["evidence"],), beside=beside)
        told.append((row["happened_at"], line))
    for kind, said in (
        (FactKind.CONSENT_WITHDRAWAL, "You withdrew your consent"),
        (FactKind.CONTACT_BAN, "You asked for no contact"),
        (FactKind.CONTACT_ALLOWANCE, "Contact was welcome again"),
    ):
        for row in telling.of_kind(kind):
            line = Line(said, telling.moment(row["happened_at"]), beside=in_line(telling.noted(row)))
            told.append((row["happened_at"], line))
    yield from (line for _, line in sorted(told, key=lambda one: one[0]))


def sources(telling: Telling) -> Iterator[Line]:
    for row in telling.known.rows["arrival"]:
        rhythm = Rhythm(row["rhythm_count"], row["rhythm_unit"]) if row["rhythm_count"] else None
        with_whom = f", with {telling.member(row['owner_id'])}" if row["owner_id"] else ""
        notes = [
            f"a word {rhythm_words(rhythm)}" if rhythm else "",
            f"the first by {telling.day(row['first_on'])}" if row["first_on"] else "",
            *telling.noted(row),
        ]
        yield Line(f"You came on record{with_whom}", telling.moment(row["happened_at"]), beside=in_line(notes))
    yield from telling.in_order(
        [(row, "Somebody recommended you to us") for row in recommended(telling, by_them=False)]
    )
    for row in telling.known.rows["import_row"]:
        headers, at = telling.names.list_of(row["batch_id"])
        pairs = under(headers, row["cells"])
        filled = row["filled"] or {}
        pairs += [
            (f"{column(name)}, before and after", change_in_words(value(name, change)))
            for name, change in filled.items()
        ]
        yield Line(
            f"Line {row['line']} of the list “{telling.names.called('import_batch', row['batch_id'])}”",
            telling.moment(at),
            pairs=tuple(pairs),
            beside=in_line([say(row["outcome"]), why(row["reason"])]),
        )


def scores(telling: Telling) -> Iterator[Line]:
    for row in telling.known.rows["survey_answer"]:
        said = f"{row['score']} of {own_page.HIGHEST}, after {telling.process(row)}"
        yield Line(said, telling.moment(row["at"]), (row["words"],), beside=say(row["result"]))


def requests(telling: Telling) -> Iterator[Line]:
    for row in telling.known.rows["privacy_request"]:
        at = f" on {telling.moment(row['done_at'])}" if row["done_at"] else ""
        by = f"by {telling.member(row['done_by_id'])}" if row["done_by_id"] else ""
        yield Line(
            f"You asked {say(row['kind'])}, {say(row['channel'])}",
            telling.day(row["received_on"]),
            pairs=(("Why it takes longer", row["notice"] or ""),),
            beside=in_line(
                [
                    f"to be answered by {telling.day(row['due_on'])}",
                    f"{say(row['state'])}{at} {by}".strip(),
                    f"on your own page until {telling.day(row['fetch_until'])}" if row["fetch_until"] else "",
                    f"first fetched on {telling.moment(row['fetched_at'])}" if row["fetched_at"] else "",
                    telling.by_whom(row["opened_by_id"], "noted", row["opened_at"]),
                ]
            ),
        )


def links(telling: Telling) -> Iterator[Line]:
    for row in telling.known.rows["own_page_link"]:
        yield Line(
            f"You were given a link, good until {telling.moment(row['expires_at'])}",
            telling.moment(row["made_at"]),
            beside=in_line(
                [
                    telling.by_whom(row["made_by_id"], "made"),
                    f"last opened on {telling.moment(row['last_used_at'])}" if row["last_used_at"] else "never opened",
                    f"revoked on {telling.moment(row['revoked_at'])}" if row["revoked_at"] else "",
                ]
            ),
        )
    visits = [row["at"] for row in telling.known.rows["audit_entry"] if row["action"] == "own page opened"]
    if visits:
        yield Line(f"It was opened {plural(len(visits), 'time')}: {'; '.join(map(telling.moment, visits))}")
