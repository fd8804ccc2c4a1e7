"""Clients: who they are, whom we write to there, and how long they may take to answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from core.commands.locks import active_member, client_to_change, last_saved, name_of
from core.commands.policy import set_answer_time
from core.domain.names import folded
from core.domain.refusal import Refused, Stale
from core.persistence.tables import Client, ClientPerson, Member, Opening
from core.persistence.work import Work

CHANGED = "Somebody changed this client while you were writing. Nothing was overwritten."
LONGEST = {"name": 200, "title": 200, "email": 320, "phone": 40}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a client, as a form says them."""

    name: str
    title: str = ""
    email: str = ""
    phone: str = ""


def add_client(work: Work, name: str, *, owner_id: int | None = None, note: str = "") -> int:
    """Safe to repeat: a client of that name is the one there is."""
    work.require_editor()
    name = _name(name)
    client = work.session.scalar(select(Client).where(Client.name == name))
    if client is None:
        if owner_id is not None:
            active_member(work, owner_id)
        client = Client(
            name=name,
            sort_name=folded(name),
            called_in_policy=_free_in_policy(work, name),
            owner_id=owner_id,
            note=note.strip(),
        )
        work.session.add(client)
        work.record("client added", client)
    return client.id


def take_back_client(work: Work, client_id: int) -> None:
    """As if it had never been added, while nothing was opened for it. Safe to repeat."""
    work.require_editor()
    client = work.session.get(Client, client_id, with_for_update=True)
    if client is None:
        return
    if work.session.scalar(select(Opening.id).where(Opening.client_id == client_id).limit(1)) is not None:
        raise Refused("There are openings of this client already. It stays.")
    work.record("client taken back", client, name=client.name)
    work.session.execute(delete(ClientPerson).where(ClientPerson.client_id == client_id))
    work.session.delete(client)


def edit_client(
    work: Work,
    client_id: int,
    *,
    version: int,
    name: str,
    owner_id: int | None,
    note: str,
    answer_time: int | None = None,
) -> int:
    """A stale form is refused, and shows what somebody else saved meanwhile. Returns the version it has now.

    `answer_time`: the working days it may take to answer; None leaves them as they are.
    """
    client = client_to_change(work, client_id)
    if client.version != version:
        theirs = {
            "name": client.name,
            "with": name_of(work, Member, client.owner_id),
            "working days to answer": work.policy.now.answer_time(client.called_in_policy),
            "note": client.note,
        }
        raise Stale(CHANGED, theirs, client.version, last_saved(work, client))
    name = _name(name)
    other = work.session.scalar(select(Client.id).where(Client.name == name, Client.id != client.id))
    if other is not None:
        raise Refused(f"There is a client “{name}” already.")
    if owner_id is not None and owner_id != client.owner_id:
        active_member(work, owner_id)
    client.name, client.sort_name, client.owner_id, client.note = name, folded(name), owner_id, note.strip()
    if answer_time not in (None, work.policy.now.answer_time(client.called_in_policy)):
        client.version += 1  # it is stored in the policy, but whoever has this form open must see that it changed
    work.record("client edited", client)
    work.session.flush()
    if answer_time is not None:
        set_answer_time(work, client_id, answer_time)
    return client.version


def set_people(work: Work, client_id: int, people: Sequence[Person], *, version: int) -> int:
    """Whom we write to there, all of them anew. Returns the version the client has now."""
    client = client_to_change(work, client_id)
    if client.version != version:
        of_client = select(ClientPerson).where(ClientPerson.client_id == client.id).order_by(ClientPerson.id)
        theirs = {"people": in_lines(work.session.scalars(of_client))}
        raise Stale(CHANGED, theirs, client.version, last_saved(work, client))
    for person in people:
        _refuse_unfit(person)
    work.session.execute(delete(ClientPerson).where(ClientPerson.client_id == client.id))
    work.session.add_all(
        ClientPerson(
            client_id=client.id,
            name=person.name.strip(),
            title=person.title.strip(),
            email=person.email.strip(),
            phone=person.phone.strip(),
        )
        for person in people
    )
    client.version += 1
    work.record("people of a client set", client, number=len(people))
    work.session.flush()
    return client.version


def in_lines(people: Iterable[Person | ClientPerson]) -> str:
    """A line each, with all that is known of them."""
    return "\n".join(", ".join(filter(None, (one.name, one.title, one.email, one.phone))) for one in people)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("A client needs a name.")
    if len(name) > LONGEST["name"]:
        raise Refused(f"The name is too long: {len(name)} characters, {LONGEST['name']} fit.")
    return name


def _free_in_policy(work: Work, name: str) -> str:
    """The name, or with a number where a client that is called otherwise by now had it first."""
    number = 1
    while True:
        wanted = name if number == 1 else f"{name[:190]} ({number})"
        if work.session.scalar(select(Client.id).where(Client.called_in_policy == wanted)) is None:
            return wanted
        number += 1


def _refuse_unfit(person: Person) -> None:
    if not person.name.strip():
        raise Refused("Everybody at a client needs a name.")
    for field, longest in LONGEST.items():
        if len(getattr(person, field)) > longest:
            raise Refused(f"The {field} of {person.name[:60]} is too long: {longest} characters fit.")
    if person.email.strip() and "@" not in person.email:
        raise Refused(f"“{person.email.strip()[:60]}” is no e-mail address: it has no @.")
