"""What the files around the code promise: the locks, the server's settings, and what all tests share."""

import asyncio
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement

from core.cli import main as perennial
from core.domain.backups import KEPT, OLDEST
from core.domain.policy import Policy
from core.domain.register import register
from tests.advisories import SAFE_FROM, unsafe

ROOT = Path(__file__).parent.parent
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def locked(name: str) -> dict[str, list[Requirement]]:
    """The requirements of a lock by package; one may be there twice, for different Pythons."""
    found: dict[str, list[Requirement]] = {}
    for line in re.findall(r"^[a-z].*(?= \\$)", (ROOT / name).read_text(), re.MULTILINE):
        requirement = Requirement(line)
        found.setdefault(requirement.name, []).append(requirement)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_versions_and_hashes_and_nothing_else(name):
    allowed = r"([a-z0-9-]+==[\w.]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)"
    assert [line for line in (ROOT / name).read_text().splitlines() if not re.fullmatch(allowed, line)] == []


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    runtime, dev = [locked(name) for name in LOCKS]
    for wanted, lock in [
        (project["project"]["dependencies"] + groups["build"], runtime),
        (groups["dev"], dev),
    ]:
        for requirement in map(Requirement, wanted):
            versions = [str(pin.specifier).removeprefix("==") for pin in lock.get(requirement.name, [])]
            assert versions, f"{requirement.name} is not locked: run make lock"
            assert all(requirement.specifier.contains(v) for v in versions), f"{requirement}: run make lock"


def test_the_tools_run_on_the_versions_that_are_served():
    runtime, dev = [locked(name) for name in LOCKS]
    assert {name: pins for name, pins in dev.items() if name in runtime} == runtime


def test_how_long_backups_are_kept_is_said_in_one_way():
    """By the README as by the terminal, a page and the register, which take it from what forgets them."""
    readme = (ROOT / "README.md").read_text()
    assert KEPT in readme
    assert set(re.findall(r"longer than (\d+) days", readme)) == {str(OLDEST.days)}
    said = CliRunner().invoke(perennial, ["db", "backup", "--help"]).output
    assert KEPT in " ".join(said.split())
    assert f"backups {OLDEST.days} days at most" in " ".join(one.period for one in register(Policy()))


def test_a_lock_with_something_known_to_be_unsafe_does_not_pass():
    lock = (ROOT / "requirements.lock").read_text()
    assert unsafe(lock) == []
    for name in sorted(SAFE_FROM.keys() & locked("requirements.lock").keys()):
        older = re.sub(rf"^{name}==[\w.]+", f"{name}==0.1", lock, flags=re.MULTILINE)
        assert [what.split(" is older")[0] for what in unsafe(older)] == [f"{name} 0.1"]
    without = re.sub(r"(?<=^streamlit==1.67.0 \\\n)(    --hash.*\n)+", "", lock, flags=re.MULTILINE)
    assert unsafe(without) == ["streamlit has no hash"]


def test_every_door_streamlit_leaves_open_is_shut():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    server = config["server"]
    assert server["address"] == "127.0.0.1"
    assert server["enableCORS"]
    assert server["enableXsrfProtection"]
    assert not server["enableStaticServing"]
    assert not server["enableAgentApi"]
    assert server["maxUploadSize"] <= 10
    assert server["maxMessageSize"] <= 20
    assert config["client"]["showErrorDetails"] == "none"
    assert not config["browser"]["gatherUsageStats"]


def test_the_readme_shows_the_proxy_that_was_tried():
    assert (ROOT / "tests" / "load" / "haproxy.cfg").read_text() in (ROOT / "README.md").read_text()


@pytest.mark.browser
def test_beside_the_browser_a_test_may_run_an_event_loop_of_its_own(chromium):
    asyncio.run(asyncio.sleep(0))
