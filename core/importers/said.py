"""What a row says of a person, beside what is said of them already: whether it adds anything, and where it differs."""

from dataclasses import dataclass
from functools import lru_cache

from core.domain.matching import key
from core.domain.names import company_key, folded, name_key, shown
from core.domain.skills import known_skill
from core.importers.people import Incoming
from core.persistence.matching import Written

LENGTHS = {"name": 200, "title": 200, "company": 200, "location": 200, "source": 200, "notes": 20_000}
COMPARED = ("name", "title", "company", "location", "notes")
"""Columns in which a list may say something else than what is stored. A source says how somebody came; it stays."""
MOST_SKILLS, LONGEST_SKILL = 200, 100


@dataclass(frozen=True, slots=True)
class Difference:
    column: str
    stored: str
    said: str


def columns_said(person: Incoming) -> dict[str, str]:
    """What a row says of somebody in the columns of `candidate`, each cut to fit; blank ones are left out."""
    said = {
        "name": shown_name(person.name),
        "title": person.text("title"),
        "company": person.text("company"),
        "location": place_said(person),
        "source": person.text("source"),
        "notes": person.text("notes"),
    }
    return {name: fit(name, value) for name, value in said.items() if value}


def place_said(person: Incoming) -> str:
    return person.text("location") or ", ".join(filter(None, (person.text("city"), person.text("country"))))


def skills_said(person: Incoming) -> list[str]:
    """By the names they are known under: `k8s` is Kubernetes."""
    return [known_skill(skill)[:LONGEST_SKILL] for skill in person.list("skills")[:MOST_SKILLS]]


def said_of(person: Incoming) -> set[str]:
    """Everything a row says that could be new of somebody: which columns, which addresses, which skills and tags."""
    fields = person.fields
    found: set[str] = {name for name in ("title", "company", "notes", "tags") if fields.get(name)}
    if person.name:
        found.add("name")
    if fields.get("location") or fields.get("city") or fields.get("country"):
        found.add("location")
    found.update([key(handle.kind, handle.value) for handle in person.handles])
    found.update(map(_skill_key, skills_said(person)))
    return found


@lru_cache(maxsize=16384)
def _skill_key(skill: str) -> str:
    return f"skill:{folded(skill)}"


def differences(person: Incoming, written: Written) -> tuple[Difference, ...]:
    """Where the row says something else; the same words in other letters are no difference."""
    said = columns_said(person)
    return tuple(
        Difference(name, stored, said[name])
        for name in COMPARED
        if name in said and (stored := written.columns.get(name, "")) and not _same(name, stored, said[name])
    )


def _same(name: str, stored: str, said: str) -> bool:
    if stored == said:
        return True
    if name == "name":
        return name_key(stored) == name_key(said)
    if name == "company":
        return company_key(stored) == company_key(said)
    return " ".join(folded(stored).split()) == " ".join(folded(said).split())


def shown_name(name: str) -> str:
    return shown(name) if name.isupper() or name.islower() else name  # most are neither, and a look at it is quick


def fit(name: str, value: str) -> str:
    """Cut where it is longer than its column; the row keeps the whole of it."""
    text = value if name == "notes" or value.isprintable() else " ".join(value.split())
    return text if len(text) <= LENGTHS[name] else text[: LENGTHS[name] - 1] + "…"
