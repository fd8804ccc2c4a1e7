"""A workspace in memory, for importers that only want to be asked about one."""

from collections.abc import Collection, Iterable, Mapping

from core.domain.handles import Handle
from core.domain.matching import Key, Known, Person, Ref, key
from core.importers.preview import Preview
from core.persistence.matching import Written


class Workspace:
    """What is stored once the new people, and the words, of some previews have been entered."""

    def __init__(self, *entered: Preview) -> None:
        self.people: list[Known] = []
        self.words: set[str] = set()
        self.asked = 0
        for one in entered:
            self.enter(one)

    def enter(self, one: Preview) -> None:
        for row in one.rows:
            if row.person and row.outcome in {"new", "likely"}:
                self.add(
                    Person(
                        row.person.compared.name_key, (*row.person.compared.keys, key("row", row.person.fingerprint))
                    )
                )
            if row.source_key:
                self.words.add(row.source_key)
        for participant, match in one.counterparts:
            if match.how == "none":
                self.add(participant.compared)

    def add(self, person: Person) -> None:
        self.people.append(Known(Ref("candidate", len(self.people) + 1), person))

    def known_by(self, keys: Collection[Key]) -> Iterable[Known]:
        self.asked += 1
        return [known for known in self.people if not set(keys).isdisjoint(known.person.keys)]

    def written(self, candidate_ids: Collection[int]) -> Mapping[int, Written]:
        return {}

    def words_known(self, source_keys: Collection[str]) -> Collection[str]:
        return self.words & set(source_keys)

    def erased(self, handles: Collection[Handle]) -> Collection[Handle]:
        return ()
