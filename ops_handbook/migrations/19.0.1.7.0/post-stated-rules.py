"""An archived article comes back to the rules that it stated: since 19.0.1.7.0 they are kept when it is archived.

Of those that were archived before nobody knows what they stated then; from now on at least nothing is changed unseen.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    articles = env["ops.article"].with_context(active_test=False).search([
        ("is_published", "=", True), "|", ("active", "=", False), ("handbook_id.active", "=", False),
    ])
    articles._keep_rules()
