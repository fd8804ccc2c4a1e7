"""How numbers and names are said in a sentence, by rules and pages alike."""

from collections.abc import Sequence
from datetime import date

from dateutil.relativedelta import relativedelta

COLUMNS = {
    "name": "Name",
    "title": "Title",
    "company": "Company",
    "location": "Place",
    "email": "E-mail",
    "phone": "Phone",
    "linkedin": "LinkedIn",
    "github": "GitHub",
    "skills": "Skills",
    "source": "Where from",
    "known_since": "Known since",
    "begins_as": "Begins as",
    "pronoun": "Pronoun",
    "tags": "Tags",
    "notes": "Notes",
}
"""What is written of somebody, by column or list, as it is called wherever it is shown."""


def plural(number: int, one: str, many: str | None = None) -> str:
    """“1 word”, “3 words”, “1,336 people”."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def span(begin: date, end: date) -> str:
    """From one day to another as people say it: “14 months” for fourteen and a half."""
    return plural(*length(begin, end))


def length(begin: date, end: date) -> tuple[int, str]:
    """The same as a number and its unit: whole days up to six weeks, then whole weeks, months and years.

    What has only begun does not count: 4 years for four years and ten months.
    """
    days, gone = (end - begin).days, relativedelta(end, begin)
    months = 12 * gone.years + gone.months
    if days < 42:
        return days, "day"
    if months < 4:
        return days // 7, "week"
    return (months, "month") if months < 24 else (gone.years, "year")


def listed(names: Sequence[str]) -> str:
    """“Cleo”, “Cleo and Dan”, “Cleo, Dan and Eva”."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def excerpt(text: str, limit: int) -> str:
    """On one line, cut between words where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0].rstrip(",;:–-") + "…"
