"""pytest plugin: Odoo's tests in two processes at once do not take each other's files away.

pytest-odoo gives each worker a database of its own and all of them one filestore. After each class Odoo's TransactionCase
removes the files that its own database does not know, among them those that a test of the other worker has just attached.
The filestore goes with the test database, so nothing has to be removed before.
"""

import os


def pytest_collection_modifyitems(items):
    if not os.getenv("PYTEST_XDIST_WORKER"):
        return
    from odoo.tests.common import TransactionCase

    TransactionCase._gc_filestore = classmethod(lambda cls: None)
