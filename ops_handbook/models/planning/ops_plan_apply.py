"""How an approved change request gets into a released plan; nothing else does."""
import psycopg2

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import token
from ...tools.saying import saying
from .ops_plan_change_line import PARTS

# the order in which lines are carried out: what is new first, goals before what refers to them, months last
ORDER = ("ops.kpi", "ops.plan.goal", "ops.plan.initiative", "ops.plan.resource", "ops.plan.milestone", "ops.plan.risk",
         "ops.plan.target")
KIND_ORDER = ("add", "change", "remove")


class TryOut(Exception):
    """Takes back what was only tried."""


class OpsPlan(models.Model):
    _inherit = "ops.plan"

    can_request_change = fields.Boolean(compute="_compute_can", help="The current user may ask for a change of the plan.")
    change_open_count = fields.Integer(string="Open Change Requests", compute="_compute_change_open_count")

    def _compute_can(self):
        super()._compute_can()
        roles = self._flow_roles()
        for plan in self:
            plan.can_request_change = plan.state == "released" and "head" in roles[plan.id]

    def _compute_change_open_count(self):
        groups = self.env["ops.plan.change"]._read_group(
            [("plan_id", "in", self.ids), ("state", "not in", self.env["ops.plan.change"]._flow_closed)],
            ["plan_id"], ["__count"],
        )
        counts = {plan.id: count for plan, count in groups}
        for plan in self:
            plan.change_open_count = counts.get(plan.id, 0)

    def action_request_change(self):
        """Open a new change request about this plan: a draft that is saved when something is written into it."""
        self.ensure_one()
        self.env["ops.plan.change"]._known_plans(self.ids)
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.plan.change",
            "views": [(False, "form")],
            "name": self.env._("Change of %(plan)s", plan=self.display_name),
            "context": {"default_plan_id": self.id},
        }

    def action_open_changes(self):
        """Open the change requests about these plans."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.plan.change",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": self.env._("Change Requests"),
            "domain": [("plan_id", "in", self.ids)],
            "context": {"default_plan_id": self.id} if len(self) == 1 else {},
        }

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        over = self._left("released", previous).sudo()  # sudo: nothing of a plan that is over is decided any more, nor read
        over.change_ids._cancel_with_plan()
        over._cancel_clock("V2", reason or saying(self.env)._("The plan is not in force any more."))

    # -- an approved change ----------------------------------------------------------------------------------------------

    def _apply(self, change):
        """Carry out an approved change request on this released plan, all or nothing, and freeze the next version.

        :param change: the request (sudo), already *approved*
        :return: the version
        :raise UserError: naming every line whose old value the plan has no longer, or whose new one it does not take
        """
        self.ensure_one()
        change.ensure_one()
        if change.state != "approved" or change.version_id or change.plan_id != self:
            raise UserError(self.env._("%(record)s has not been approved for this plan.", record=change.display_name))
        plan_sudo = self.sudo()  # sudo: the plan is locked for everybody; the approval was decided by the request's flow
        plan_sudo._lock_for_change(change.line_ids)
        change._check_plan_released()
        change._raise_problems(change._stale() or change._problems())
        before = plan_sudo._owners_of(change.line_ids)
        change._raise_problems(plan_sudo._write_changes(change.line_ids))
        plan_sudo._grow_version()  # of two approvals at the same time the second finds what the first has written
        version = plan_sudo._freeze_change(change)
        plan_sudo._after_apply(change, version, before)
        return version

    def _lock_for_change(self, lines):
        """Hold the plan and what the lines change, in a fixed order, until the end of the transaction."""
        self._transition_lock()
        for model in ORDER:
            ids = sorted(lines.filtered(lambda line, model=model: line.target_model == model and line.target_id).mapped("target_id"))
            if ids:
                records = self.env[model].browse(ids)
                records.flush_recordset()
                self.env.cr.execute(SQL(
                    "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", SQL.identifier(records._table), tuple(ids),
                ))
                records.invalidate_recordset(flush=False)

    def _try_changes(self, lines):
        """Return what the plan (sudo) would not take of ``lines``: carried out, and taken back."""
        problems = []
        try:
            with self.env.cr.savepoint():
                problems = self._write_changes(lines)
                raise TryOut
        except TryOut:
            return problems

    def _write_changes(self, lines):
        """Carry out lines on this plan (sudo), what belongs to one record together: list of sentences about what failed."""
        problems, known, undirected = [], set(self._whole_complaints()), self.goal_ids._filtered_undirected()
        for group in self._change_groups(lines):
            try:
                with self.env.cr.savepoint():
                    group._carry_out(self)
            except UserError as error:
                problems.append(group[:1]._said(str(error)))
            except (psycopg2.IntegrityError, psycopg2.DataError) as error:
                problems.append(group[:1]._said(self.env[group[:1].target_model]._sql_error_to_message(error)))
        if problems:
            return problems
        known.update(undirected._missing_in_words())  # they may have another name by now
        # what was amiss before the request is not its fault
        return [sentence for sentence in self._whole_complaints() if sentence not in known]

    def _change_groups(self, lines):
        """Return the lines in the order in which they are carried out; all about one record are one group, its months too."""
        groups = {}
        for line in lines:
            model, target_id = line.target_model, line.target_id or f"new {line.id}"
            if model == "ops.plan.target":
                month = self.env[model].browse(target_id)
                model, target_id = month._owner()._name, month._owner().id
            groups[line.kind, model, target_id] = groups.get((line.kind, model, target_id), line.browse()) | line

        def order(key):
            kind, model = KIND_ORDER.index(key[0]), ORDER.index(key[1])
            return (kind, -model if key[0] == "remove" else model)

        return [groups[key] for key in sorted(groups, key=order)]

    def _whole_complaints(self):
        """Return what is wrong with this plan (sudo) as a whole, as it would keep one from handing it in or releasing it."""
        parts = self._missing_parts()[self.id]
        lacking = [self.env._("The plan would lack: %(parts)s.", parts=", ".join(parts))] if parts else []
        return [*lacking, *self._missing_content()[self.id], *self._missing_for_release().get(self.id, [])]

    # -- the version -----------------------------------------------------------------------------------------------------

    def _freeze_change(self, change):
        """Return the version that a change made of this plan (sudo): without what was taken out."""
        version = self.with_context(active_test=True)._publish_versions(change.reason)
        token.marked(change).write({"version_id": version.id})
        return version

    def _after_apply(self, change, version, before):
        """Hook of the layers above, once a change is carried out; all superuser.

        :param change: the approved request
        :param version: the version that it made
        :param dict before: record → owner before, of what has an owner
        """
        change._notify_owners(before)
        self.report_ids._prefill()  # those in work are measured against what is in force by now

    def _owners_of(self, lines):
        """Return who owns what the lines change of an owner: dict record → user."""
        records = [
            self.env[line.target_model].browse(line.target_id)
            for line in lines if line.kind == "change" and line.target_field == "owner_id"
        ]
        return {record: record.owner_id for record in records}


class OpsPlanChangeLine(models.Model):
    _inherit = "ops.plan.change.line"

    def _carry_out(self, plan):
        """Write these lines (sudo), all about the same record of ``plan``, into the plan."""
        first = self[:1]
        model = token.PLAN.on(self.env[first.target_model].sudo())  # sudo: see _apply
        if first.kind == "add":
            added = model.create({**self._writable(first.new_json), "plan_id": plan.id})
            self._break_down(added)
            return
        months = self.filtered(lambda line: line.target_model == "ops.plan.target")
        if months == self:
            target = token.PLAN.on(model.browse(first.target_id)._owner())
        else:
            line = (self - months)[:1]
            target = token.PLAN.on(self.env[line.target_model].sudo()).browse(line.target_id)  # sudo: see _apply
        if first.kind == "remove":
            self._take_out(target)
        else:
            self._carry_out_values(target, months)

    def _carry_out_values(self, target, months):
        """Write new values into ``target`` (sudo), then those of single ``months`` (lines) of it."""
        values, parts = {}, {}
        for line in self - months:
            values.update(self._writable(line.new_json))
        for line in months:
            parts[self.env["ops.plan.target"].browse(line.target_id).month] = line.new_json["value"]
        is_goal = target._name == "ops.plan.goal"
        measured_anew = is_goal and "kpi_id" in values
        figure = values.pop("target", None) if is_goal and not measured_anew else None
        if values:
            target.write(values)
        if measured_anew:  # months of another indicator say nothing of this one
            self._break_down(target)
        if is_goal and (figure is not None or parts):
            target._apply_target(figure, parts)
        elif parts:
            target._set_breakdown(parts)

    def _break_down(self, added):
        """Give a new goal or initiative its months: evenly."""
        if added._name in ("ops.plan.goal", "ops.plan.initiative") and added._is_broken_down():
            added._put_breakdowns(added._split())

    def _take_out(self, target):
        """Take a part out of the plan; its row stays for the reports and tasks that speak of it, the months go."""
        if "target_ids" in target._fields:
            token.BREAKDOWN.on(target.target_ids).unlink()
        name = {"ops.plan.goal": "goal_id", "ops.plan.initiative": "initiative_id"}.get(target._name)
        for model in PARTS:
            if name in self.env[model]._fields:
                target.env[model].search([(name, "=", target.id)]).write({name: False})
        target.write({"active": False})
