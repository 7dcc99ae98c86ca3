"""pytest plugin: a test tagged `full` the Odoo way gets the pytest marker of that name."""

import pytest


def pytest_collection_modifyitems(items):
    for item in items:
        if "full" in getattr(getattr(item, "cls", None), "test_tags", ()):
            item.add_marker(pytest.mark.full)
