"""A change request says a day only where somebody chose one: until now each draft got the day on which it was begun.

What is open would be refused with a day that is over, although nobody had chosen it.
"""


def migrate(cr, version):
    cr.execute("""
        UPDATE ops_plan_change SET date_effective = NULL
         WHERE state IN ('draft', 'returned') AND date_effective - create_date::date BETWEEN -1 AND 1
    """)
