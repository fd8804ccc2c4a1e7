"""Of their document: who they are, how to reach them, and what they want to become."""

from collections.abc import Iterator

from core.domain.document import Line, Pair
from core.queries.own_telling import Row, Telling, in_line
from core.queries.own_words import say, value


def who(telling: Telling) -> Iterator[Line]:
    for number, row in enumerate(telling.people):
        pairs = [
            ("Name", row["name"]),
            ("Title", row["title"]),
            ("Company", row["company"]),
            ("Place", row["location"]),
            ("Pronoun", row["pronoun"]),
            ("Language", value("language", row["language"])),
            ("Begins as", say(row["begins_as"]) if row["begins_as"] else ""),
            ("Tags", ", ".join(row["tags"])),
            ("Notes", row["notes"]),
            ("Where from", row["source"]),
            ("Known since", telling.day(row["known_since"]) if row["known_since"] else ""),
            ("On record since", telling.moment(row["added_at"])),
            ("Looked after by", looked_after(telling, row)),
        ]
        if number == 0:
            pairs += [("You can do", ", ".join(skills(telling))), *counted(telling, row)]
        said = "" if number == 0 else "Another record of you, which was brought together with the first"
        yield Line(said, pairs=tuple(pairs))


def looked_after(telling: Telling, row: Row) -> str:
    owner, of = (telling.member(row[name]) for name in ("owner_id", "covered_for_id"))
    return f"{owner}, in place of {of}" if of else owner


def skills(telling: Telling) -> list[str]:
    skills = telling.known.rows["candidate_skill"]
    return list(dict.fromkeys(telling.names.called("skill", row["skill_id"]) for row in skills))


def counted(telling: Telling, row: Row) -> Iterator[Pair]:
    if row["words_to"]:
        answered = f"{row['words_answered']} answered, {row['words_answered_soon']} of them soon"
        yield "Our personal words to you", f"{row['words_to']}: {answered}"
    if row["meetings_held"]:
        yield "Meetings held", str(row["meetings_held"])
    for label, name in (("Our last word to you", "last_word_to_at"), ("Your last word to us", "last_word_from_at")):
        if row[name]:
            yield label, telling.moment(row[name])
    if row["do_not_contact"]:
        yield "Contact", "You asked for none: we answer, and start nothing."


def handles(telling: Telling) -> Iterator[Line]:
    rows = telling.known.rows["handle"]
    pairs = tuple((say(row["kind"]), row["value"]) for row in rows)
    if pairs:
        yield Line(pairs=pairs)


def growth(telling: Telling) -> Iterator[Line]:
    for row in telling.known.rows["growth_note"]:
        came = f"What came of it, {telling.day(row['came_of_it_at'])}" if row["came_of_it_at"] else "What came of it"
        again = f"to come back to on {telling.day(row['revisit_on'])}" if row["revisit_on"] else ""
        pairs = (
            ("What you want to become", row["wants"]),
            ("What we advised", row["advice"]),
            (came, row["came_of_it"] or ""),
        )
        beside = in_line([again, *telling.noted(row)])
        yield Line("", telling.moment(row["happened_at"]), pairs=pairs, beside=beside)
