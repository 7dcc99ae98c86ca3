"""pytest plugin for Odoo's tests in two processes at once: neither takes the other's files away, and neither waits long at the end.

pytest-odoo gives each worker a database of its own and all of them one filestore. After each class Odoo's TransactionCase
removes the files that its own database does not know, among them those that a test of the other worker has just attached.
The filestore goes with the test database, so nothing has to be removed before.
"""

import os

LONGEST = "test_fuzz"  # begun last, one process would work on it while the other has nothing left


def pytest_collection_modifyitems(items):
    if not os.getenv("PYTEST_XDIST_WORKER"):
        return
    items.sort(key=lambda item: item.path.stem != LONGEST)
    from odoo.tests.common import TransactionCase

    TransactionCase._gc_filestore = classmethod(lambda cls: None)
