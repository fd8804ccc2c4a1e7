"""Of their document: words and meetings."""

from collections.abc import Iterator

from core.domain.document import Line
from core.domain.facts import MeetingResult, Way
from core.domain.own_page import request_in
from core.queries.own_telling import Row, Telling, in_line
from core.queries.own_words import ASKED, MISSED, say, value


def words(telling: Telling) -> Iterator[Line]:
    for row in telling.known.rows["contact"]:
        asked = ASKED.get(request_in(row["text"], row["about"]), "")
        notes = [
            f"subject: {row['about']}" if row["about"] and not asked else "",
            "with feedback" if row["is_feedback"] else "",
            "with thanks" if row["is_thanks"] else "",
            "to ask how the job goes" if row["is_check_in"] else "",
            "they needed longer" if row["still_waiting"] else "",
            "it needed no answer" if row["way"] is Way.FROM and not row["needs_answer"] else "",
            "the text is not kept" if row["has_text"] and not row["text"] else "",
        ]
        then = f"next: {row['next_what']}, by {telling.moment(row['next_due_at'])}" if row["next_what"] else ""
        said = f"{asked or say(row['way'])}{' and others' if row['is_group'] else ''}"
        said += f", {value('channel', row['channel'])}" if row["channel"] else ""
        said += f", about {telling.process(row)}" if row["process_id"] else ""
        beside = [*notes, then, *telling.noted(row, by=row["way"] is not Way.FROM)]
        yield Line(said, telling.moment(row["happened_at"]), (row["text"],), beside=in_line(beside))


def meetings(telling: Telling) -> Iterator[Line]:
    later = telling.by("meeting_move", "meeting_id"), telling.by("meeting_outcome", "meeting_id")
    for row in telling.known.rows["meeting"]:
        said = say(row["meeting_kind"]) + (f" about {telling.process(row)}" if row["process_id"] else "")
        said += f", until {telling.clock(row['ends_at'])}"
        said += f", with {telling.member(row['host_id'])}" if row["host_id"] else ""
        steps = [(telling.moment(one["happened_at"]), moved(telling, one)) for one in later[0][row["id"]]]
        steps += [(telling.moment(one["happened_at"]), ended(telling, one)) for one in later[1][row["id"]]]
        planned = f"planned on {telling.moment(row['happened_at'])}"
        if row["planned_starts_at"] != row["starts_at"]:
            planned += f", for {telling.moment(row['planned_starts_at'])} to {telling.clock(row['planned_ends_at'])}"
        if row["planned_host_id"] != row["host_id"] and row["planned_host_id"]:
            planned += f", with {telling.member(row['planned_host_id'])}"
        pairs = (("Where", row["place"]), ("Note", row["note"]), *steps)
        yield Line(said, telling.moment(row["starts_at"]), pairs=pairs, beside=in_line([planned, *telling.noted(row)]))


def moved(telling: Telling, row: Row) -> str:
    if row["to_host_id"]:
        return f"{telling.member(row['to_host_id'])} hosts it{telling.undone(row)}"
    was = f" from {telling.moment(row['from_starts_at'])}" if row["from_starts_at"] else ""
    asked = f", asked for {say(row['asked_by'])}" if row["asked_by"] else ""
    times = f"{telling.moment(row['to_starts_at'])} to {telling.clock(row['to_ends_at'])}"
    return f"moved{was} to {times}{asked}{telling.undone(row)}"


def ended(telling: Telling, row: Row) -> str:
    if row["outcome"] is MeetingResult.MISSED:
        who = f" ({telling.member(row['absent_member_id'])})" if row["absent_member_id"] else ""
        return f"{MISSED[row['absent']]}{who}{telling.undone(row)}"
    by = f" {say(row['asked_by'])}" if row["asked_by"] else ""
    return f"{say(row['outcome'])}{by}{telling.undone(row)}"
