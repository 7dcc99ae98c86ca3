from odoo import models
from odoo.exceptions import UserError

# states of an annual plan to whose initiatives a month may link: handed in, released or not (January's tasks)
LINKABLE = ("submitted", "review", "returned", "final", "released")


class OpsMonthPlan(models.Model):
    """What a month plan must hold before it takes the next step; the message names all that is missing at once."""

    _inherit = "ops.month.plan"

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state not in ("assigned", "submitted", "filed", "issued"):
            return
        missing = self._missing_for(state)
        for plan in self.sudo().filtered(lambda plan: plan.state != "reported"):  # sudo: named in the message only
            if sentences := missing[plan.id]:
                raise UserError("\n".join([
                    self.env._("%(plan)s cannot become “%(state)s” yet:", plan=plan.display_name, state=self._state_label(state)),
                    *(f"• {sentence}" for sentence in sentences),
                ]))

    def _missing_for(self, state):
        """Return what a plan lacks before it can become ``state``: dict id → list of sentences.

        Assigned (M1): every task has an owner. Submitted (M2): each is linked as well, and its dates fit. Filed, issued:
        the departments that are needed have agreed.
        """
        result = {}
        for plan in self.sudo():  # sudo: the rule counts all tasks, whoever may read them
            tasks = plan.task_ids.filtered(lambda task: task.state != "cancelled")
            sentences = [] if tasks else [self.env._("Tasks: there is none. Add what the department does in this month.")]
            sentences += plan._missing_owners(tasks)
            if state != "assigned":
                sentences += plan._missing_links(tasks) + plan._wrong_dates(tasks)
            if state in ("filed", "issued"):
                sentences += plan._missing_consents(tasks)
            result[plan.id] = sentences
        return result

    def _missing_owners(self, tasks):
        if lost := tasks.filtered(lambda task: not task.owner_id.active):
            return [self.env._("Owner: name somebody who can log in for %(tasks)s.", tasks=self._listed(lost))]
        return []

    def _missing_links(self, tasks):
        """A task with neither initiative, source nor routine cannot be filed."""
        sentences = []
        if loose := tasks.filtered(lambda task: not task._is_linked()):
            sentences.append(self.env._(
                "Link: choose an initiative, a source or “routine” for %(tasks)s.", tasks=self._listed(loose)
            ))
        drafted = tasks.filtered(
            lambda task: task.initiative_id and task.initiative_id.plan_id.state not in LINKABLE
            and task.initiative_id != task.carried_from_id.initiative_id  # linked and checked in its first month
        )
        if drafted:
            sentences.append(self.env._(
                "Initiative: its annual plan has not been submitted, or does not count any more: %(tasks)s.",
                tasks=self._listed(drafted),
            ))
        return sentences

    def _wrong_dates(self, tasks):
        """A task may begin before its month and end after it, but it must touch it."""
        outside = tasks.filtered(lambda task: not task._touches_month())
        if outside:
            return [self.env._("Start, End: they lie outside the month: %(tasks)s.", tasks=self._listed(outside))]
        return []

    def _missing_consents(self, tasks):
        sentences = []
        if asked := tasks.filtered(lambda task: task.consent_department_id and task.consent_state == "asked"):
            sentences.append(self.env._("Consent: another department has not answered yet: %(tasks)s.", tasks=", ".join(
                f"“{task.name}” ({task.consent_department_id.name})" for task in asked
            )))
        if declined := tasks.filtered(lambda task: task.consent_department_id and task.consent_state == "declined"):
            sentences.append(self.env._(
                "Consent: another department has declined; have the plan returned, and change or take out %(tasks)s.",
                tasks=", ".join(f"“{task.name}” ({task.consent_department_id.name})" for task in declined),
            ))
        return sentences

    def _listed(self, tasks):
        return ", ".join(f"“{task.name}”" for task in tasks)

    def _next_to_reach(self):
        """Return the state that this plan takes next on its way to the issue; None when it has got there."""
        return {
            "draft": "assigned", "assigned": "submitted", "returned": "submitted", "submitted": "filed", "filed": "issued",
        }.get(self.state)
