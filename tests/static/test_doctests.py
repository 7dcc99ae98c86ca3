"""Runs the examples in the docstrings of ops_handbook/tools: pure Python, imported without Odoo (see conftest.py)."""

import doctest
import importlib

import pytest

from .sources import ADDON

TOOLS = ADDON / "tools"
MODULES = sorted(path.stem for path in TOOLS.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = importlib.import_module(f"ops_handbook_tools.{name}")
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert not result.failed
