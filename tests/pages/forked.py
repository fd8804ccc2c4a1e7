"""What each server of the tests begins with: it is forked from a process that has loaded this, which takes seconds."""

import gc
import importlib
import pkgutil
from functools import lru_cache

import holidays.countries  # noqa: F401
import streamlit.web.bootstrap  # noqa: F401
import uvicorn.loops.auto
import uvicorn.protocols.http.auto
import uvicorn.protocols.websockets.auto  # noqa: F401
from streamlit.components.v2 import manifest_scanner

import app  # noqa: F401
import core
import pages.parts
import tests.pages.serving  # noqa: F401

for ours in (core, pages.parts):
    for module in pkgutil.walk_packages(ours.__path__, f"{ours.__name__}."):
        if module.name != "core.persistence.migrations.env":  # which Alembic alone can run
            importlib.import_module(module.name)

# What is installed stays the same: each server would search it for components.
manifest_scanner.scan_component_manifests = lru_cache(maxsize=1)(manifest_scanner.scan_component_manifests)
manifest_scanner.scan_component_manifests()

# What is loaded by now stays: each server would look through all of it for cycles, and have it copied by that.
gc.collect()
gc.freeze()
