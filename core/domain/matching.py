"""Is this somebody we know? The one matcher, for imports, forms and the duplicates queue alike.

Certain is only what names one person: an equal e-mail or profile under a name that agrees, or an equal phone under the
same name. Everything else that is equal, or alike, is for a person to decide.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, NewType, Protocol, cast

from core.domain.handles import Handle, mailbox
from core.domain.likeness import blocks, companies_alike, names_alike
from core.domain.names import parts

KeyKind = Literal["email", "phone", "linkedin", "github", "mailbox", "name+company", "near", "row"]
How = Literal["exact", "likely", "none"]


# What two people must have equal to be compared at all: "email:jan@x.example". Plain text, since an import of a million
# rows holds five million of them.
Key = NewType("Key", str)

MOST_NEAR = 16
"""So many people are compared with behind one `near` key: names are too alike there to tell anything."""


class Ref(NamedTuple):
    """Who is meant: somebody stored, by id, or a row of the file being read, by its line."""

    kind: Literal["candidate", "row"]
    number: int


class Person(NamedTuple):
    """What the matcher compares of a person. A tuple, as those below: a list makes hundreds of thousands of them."""

    name_key: str
    keys: tuple[Key, ...]
    """What they are kept under."""
    company_key: str = ""
    asks: tuple[Key, ...] = ()
    """Whom to look for, of somebody who is looked for: all of `keys`, and the other addresses of one mailbox."""


class Known(NamedTuple):
    """A person to compare with; one who was told of in several ways is known several times, under one ref."""

    ref: Ref
    person: Person


class KnownPeople(Protocol):
    """People stored elsewhere. Asked once for many: give everybody who has one of these keys."""

    def known_by(self, keys: Collection[Key]) -> Iterable[Known]: ...


class Match(NamedTuple):
    """Who it is, how surely, and what was equal; `also` are others whom it could be as surely."""

    how: How = "none"
    of: Ref | None = None
    on: tuple[str, ...] = ()
    also: tuple[Ref, ...] = ()


NO_MATCH = Match()


def key(kind: KeyKind, value: str) -> Key:
    return Key(f"{kind}:{value}")


def not_handles(keys: Iterable[Key]) -> list[Key]:
    """Those of the keys that no address stands for: they are stored apart."""
    return [one for one in dict.fromkeys(keys) if not one.startswith(_HANDLES)]


def person(name_key: str, company_key: str, handles: Iterable[Handle], *, row: str = "") -> Person:
    """`row` identifies a row of a file: the same row again is the same person, were it only a name."""
    keys: list[Key] = []
    also: list[Key] = []
    for handle in handles:
        keys.append(key(handle.kind, handle.value))
        if handle.kind == "email":
            plain = mailbox(handle.value)
            if plain == handle.value:  # kept under itself; whoever has a +tag asks for it
                also.append(key("mailbox", plain))
            else:
                keys.append(key("mailbox", plain))
                also.append(key("email", plain))
    if company_key and " " in name_key:
        keys.append(key("name+company", f"{name_key}|{company_key}"))
        keys += [key("near", block) for block in blocks(name_key, company_key)]
    if row:
        keys.append(key("row", row))
    return Person(name_key, tuple(keys), company_key, (*keys, *also))


def matches(someone: Person, pool: "Pool") -> Match:
    """The surest match in the pool; among equally sure ones, the one found by the first of the keys."""
    how, found = _found(someone, pool)
    return _match(how, found) if found else NO_MATCH


def every_match(someone: Person, pool: "Pool") -> list[Match]:
    """Everybody whom it could be as surely, each with reasons of their own; the first is the one of `matches`."""
    how, found = _found(someone, pool)
    return [_match(how, {of: on}) for of, on in found.items()]


def matches_of_all(people: Sequence[Person], known: KnownPeople) -> list[Match]:
    """Each person's match among those stored, with one question to the store."""
    pool = Pool(known.known_by({one for someone in people for one in someone.asks}))
    return [matches(someone, pool) for someone in people]


class Pool:
    """People in memory, found by their keys.

    A thousand people behind one reception's number cost no more than one: each key keeps whoever came first, and
    whoever came first under each name. Behind a `near` key, where all must be compared, it keeps the first few.

    `asked_twice`, where it is known beforehand, holds the hashes of those keys that at least two people ask for: the
    others find nobody but whoever has them and are not kept, so that a million people take little room.
    """

    def __init__(self, known: Iterable[Known] = (), asked_twice: Container[int] | None = None) -> None:
        self._asked_twice = asked_twice
        self._under: dict[Key, Known | _Shared] = {}
        self.under: Callable[[Key], Known | _Shared | None] = self._under.get
        self._near: dict[Key, Known | list[Known]] = {}
        for somebody in known:
            self.add(somebody)

    def add(self, known: Known) -> None:
        asked_twice = self._asked_twice
        for one in known.person.keys:
            if asked_twice is not None and hash(one) not in asked_twice:
                continue
            if one.startswith(_NEAR):
                self._add_near(one, known)
                continue
            there = self._under.get(one)
            if there is None:
                self._under[one] = known
            elif isinstance(there, _Shared):
                there.add(known)
            elif there.person.name_key != known.person.name_key:
                self._under[one] = _Shared(there, known)

    def near(self, one: Key) -> Sequence[Known]:
        there = self._near.get(one, ())
        return (there,) if isinstance(there, Known) else there

    def first(self, one: Key) -> Known | None:
        """Whoever had this key first."""
        there = self._under.get(one)
        return there.first if isinstance(there, _Shared) else there

    def _add_near(self, one: Key, known: Known) -> None:
        there = self._near.get(one)
        if there is None:
            self._near[one] = known
        elif isinstance(there, list):
            if len(there) < MOST_NEAR and not any(_is_same(known, other) for other in there):
                there.append(known)
        elif not _is_same(known, there):
            self._near[one] = [there, known]


class _Shared:
    """One key that people of different names have."""

    __slots__ = ("by_name", "by_part", "first", "nameless")

    def __init__(self, *people: Known) -> None:
        self.first = people[0]
        self.nameless: Known | None = None
        self.by_name: dict[str, Known] = {}
        self.by_part: dict[str, Known] = {}
        for somebody in people:
            self.add(somebody)

    def add(self, known: Known) -> None:
        name_key = known.person.name_key
        self.by_name.setdefault(name_key, known)
        if not name_key:
            self.nameless = self.nameless or known
        for part in name_key.split():
            self.by_part.setdefault(part, known)

    def of_agreeing_name(self, name_key: str) -> Known | None:
        if not name_key:
            return self.first
        return next((self.by_part[part] for part in name_key.split() if part in self.by_part), self.nameless)


_NEAR = key("near", "")


def _is_same(one: Known, other: Known) -> bool:
    """Told of twice in the same words."""
    return one.person.name_key == other.person.name_key and one.person.company_key == other.person.company_key


_HANDLES = ("email:", "phone:", "linkedin:", "github:")


def _kind(one: Key) -> KeyKind:
    return cast(KeyKind, one.partition(":")[0])


def _judged(someone: Person, one: Key, entry: Known | _Shared) -> tuple[bool, Known, tuple[str, ...]]:
    """Whether it is certain, who it is, and what to call the reason."""
    first = entry.first if isinstance(entry, _Shared) else entry
    kind = _kind(one)
    if kind == "row":
        return True, first, ("row",)
    if kind == "email" and one not in someone.keys:
        return False, first, _SAYS["mailbox"]
    if kind in _SAYS:
        return False, first, _SAYS[kind]
    name_key = someone.name_key
    if kind == "phone":
        same = _of_same_name(name_key, entry)
        return (True, same, ("phone+name",)) if same else (False, first, ("phone",))
    agreeing = _of_agreeing_name(name_key, entry)
    return agreeing is not None, agreeing or first, (_PROFILES.get(kind, "email"),)


def _alike(someone: Person, pool: Pool) -> Iterator[tuple[Known, tuple[str, ...]]]:
    """Whose name and company are nearly the same. Who has the very same ones is found under them."""
    looked_at: set[int] = set()
    for one in someone.keys:
        if one.startswith(_NEAR) and (near := pool.near(one)):
            for known in near:
                if id(known) not in looked_at:
                    looked_at.add(id(known))
                    if on := likeness(someone, known.person):
                        yield known, on


def likeness(one: Person, other: Person) -> tuple[str, ...]:
    """What of two names and companies is alike, where not both are the same; () where either is another."""
    company = companies_alike(one.company_key, other.company_key)
    if not company or (one.name_key == other.name_key and one.company_key == other.company_key):
        return ()
    name = names_alike(one.name_key, other.name_key)
    return (name, company) if name else ()


_SAYS: dict[str, tuple[str, ...]] = {"mailbox": ("email_plus_tag",), "name+company": ("name", "company")}
_PROFILES: dict[str, str] = {"linkedin": "linkedin_url", "github": "github_url"}


def _of_same_name(name_key: str, entry: Known | _Shared) -> Known | None:
    if not name_key:
        return None
    if isinstance(entry, _Shared):
        return entry.by_name.get(name_key)
    return entry if entry.person.name_key == name_key else None


def _of_agreeing_name(name_key: str, entry: Known | _Shared) -> Known | None:
    if isinstance(entry, _Shared):
        return entry.of_agreeing_name(name_key)
    theirs = entry.person.name_key
    agrees = not name_key or not theirs or not parts(name_key).isdisjoint(parts(theirs))
    return entry if agrees else None


def _found(someone: Person, pool: Pool) -> tuple[Literal["exact", "likely"], dict[Ref, list[str]]]:
    certain: dict[Ref, list[str]] = {}
    possible: dict[Ref, list[str]] = {}
    under = pool.under
    for one in someone.asks:
        if (entry := under(one)) is not None:
            found, known, on = _judged(someone, one, entry)
            (certain if found else possible).setdefault(known.ref, []).extend(on)
    if certain:
        return "exact", certain
    for known, on in _alike(someone, pool):
        possible.setdefault(known.ref, []).extend(on)
    return "likely", possible


def _match(how: Literal["exact", "likely"], found: dict[Ref, list[str]]) -> Match:
    of, on = next(iter(found.items()))
    reasons = [reason for reason in dict.fromkeys(on) if not (reason == "email_plus_tag" and "email" in on)]
    return Match(how, of, tuple(reasons), tuple(ref for ref in found if ref != of))
