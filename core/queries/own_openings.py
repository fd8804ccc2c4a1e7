"""Of their document: openings, questions, recommendations, and who was shown what."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from core.domain.document import Line
from core.domain.facts import ClosingReason, Way
from core.domain.words import plural
from core.persistence.tables import FactKind
from core.queries.own_telling import Row, Telling, in_line
from core.queries.own_words import say

GIVEN = {
    "data taken out": "A file like this one was made for you, by one of our team",
    "data fetched": "You took a file like this one from your own page",
}
"""Entries of the trail by which all of it left the team."""


def processes(telling: Telling) -> Iterator[Line]:
    steps: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    told_by: tuple[tuple[str, Callable[[Row], str]], ...] = (
        ("stage_move", lambda row: f"moved to “{row['to_stage']}”"),
        ("turn_change", lambda row: say(row["to_turn"])),
        ("closing", partial(closed, telling)),
    )
    for table, told in told_by:
        for row in telling.known.rows[table]:
            steps[row["process_id"]].append((row["happened_at"], f"{told(row)}{telling.undone(row)}"))
    for row in telling.of_kind(FactKind.REOPENING):
        steps[row["process_id"]].append((row["happened_at"], f"opened again{telling.undone(row)}"))
    for row in telling.known.rows["process"]:
        begun = f"began at “{row['first_stage']}”" if row["first_stage"] else "began"
        begun += f", with {telling.member(row['first_owner_id'])}" if row["first_owner_id"] else ""
        in_order = [(row["happened_at"], begun), *sorted(steps.pop(row["id"], []), key=lambda step: step[0])]
        yield Line(
            telling.names.called("process", row["id"]),
            telling.day(row["happened_at"]),
            pairs=tuple((telling.day(at), said) for at, said in in_order),
            beside=in_line([stands(telling, row), *telling.noted(row)]),
        )
    for at, said in sorted(step for left in steps.values() for step in left):
        yield Line(f"In an opening that is on record no more: {said}", telling.moment(at))


def stands(telling: Telling, row: Row) -> str:
    owner = f", with {telling.member(row['owner_id'])}" if row["owner_id"] else ""
    if row["is_active"]:
        since = f"at “{row['stage']}” since {telling.day(row['since'])}" if row["stage"] else "it goes on"
        return f"{since}{owner}"
    stage = f"it came as far as “{row['stage']}”" if row["stage"] else "it has ended"
    days = row["told_days"]
    after = f"after {plural(days, 'working day')}" if days else "on the same working day"
    return f"{stage}{f', and you knew {after}' if days is not None else ''}{owner}"


def closed(telling: Telling, row: Row) -> str:
    reason = row["reason"] if row["reason"] is not ClosingReason.OTHER else None
    asked = {None: "", True: "You were asked first.", False: "You were not asked first."}
    said = [
        f"ended, and {say(row['answer'])}.",
        say(row["outcome"]),
        f"Why: {say(reason)}." if reason else "",
        f"“{row['note']}”" if row["note"] else "",
        asked[row["was_asked"]],
        "The whole opening ended." if row["opening_end_id"] else "",
        f"We said that we would look again on {telling.day(row['revisit_on'])}." if row["revisit_on"] else "",
    ]
    return " ".join(filter(None, said))


def questions(telling: Telling) -> Iterator[Line]:
    for row in telling.known.rows["question"]:
        asked = "we asked" if row["asked_at"] else "not asked yet"
        answered = f"answered on {telling.moment(row['answered_at'])}" if row["answered_at"] else "no answer yet"
        yield Line(
            f"{row['text']}{f' ({telling.process(row)})' if row['process_id'] else ''}",
            telling.moment(row["asked_at"] or row["noted_at"]),
            (row["answer"] or "",),
            beside=in_line([asked, answered, telling.by_whom(row["noted_by_id"], "noted", row["noted_at"])]),
        )


def recommendations(telling: Telling) -> Iterator[Line]:
    claims = telling.by("claim", "recommendation_id")
    for row in telling.known.rows["recommendation"]:
        said = [(say(one["source"]), claimed(telling, one)) for one in claims[row["id"]]]
        sent = f"sent on {telling.moment_of(row['sent_id'])}" if row["sent_id"] else "not sent"
        answer = f"answered on {telling.moment_of(row['answer_id'])}" if row["answer_id"] else ""
        yield Line(
            f"For {telling.process(row)}",
            telling.moment(row["made_at"]),
            (row["summary"],),
            tuple(said),
            in_line([telling.by_whom(row["made_by_id"], "written"), sent, answer]),
        )


def claimed(telling: Telling, row: Row) -> str:
    said = [row["text"]]
    if row["source_note"]:
        said.append(row["source_note"])
    if row["source_fact_id"]:
        said.append(f"Said on {telling.moment_of(row['source_fact_id'])}.")
    if row["confirmed_at"]:
        said.append(f"Confirmed on {telling.moment(row['confirmed_at'])}.")
    if row["correction"]:
        said.append(f"You corrected it on {telling.moment(row['own_word_at'])}: “{row['correction']}”")
    return "\n".join(said)


def received(telling: Telling) -> Iterator[Line]:
    """By whom data left the team: recommendations that went out, words to clients, files of all of it."""
    told: list[tuple[datetime, Line]] = []
    for row in telling.known.rows["recommendation"]:
        if row["sent_id"] and (at := telling.happened(row["sent_id"])):
            said = f"{telling.client(row)} received what was said of you for {telling.process(row)}"
            told.append((at, Line(said, telling.moment(at))))
    went_out = {row["sent_id"] for row in telling.known.rows["recommendation"]}
    for row in telling.known.rows["contact"]:
        if row["way"] is Way.CLIENT_TO and row["undone_at"] is None and row["id"] not in went_out:
            said = f"{telling.client(row)} was told about you: see “What was said”"
            told.append((row["happened_at"], Line(said, telling.moment(row["happened_at"]))))
    for row in telling.known.rows["audit_entry"]:
        if row["action"] in GIVEN:
            said = GIVEN[row["action"]]
            told.append((row["at"], Line(said, telling.moment(row["at"]))))
    yield from (line for _, line in sorted(told, key=lambda one: one[0]))
