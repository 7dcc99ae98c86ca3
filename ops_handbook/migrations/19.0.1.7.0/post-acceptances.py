"""What somebody accepts has been asked of them (D1) since 19.0.1.5.0; measures of handling plans that were done before wait, too.

Only while their plan runs: nobody accepts what belongs to one that is over. Where the engine was not started nobody is asked.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    measures = env["ops.problem.measure"].search([
        ("state", "=", "done"), ("needs_acceptance", "=", True), ("plan_id.state", "in", ("submitted", "returned", "accepted")),
    ])
    asked = env["ops.obligation"].search([
        ("code", "=", "D1"), ("source_model", "=", measures._name), ("source_id", "in", measures.ids),
    ])
    (measures - measures.browse(asked.mapped("source_id")))._ask_acceptance()
