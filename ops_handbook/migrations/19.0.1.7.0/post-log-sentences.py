"""A sentence of the log that is said in other words by now: until 19.0.1.4.0 a measure that was taken out had one of its own.

The log keeps the English source, and nothing translates one that stands in no source any more: Chinese readers saw English.
"""


def migrate(cr, version):
    cr.execute("""
        UPDATE ops_form_transition SET reason_parts = '{"source": "The item was taken out."}'::jsonb
         WHERE reason_parts = '{"source": "The measure was taken out of the plan."}'::jsonb
    """)
