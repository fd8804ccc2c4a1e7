"""Stories: the rules by example. Those of the specification, and our own, replay exactly as they are told."""

import json
from pathlib import Path

import pytest

from core.replay import NoStory, as_values, main, read, show, tell

STORIES = sorted((Path(__file__).parent / "stories").glob("*.yaml"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_replays_as_it_is_told(path, sqlite_url, capsys):
    story = read(path)
    assert show(story, tell(story, sqlite_url)) == 0, capsys.readouterr().out


@pytest.mark.parametrize("path", STORIES[::3], ids=lambda path: path.stem)
def test_a_story_is_the_same_on_postgresql(path, postgresql_url, sqlite_url):
    story = read(path)
    there, here = tell(story, postgresql_url), tell(story, sqlite_url)
    assert as_values(there) == as_values(here)


def test_what_a_replay_prints_has_every_field(tmp_path, capsys):
    assert main(STORIES[8], as_json=True) == 0
    printed = json.loads(capsys.readouterr().out)
    promise = next(p for p in printed["looks"][0]["promises"] if p["key"] == "follow_up:m2")
    assert promise == {
        "kind": "follow_up",
        "key": "follow_up:m2",
        "candidate": "Noor",
        "owner": "Cleo",
        "due": "2026-03-05T17:00+01:00",
        "original_due": "2026-03-03T12:00+01:00",
        "state": "kept on time",
        "settled_at": "2026-03-05T16:00+01:00",
        "settled_by": "m4",
    }
    assert printed["refused"] == ["z0"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just words",
        "team: {}\nstory: []",
        "team: {zone: Europe/Warsaw, country: PL}\nstory: nothing",
        "team: {zone: Mars/Olympus, country: PL}\nstory: []",
        "team: {zone: Europe/Warsaw, country: Narnia}\nstory: []",
        "team: {zone: Europe/Warsaw, country: PL, hours: '17:00-09:00'}\nstory: []",
        "team: {zone: Europe/Warsaw, country: PL, policy: {reply: soon}}\nstory: []",
        "team: {zone: Europe/Warsaw, country: PL}\nstory:\n  - {at: Tue 2026-03-02 09:00, event: candidate, id: N}",
        "team: {zone: Europe/Warsaw, country: PL}\nstory:\n  - {at: Mon 2026-03-02 09:00, event: dance}",
        "team: {zone: Europe/Warsaw, country: PL}\nstory:\n  - {look: never}",
        "a: [",
    ],
)
def test_what_is_no_story_is_said_in_one_sentence(text, tmp_path, capsys):
    path = tmp_path / "none.yaml"
    path.write_text(text)
    assert main(path, as_json=True) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1


def test_a_missing_file_is_no_story(tmp_path):
    with pytest.raises(NoStory, match="can't be read"):
        read(tmp_path / "nowhere.yaml")


def test_a_story_that_does_not_agree_says_so(tmp_path, capsys):
    path = tmp_path / "wrong.yaml"
    path.write_text(STORIES[0].read_text().replace("Mon 2026-03-09 17:00 | due", "Mon 2026-03-09 16:00 | due"))
    assert main(path, as_json=False) == 1
    assert "DOES NOT AGREE" in capsys.readouterr().out
