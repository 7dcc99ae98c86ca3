from odoo import api, fields, models

from ...tools import token

# where a task comes from: a user who could say so would read the name of any record there is
MACHINERY = ("source_model", "source_id", "carried_from_id")


class OpsTask(models.Model):
    """Tasks that the machinery makes: from what is known of a month, and from what an earlier month did not finish."""

    _inherit = "ops.task"

    @api.model
    def _create_prefilled(self, vals_list):
        """Create tasks with what only the machinery writes: source, share, the task that is carried on.

        :param vals_list: values as of ``create``, each with its ``month_plan_id``
        """
        tasks = self.create([
            {name: value for name, value in vals.items() if name not in MACHINERY} for vals in vals_list
        ])
        for task, vals in zip(tasks.sudo(), vals_list, strict=True):  # sudo: the machinery's own fields
            if own := {name: vals[name] for name in MACHINERY if vals.get(name)}:
                token.marked(task).write(own)
        return tasks

    def _carried_values(self):
        """Return with what values this task goes on in a later month; its history stays where it is."""
        return {
            "name": self.name, "description": self.description, "deliverable": self.deliverable, "priority": self.priority,
            "weight": self.weight, "owner_id": self.owner_id.filtered("active").id, "job_id": self.job_id.id,
            "helper_ids": [fields.Command.set(self.helper_ids.ids)], "initiative_id": self.initiative_id.id,
            "source_model": self.source_model, "source_id": self.source_id, "is_routine": self.is_routine,
            "asks_evidence": self.asks_evidence, "carried_from_id": self.id,
        }
