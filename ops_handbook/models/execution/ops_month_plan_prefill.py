from odoo import api, fields, models

from ...tools import clock
from ...tools.recurrence import period_bounds
from .ops_month_plan_check import LINKABLE


class OpsMonthPlan(models.Model):
    """A month plan begins with what is known already: the annual plan's breakdown, what was not finished, what was decided."""

    _inherit = "ops.month.plan"

    def action_prefill(self):
        """Add what is known of the month and not on the plan yet.

        :return: the notification that says how many tasks were added
        """
        self.check_access("write")
        added = self._prefill()
        message = (
            self.env._("%(count)s tasks added. Look them over, and add what is missing.", count=len(added)) if added
            else self.env._("Nothing new: all that is known of the month is on the plan already.")
        )
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {
                "message": message, "type": "success" if added else "info",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _prefill(self):
        """Add to these plans, many at once, what is known of their months; nothing that is there already.

        :return: the new tasks
        """
        plans = self.filtered(lambda plan: plan.state in plan._flow_open)
        # sudo: what the month is made of is found, whoever may read each of the sources
        known = plans.sudo()._known_links()
        wanted = []
        for plan_id, vals_list in plans.sudo()._prefill_sources(plans.sudo()).items():
            for vals in vals_list:
                # what is carried over is nothing else that happens to have the same initiative or source
                own = {"carried_from_id": vals["carried_from_id"]} if vals.get("carried_from_id") else vals
                if not self._links_of(own) & known[plan_id]:
                    known[plan_id] |= self._links_of(vals)
                    wanted.append({**vals, "month_plan_id": plan_id})
        return self.env["ops.task"]._create_prefilled(wanted)

    @api.model
    def _links_of(self, vals):
        """Return by what a task is recognised: its initiative, its source, the task that it carries on."""
        links = {
            ("ops.plan.initiative", vals.get("initiative_id")), (vals.get("source_model"), vals.get("source_id")),
            ("ops.task", vals.get("carried_from_id")),
        }
        return {(model, record_id) for model, record_id in links if record_id}

    def _known_links(self):
        """Return by what the tasks of each plan are recognised, and sources that an open task of an earlier month has."""
        tasks = self.env["ops.task"].search([
            "|", ("month_plan_id", "in", self.ids), "&", "&", ("source_id", "!=", False), ("state", "in", ("todo", "progress")),
            "|", ("department_id", "in", self.department_id.ids), ("month_plan_id.successor_id", "in", self.department_id.ids),
        ])
        known = {plan.id: set() for plan in self}
        for task in tasks:
            links = self._links_of({
                "initiative_id": task.initiative_id.id, "source_model": task.source_model, "source_id": task.source_id,
                "carried_from_id": task.carried_from_id.id,
            })
            if task.month_plan_id.id in known:
                known[task.month_plan_id.id] |= links
            else:
                whose = task.department_id | task.month_plan_id.successor_id
                for plan in self.filtered(lambda plan, whose=whose: plan.department_id in whose):
                    known[plan.id] |= {link for link in links if link[0] == task.source_model}
        return known

    # -- where tasks come from ------------------------------------------------------------------------------------------

    @api.model
    def _prefill_sources(self, plans):
        """Return what the months of ``plans`` (superuser) are made of: dict plan id → list of values of tasks.

        Hook: layers above add what they know; they find the department of a person by ``_prefill_action_items``.
        """
        found = {plan.id: [] for plan in plans}
        for known in (
            self._prefill_carried(plans), self._prefill_initiatives(plans),
            self._prefill_action_items(plans, "ops.resolution"),
        ):
            for plan_id, vals_list in known.items():
                found[plan_id] += vals_list
        return found

    @api.model
    def _prefill_initiatives(self, plans):
        """The initiatives of the annual plan that run in the month, each with its share of it (the breakdown)."""
        initiatives = self.env["ops.plan.initiative"].search([
            ("department_id", "in", plans.department_id.ids), ("plan_id.state", "in", LINKABLE),
            ("plan_id.year", "in", list({plan.month.year for plan in plans})),
        ])
        shares = {
            (target.initiative_id.id, target.month): target.value
            for target in self.env["ops.plan.target"].search([("initiative_id", "in", initiatives.ids)])
        }
        broken_down = {initiative for initiative, _month in shares}
        found = {}
        for plan in plans:
            running = initiatives.filtered(lambda item, plan=plan: item.department_id == plan.department_id
                                           and item.plan_id.year == plan.month.year
                                           and plan._runs(item, shares, broken_down))
            found[plan.id] = [
                plan._values_of_initiative(item, shares.get((item.id, plan.period), 0.0)) for item in running
            ]
        return found

    def _runs(self, initiative, shares, broken_down):
        """Tell whether an initiative runs in this month: the breakdown says so, or its dates where there is none."""
        if initiative.id in broken_down:
            return bool(shares.get((initiative.id, self.period)))
        begins, ends = initiative.date_start or self.month, initiative.date_end or self._last_day()
        return begins <= self._last_day() and ends >= self.month

    def _values_of_initiative(self, initiative, share):
        return {
            "name": initiative.name,
            "initiative_id": initiative.id,
            "initiative_share": share,
            "deliverable": initiative.deliverable,
            "owner_id": self._working(initiative.owner_id).id,
            "date_start": self._inside(initiative.date_start, self.month),
            "date_end": self._inside(initiative.date_end, self._last_day()),
        }

    @api.model
    def _prefill_action_items(self, plans, model):
        """What people of the departments of ``plans`` have to do in the month: open action items of ``model``, as its
        ``_task_domain`` says.

        What falls due before the month begins belongs on it only when it is overdue already.
        """
        covered = plans.department_id._ops_covered()
        latest = max((plan._last_day() for plan in plans), default=None)
        items = self.env[model].search([
            ("state", "=", "open"), ("department_id", "in", list(set().union(*covered.values()))),
            ("date_due", "<=", latest), *self.env[model]._task_domain(),
        ]) if latest else self.env[model]
        return {
            plan.id: [
                plan._values_of_item(item) for item in items
                if item.department_id.id in covered[plan.department_id.id] and plan._takes_due(item.date_due)
            ]
            for plan in plans
        }

    def _takes_due(self, day):
        """Tell whether what falls due on ``day`` belongs on this plan."""
        return self.month <= day <= self._last_day() or day < min(self.month, clock.today(self.company_id._ops_tz()))

    def _values_of_item(self, item):
        return {
            "name": item.name,
            "source_model": item._name,
            "source_id": item.id,
            "deliverable": item.acceptance_standard,
            "owner_id": self._working(item.owner_id).id,
            "date_start": self.month,
            "date_end": self._inside(item.date_due, self._last_day()),
        }

    def _working(self, users):
        """Return those of ``users`` (superuser) who can carry out a task of this plan: who log in and work for its company."""
        return users.filtered(lambda user: user.active and not user.share and self.company_id in user.company_ids)

    def _last_day(self):
        return fields.Date.end_of(self.month, "month")

    def _inside(self, day, otherwise):
        """Return ``day`` when it lies in the month, else the day given."""
        return day if day and self.month <= day <= self._last_day() else otherwise

    # -- opening ----------------------------------------------------------------------------------------------------------

    @api.model
    def _open_month(self, departments, period):
        """Return the plans of departments for a month, those made now filled with what is known; one batch.

        :param departments: ``hr.department``
        :param str period: like 2027-03
        """
        month = period_bounds(period)[0]
        found = self.search([
            ("department_id", "in", departments.ids), ("period", "=", period), ("state", "!=", "cancelled"),
        ])
        missing = departments - found.department_id
        made = self.create([
            {
                "department_id": department.id, "month": month,
                "company_id": (department.company_id or self.env.company).id,
                **self._author_of(heads.get(department.id)),
            }
            for heads in [missing._ops_heads()] for department in missing
        ])
        made._prefill()
        return found | made

    @api.model
    def _author_of(self, head):
        """Made by the machinery a plan is its head's; made by a person it is that person's."""
        return {"author_id": head.id} if self.env.su and head else {}

    def _obligation_open_action(self, obligation=None):
        """Open what fulfils M1 and M2: the plan of the department and month, made and filled in when there is none; of M3
        the plans that wait for operations."""
        if self or not obligation:
            return super()._obligation_open_action(obligation)
        if obligation.code == "M3":
            return self._open_to_issue(obligation)
        departments = obligation.department_id
        if departments and departments in self.env.user.ops_department_ids:
            return self._open_month(departments, obligation.period)[:1]._obligation_open_action()
        return super()._obligation_open_action(obligation)

    @api.model
    def _open_to_issue(self, obligation):
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "name": obligation.display_name,
            "views": [(False, "list"), (False, "kanban"), (False, "form")], "mobile_view_mode": "kanban",
            "domain": [("period", "=", obligation.period), *obligation.sudo()._issue_scope()],  # sudo: ids of its own scope
            "context": {"search_default_to_issue": 1},
        }

    @api.model
    def _obligation_defaults(self, obligation):
        """Return what a new plan for an obligation begins with: the department and its month."""
        values = super()._obligation_defaults(obligation)
        if period := values.pop("period", None):
            values["month"] = period_bounds(period)[0]
        return values
