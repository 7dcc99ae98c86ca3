from odoo import api, fields, models
from odoo.tools import SQL

from .ops_problem import CATEGORIES, LEVELS


class OpsLessonFigure(models.Model):
    """One line of the month's figures: all problems, those of a category, a level or a department."""

    _name = "ops.lesson.figure"
    _description = "Figures of the Month"
    _inherit = ["ops.form.line.mixin"]
    _order = "lesson_id, kind desc, level, category, department_id, id"
    _form_field = "lesson_id"

    lesson_id = fields.Many2one("ops.lesson", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lesson_id.company_id", store=True)
    kind = fields.Selection(
        [("total", "All"), ("level", "Level"), ("department", "Department"), ("category", "Category")],
        string="By", required=True, readonly=True,
    )
    category = fields.Selection(CATEGORIES, readonly=True)
    level = fields.Selection(LEVELS, readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True, index="btree_not_null", ondelete="set null")
    label = fields.Char(string="Group", compute="_compute_label")

    problem_count = fields.Integer(string="Problems", readonly=True)
    closed_count = fields.Integer(string="Closed", readonly=True)
    repeat_count = fields.Integer(string="Repeats", readonly=True)
    hours_to_accept = fields.Float(readonly=True, aggregator="avg")
    hours_to_start = fields.Float(readonly=True, aggregator="avg")
    hours_to_resolve = fields.Float(readonly=True, aggregator="avg")

    @api.depends("kind", "category", "level", "department_id")
    @api.depends_context("lang")
    def _compute_label(self):
        words = {
            name: dict(self._fields[name]._description_selection(self.env)) for name in ("category", "level")
        }
        for figure in self:
            if figure.kind == "total":
                figure.label = self.env._("All Problems")
            elif figure.kind == "department":
                # sudo: a department's name is no secret of hr
                figure.label = figure.department_id.sudo().display_name or self.env._("Not Assigned")
            else:
                figure.label = words[figure.kind].get(figure[figure.kind], "")

    @api.model
    def _compile(self, lessons):
        """Replace the figures of ``lessons``: one statement per lesson, whatever the number of problems."""
        # sudo: figures are counted by the system alone; the caller has asked whether the lessons may be written
        figures_sudo = self.sudo()
        figures_sudo.search([("lesson_id", "in", lessons.ids)]).unlink()
        figures_sudo.create([row for lesson in lessons.sudo() for row in figures_sudo._count(lesson)])

    @api.model
    def _count(self, lesson):
        """Return the values of the figures of one lesson."""
        self.env["ops.problem"].flush_model()
        begin, end = lesson._bounds()
        rows = self.env.execute_query_dict(SQL(
            """
            SELECT CASE WHEN GROUPING(category) = 0 THEN 'category'
                        WHEN GROUPING(level) = 0 THEN 'level'
                        WHEN GROUPING(responsible_department_id) = 0 THEN 'department'
                        ELSE 'total' END AS kind,
                   category, level, responsible_department_id AS department_id,
                   count(*) AS problem_count,
                   count(*) FILTER (WHERE state = 'closed') AS closed_count,
                   count(repeat_of_id) AS repeat_count,
                   COALESCE(avg(hours_to_accept) FILTER (WHERE accepted_on IS NOT NULL), 0) AS hours_to_accept,
                   COALESCE(avg(hours_to_start) FILTER (WHERE started_on IS NOT NULL), 0) AS hours_to_start,
                   COALESCE(avg(hours_to_resolve) FILTER (WHERE resolved_on IS NOT NULL), 0) AS hours_to_resolve
              FROM ops_problem
             WHERE company_id = %s AND submitted_on >= %s AND submitted_on < %s
               AND state NOT IN ('draft', 'returned', 'cancelled')
             GROUP BY GROUPING SETS ((), (category), (level), (responsible_department_id))
            """,
            lesson.company_id.id, begin, end,
        ))
        return [{"lesson_id": lesson.id, **row} for row in rows]
