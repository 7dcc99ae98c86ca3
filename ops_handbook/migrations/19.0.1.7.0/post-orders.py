"""Lines of reports are indexed in their order, month first: the index on the month alone is needed no more.

Odoo leaves an index where it is that no field asks for.
"""


def migrate(cr, version):
    cr.execute("DROP INDEX IF EXISTS ops_completion_report_line__period_index, ops_progress_report_line__period_index")
