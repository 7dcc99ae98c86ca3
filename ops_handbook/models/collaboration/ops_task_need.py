from odoo import models


class OpsTask(models.Model):
    """A task that another department has to help with."""

    _name = "ops.task"
    _inherit = ["ops.task", "ops.need.mixin"]

    def _is_need_open(self):
        return self.state in ("todo", "progress")

    def _need_departments(self):
        return self.sudo().department_id  # sudo: asked, not shown

    def _need_values(self):
        return {
            "name": self.name, "parties": list(self.sudo().consent_department_id),  # sudo: names on the task
            "date_expected": self._need_day(self.date_end), "deliverable_standard": self.deliverable, "priority": self.priority,
            "background": "\n".join(filter(None, [self.description, self.progress_note])),
        }
