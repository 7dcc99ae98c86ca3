"""Runs the examples in the docstrings of ops_handbook/tools: pure Python, imported here without Odoo and the addon."""

import doctest
import importlib
import importlib.util
import sys

import pytest

from .sources import ADDON

TOOLS = ADDON / "tools"
MODULES = sorted(path.stem for path in TOOLS.glob("*.py") if path.stem != "__init__")


@pytest.fixture(scope="module")
def tools():
    """The package under a name of its own: importing it as ops_handbook.tools would load the models."""
    spec = importlib.util.spec_from_file_location(
        "ops_handbook_tools", TOOLS / "__init__.py", submodule_search_locations=[str(TOOLS)]
    )
    package = sys.modules["ops_handbook_tools"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    return package


@pytest.mark.parametrize("name", MODULES)
def test_examples(tools, name):
    module = importlib.import_module(f"{tools.__name__}.{name}")
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert not result.failed
