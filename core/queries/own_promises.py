"""Of their document: what we promised, and how we keep in touch with them and with whom they sent us."""

from collections.abc import Iterator
from functools import partial

from core.domain.document import Line
from core.domain.facts import Rhythm
from core.domain.promises import Kind, Status
from core.domain.rhythms import rhythm_words
from core.domain.words import plural
from core.queries.own_telling import Row, Telling, in_line, recommended
from core.queries.own_words import say


def promises(telling: Telling) -> Iterator[Line]:
    put_off = telling.by("snooze", "promise_key"), telling.by("waiver", "promise_key")
    told = set()
    for row in sorted(telling.known.rows["promise"], key=lambda row: (row["due_at"], row["id"])):
        told.add(row["key"])
        by = f"by {telling.member(row['owner_id'])}" if row["owner_id"] else ""
        steps = [(telling.day(one["happened_at"]), postponed(telling, one)) for one in put_off[0][row["key"]]]
        steps += [(telling.day(one["happened_at"]), let_go(telling, one)) for one in put_off[1][row["key"]]]
        came = in_line([came_of(telling, row), by])
        yield Line(promised(telling, row), f"by {telling.moment(row['due_at'])}", pairs=tuple(steps), beside=came)
    for rows, tell in zip(put_off, (partial(postponed, telling), partial(let_go, telling)), strict=True):
        for row in (row for key, some in rows.items() if key not in told for row in some):
            yield Line(f"A word that is owed no more: {tell(row)}", telling.moment(row["happened_at"]))


def postponed(telling: Telling, row: Row) -> str:
    return f"put off until {telling.moment(row['until_at'])}{because(telling, row)}"


def let_go(telling: Telling, row: Row) -> str:
    return f"let go{because(telling, row)}"


def because(telling: Telling, row: Row) -> str:
    by = f" by {telling.member(row['by_id'])}" if row["by_id"] else ""
    return f"{by}: “{row['reason']}”{telling.undone(row)}"


def promised(telling: Telling, row: Row) -> str:
    about, at = telling.facts.get(row["about_id"]), ""
    if about is not None:
        at = f" of {telling.day(about['happened_at'])}"
    process = telling.process(row) if row["process_id"] else ""
    of = f" ({process})" if process else ""
    match row["kind"]:
        case Kind.REPLY:
            return f"An answer to your word{at}{of}"
        case Kind.UPDATE:
            return f"A word on how it stands: {process}"
        case Kind.DELAY:
            return f"A word that it takes longer: {process}"
        case Kind.CHASE:
            return f"To ask the client for an answer: {process}"
        case Kind.OUTCOME:
            return f"To note how a meeting went{of}"
        case Kind.DEBRIEF:
            return f"A word after the interview{of}"
        case Kind.AMENDS:
            return f"Amends, since you were let down at a meeting{of}"
        case Kind.FEEDBACK:
            return f"How it ended, and why: {process}"
        case Kind.FOLLOW_UP:
            said = next((one for one in telling.known.rows["contact"] if one["id"] == row["about_id"]), None)
            return f"As we said{at}: {said['next_what']}" if said and said["next_what"] else f"As we said{at}"
        case Kind.KEEP_IN_TOUCH:
            return "A word to keep in touch"
        case Kind.REVISIT:
            return f"To come back to you{of}"
        case Kind.CHECK_IN:
            return f"To ask how the job goes, after {plural(int(row['key'].rsplit(':', 1)[1]), 'day')}"
        case Kind.THANKS:
            return f"Thanks for the recommendation{at}"
        case Kind.INTRODUCE:
            return "That whoever looks after you now says hello"
        case _:
            return "To ask for your consent again"


def came_of(telling: Telling, row: Row) -> str:
    at = telling.moment(row["settled_at"]) if row["settled_at"] else ""
    moved = f", put off from {telling.moment(row['rule_due_at'])}" if row["is_snoozed"] else ""
    match row["status"]:
        case Status.KEPT_ON_TIME:
            return f"kept in time, {at}{moved}"
        case Status.KEPT_LATE:
            late = f", {plural(row['late'], 'working day')} late" if row["late"] else ""
            return f"kept too late, {at}{late}{moved}"
        case Status.WAIVED:
            return f"let go, {at}"
        case Status.VOID:
            return f"fell away, {at}"
        case Status.HISTORY:
            return "from before you were with us here; never answered"
        case _:
            return f"{'we are late' if row['due_at'] < telling.known.now else 'to come'}{moved}"


def rhythm(telling: Telling) -> Iterator[Line]:
    told = []
    for row in telling.known.rows["rhythm_change"]:
        rhythm = Rhythm(row["rhythm_count"], row["rhythm_unit"]) if row["rhythm_count"] else None
        told.append((row, f"A word {rhythm_words(rhythm)}" if rhythm else "No regular word any more"))
    for row in telling.known.rows["quiet_period"]:
        told.append((row, f"Quiet until {telling.day(row['until_on'])}"))
    yield from telling.in_order(told)


def handovers(telling: Telling) -> Iterator[Line]:
    told = [(row, f"From then on {telling.member(row['to_id'])}") for row in telling.known.rows["handover"]]
    yield from telling.in_order(told)
    for row in telling.known.rows["offered_person"]:
        answered = f" on {telling.moment(row['answered_at'])}" if row["answered_at"] else ""
        yield Line(
            f"{telling.member(row['to_id'])} was asked to look after you",
            telling.moment(telling.names.offered_at(row["offer_id"])),
            pairs=(("What to know of you", row["note"]), ("Why not", row["reason"])),
            beside=f"{say(row['state'])}{answered}",
        )


def placements(telling: Telling) -> Iterator[Line]:
    told = []
    for row in telling.known.rows["placement"]:
        at = f": {telling.process(row)}" if row["process_id"] else ""
        told.append((row, f"A job that begins on {telling.day(row['starts_on'])}{at}"))
    for row in telling.known.rows["placement_end"]:
        why = f": “{row['reason']}”" if row["reason"] else ""
        told.append((row, f"A job that ended{why}"))
    yield from telling.in_order(told)


def referrals(telling: Telling) -> Iterator[Line]:
    yield from telling.in_order([(row, "You recommended somebody to us") for row in recommended(telling, by_them=True)])
