"""What the log gives as a reason is computed since 19.0.1.1.0, in the reader's language; what was written stays beside it."""

from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    if not column_exists(cr, "ops_form_transition", "reason"):
        return
    if column_exists(cr, "ops_form_transition", "reason_text"):
        cr.execute("UPDATE ops_form_transition SET reason_text = reason WHERE reason_text IS NULL AND reason IS NOT NULL")
        cr.execute("ALTER TABLE ops_form_transition DROP COLUMN reason")
    else:
        rename_column(cr, "ops_form_transition", "reason", "reason_text")
