"""The resolution ledger came with 19.0.1.1.0: say which standards and obligations of an existing database belong to it.

Administrators own the standards, so the data file does not write to them again; the new field is filled once, here. What
else is new (L1, the levels of letters) is created by the data files.
"""

CODES = ("C5", "I3")


def migrate(cr, version):
    cr.execute("UPDATE ops_standard SET in_ledger = TRUE WHERE code IN %s", [CODES])
    cr.execute("UPDATE ops_obligation SET in_ledger = TRUE WHERE code IN %s", [CODES])
