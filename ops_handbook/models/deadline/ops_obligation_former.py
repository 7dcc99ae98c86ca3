from odoo import api, models
from odoo.tools import SQL


class OpsObligation(models.Model):
    """What was owed the time before: whoever was not in time then, and is not again, repeats it.

    A department repeats what its head answers for, whoever leads it; where somebody answers by name that person does, so
    that figures of one's own tell nothing of how others keep a rule.
    """

    _inherit = "ops.obligation"

    # the expressions of _sql_not_in_time_before and _sql_debtor: one look-up finds what was owed the time before
    _former_idx = models.Index(
        "(code, company_id, COALESCE(department_id, 0),"
        " (CASE WHEN role = 'head' AND employee_id IS NULL THEN 0 ELSE COALESCE(responsible_id, 0) END),"
        " date_original, id) WHERE date_original IS NOT NULL"
    )

    @api.model
    def _sql_debtor(self, alias):
        """Return as SQL by whom within a department the same is owed again: 0 by whoever leads it, else the id of a user."""
        return SQL(
            "CASE WHEN %(ob)s.role = 'head' AND %(ob)s.employee_id IS NULL THEN 0 ELSE COALESCE(%(ob)s.responsible_id, 0) END",
            ob=SQL.identifier(alias),
        )

    @api.model
    def _sql_not_in_time_before(self, alias):
        """Return as SQL whether what was owed the time before was late or missed; no row where there was no such time.

        The time before is what had been due last, by the original due times, of the same code, company, department and
        debtor; of a record that owes something again and again (C4) that of the same record. What is in no rate is passed
        over: waived, cancelled, on hold, not due yet.

        :param str alias: rows with ``code``, ``company_id``, ``department_id``, ``period``, ``source_model``, ``source_id``,
            ``date_original`` and ``debtor`` (:meth:`_sql_debtor`)
        """
        return SQL(
            """
            SELECT former.result <> 'met'
              FROM (SELECT former.id, former.date_original, %(result)s AS result
                      FROM ops_obligation AS former
                     WHERE former.code = %(item)s.code
                       AND former.company_id = %(item)s.company_id
                       AND COALESCE(former.department_id, 0) = COALESCE(%(item)s.department_id, 0)
                       AND %(debtor)s = %(item)s.debtor
                       AND former.date_original < %(item)s.date_original
                       AND (%(item)s.period = ''
                            OR COALESCE(former.source_model, '') = COALESCE(%(item)s.source_model, '')
                           AND COALESCE(former.source_id, 0) = COALESCE(%(item)s.source_id, 0))
                   ) AS former
             WHERE former.result IN ('met', 'late', 'missed')
          ORDER BY former.date_original DESC, former.id DESC
             LIMIT 1
            """,
            item=SQL.identifier(alias),
            result=self.env["ops.obligation.report"]._sql_result("former"),
            debtor=self._sql_debtor("former"),
        )
