from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools import token
from ...tools.ids import some_ids
from ...tools.saying import saying

STOPPED = ("returned", "cancelled")  # states in which nobody waits for a sheet


class OpsPlan(models.Model):
    """Review: who is asked for a sheet, who never is, and what stands between a plan and its final version."""

    _inherit = "ops.plan"

    review_line_ids = fields.One2many(
        "ops.plan.review.line", "plan_id", string="Comments", readonly=True,
        domain=[("comment", "!=", False), ("review_id.state", "=", "submitted")],
    )
    review_count = fields.Integer(string="Review Sheets Asked For", compute="_compute_review_count")
    waiting_count = fields.Integer(string="Comments to Answer", compute="_compute_review_count")
    review_missing = fields.Text(
        string="In the Way of the Final Version", compute="_compute_review_missing", help="Who has to do what before that."
    )
    can_ask_reviewers = fields.Boolean(compute="_compute_can_review_more")
    can_write_review = fields.Boolean(compute="_compute_can_review_more", help="The current user may write a sheet.")

    @api.depends("review_ids.state", "review_ids.waiting_count")
    def _compute_review_count(self):
        groups = self.env["ops.plan.review"]._read_group(
            [("plan_id", "in", self.ids), ("state", "!=", "cancelled")], ["plan_id"], ["__count", "waiting_count:sum"]
        )
        found = {plan.id: counts for plan, *counts in groups}
        for plan in self:
            plan.review_count, plan.waiting_count = found.get(plan.id, (0, 0))

    @api.depends("state", "review_ids.state", "review_ids.waiting_count", "review_ids.overruled_on")
    @api.depends_context("lang")
    def _compute_review_missing(self):
        missing = self.filtered(lambda plan: plan.id and plan.state in ("review", "returned"))._missing_for_final()
        for plan in self:
            plan.review_missing = "\n".join(missing.get(plan.id, ())) or False

    def action_open_reviews(self):
        """Open the review sheets of these plans."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.plan.review",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "name": self.env._("Review Sheets"),
            "domain": [("plan_id", "in", self.ids)],
        }

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_review_more(self):
        roles, written = self._flow_roles(), self._written_by(self.env.user)
        groups = ("group_head", "group_gm_office")
        reviews = any(self.env.user.has_group(f"ops_handbook.{group}") for group in groups)
        for plan in self:
            plan.can_ask_reviewers = plan.state == "review" and "decider" in roles[plan.id]
            plan.can_write_review = plan.state == "review" and reviews and plan not in written

    # -- who wrote a plan --------------------------------------------------------------------------------------------

    def _authors(self):
        """Return who wrote each plan, and so cannot review it: dict id → users (sudo).

        The author, the head of the department, and whoever handed it in.
        """
        plans_sudo = self.sudo()  # sudo: names on the plan, to decide by
        heads = plans_sudo.department_id._ops_heads()
        handed_in = self.env["ops.form.transition"].sudo()._read_group(  # sudo: as above
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("to_state", "=", "submitted")],
            ["res_id", "user_id"],
        )
        found = {plan.id: plan.author_id | heads.get(plan.department_id.id, plan.author_id) for plan in plans_sudo}
        for plan_id, user in handed_in:
            if user.id != api.SUPERUSER_ID:
                found[plan_id] |= user
        return found

    def _written_by(self, user):
        """Return those plans that ``user`` wrote, or somebody for whom they stand in now."""
        principals, authors = user._ops_principals(), self._authors() if self else {}
        return self.filtered(lambda plan: authors.get(plan.id, principals.browse()) & principals)

    def _answering_users(self):
        """Return who answers for each plan: dict id → its head, or its author where the department has none (sudo)."""
        plans_sudo = self.sudo()  # sudo: names on the plan, to write to
        heads = plans_sudo.department_id._ops_heads()
        return {plan.id: heads.get(plan.department_id.id) or plan.author_id for plan in plans_sudo}

    # -- asking for sheets -------------------------------------------------------------------------------------------

    def action_start_review(self, reviewer_ids=None):
        """Begin the review of these plans, and ask for sheets: whoever begins it, for the GM office, and the reviewers.

        Sheets of an earlier round stay. Of several plans each reviewer is asked for those that they did not write.

        :param list reviewer_ids: ids of the users to ask; None: the dialog that asks for them
        """
        if reviewer_ids is None:
            return self._ask_for_reviewers()
        users = self._checked_reviewers(reviewer_ids)
        self._transition("review")
        self._ask_reviewers(users | self.env.user, strict=len(self) == 1 and users)
        return True

    def action_ask_reviewers(self, reviewer_ids=None):
        """Ask more people for a sheet on plans that are in review; the GM office.

        :param list reviewer_ids: ids of the users to ask; None: the dialog that asks for them
        """
        if reviewer_ids is None:
            return self._ask_for_reviewers()
        self.check_access("read")
        users, roles = self._checked_reviewers(reviewer_ids), self._flow_roles()
        for plan in self:
            if plan.state != "review":
                raise UserError(self.env._(
                    "%(plan)s is “%(state)s”: sheets are asked for while it is in review.",
                    plan=plan.display_name, state=plan._state_label(plan.state),
                ))
            if "decider" not in roles[plan.id]:
                raise AccessError(self.env._("Only the GM office asks for review sheets."))
        self._ask_reviewers(users, strict=len(self) == 1 and users)
        return True

    def action_write_review(self):
        """Open the current user's sheet on this plan; where there is none yet, begin one."""
        self.ensure_one()
        self.check_access("read")
        sheets = self.env["ops.plan.review"]
        sheet = sheets.search([
            ("plan_id", "=", self.id), ("reviewer_id", "in", self.env.user._ops_principals().ids), ("state", "!=", "cancelled"),
        ], limit=1)
        return (sheet or sheets.create({"plan_id": self.id}))._obligation_open_action()

    def _ask_for_reviewers(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "ops.plan.review.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "name": self.env._("Ask for Reviews"),
            "context": {"default_plan_ids": self.ids},
        }

    def _checked_reviewers(self, ids):
        """Return the users that a program or the dialog named."""
        named = some_ids(ids)
        # sudo: whether somebody exists and can log in is asked; whom one may ask is decided below
        users = self.env["res.users"].sudo().browse(named).exists()
        known = isinstance(ids, (list, tuple)) and len(named) == len(ids) and len(users) == len(set(named))
        if not known or any(user.share or not user.active for user in users):
            raise ValidationError(self.env._("Reviewers: choose employees who can log in."))
        return users

    def _default_reviewers(self):
        """Return whom to ask for sheets: those asked before, otherwise the heads of the other departments of the cycle."""
        plans_sudo = self.sudo()  # sudo: who leads a department is no secret of the cycle's office
        asked = plans_sudo.review_ids.filtered(lambda sheet: sheet.state != "cancelled" and sheet.asked_by_id).reviewer_id
        if asked:
            return asked
        heads = plans_sudo.cycle_id.department_ids._ops_heads()
        users = self.env["res.users"].sudo().union(*heads.values())
        return users - plans_sudo._authors()[self.id] if len(self) == 1 else users

    def _ask_reviewers(self, users, strict=False):
        """Ask ``users`` for a sheet on each of these plans, as far as they have none and did not write it.

        :param strict: users who must not have written it: refused by name
        """
        # sudo: sheets are made in the name of those who are asked; whoever asks was allowed to above
        sheets_sudo, plans_sudo, authors = self.env["ops.plan.review"].sudo(), self.sudo(), self._authors()
        known = {(sheet.plan_id, sheet.reviewer_id) for sheet in plans_sudo.review_ids if sheet.state != "cancelled"}
        users = users.sudo()
        wanted = [
            {"plan_id": plan.id, "reviewer_id": user.id}
            for plan in plans_sudo for user in users
            if (plan, user) not in known and (not user._ops_principals() & authors[plan.id] or (strict and user in strict))
        ]
        if not wanted:
            return
        created = sheets_sudo.create(wanted)
        token.marked(created).write({"asked_by_id": self.env.uid})
        created._start_v1()
        created._notify_asked()

    # -- the way to the final version --------------------------------------------------------------------------------

    def _missing_for_final(self):
        """Return what of the review stands in the way of the final version, in words: dict id → list of sentences."""
        result = {plan.id: [] for plan in self}
        for plan in self.sudo():  # sudo: what is missing is told to whoever may read the plan, without the comments themselves
            sheets = plan.review_ids
            given = sheets.filtered(lambda sheet: sheet.state == "submitted")
            result[plan.id] += [
                self.env._("%(reviewer)s has not given the review sheet yet.", reviewer=sheet.reviewer_id.name)
                for sheet in sheets if sheet.state == "draft" and sheet.asked_by_id
            ]
            result[plan.id] += [
                self.env._("A comment is not answered: %(comment)s.", comment=line.display_name)
                for sheet in given for line in sheet.line_ids if line.comment and not line.answer
            ]
            result[plan.id] += [
                self.env._("%(reviewer)s says “fail”, and the GM office has not overruled it.", reviewer=sheet.reviewer_id.name)
                for sheet in given if sheet.verdict == "fail" and not sheet.overruled_on
            ]
        return result

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "final":
            missing = self._missing_for_final()
            for plan in self:
                if missing[plan.id]:
                    raise UserError(self.env._(
                        "%(plan)s cannot become final yet:", plan=plan.sudo().display_name,  # sudo: called by its name
                    ) + "\n" + "\n".join(f"• {sentence}" for sentence in missing[plan.id]))

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        plans_sudo = self.sudo()  # sudo: see _transition
        if again := plans_sudo._entered("review", previous):
            again.review_ids._start_v1()
            again._notify_again()
        for state in STOPPED:
            if stopped := plans_sudo._entered(state, previous):
                stopped.review_ids._stop_v1(reason or saying(self.env)._("The plan is no longer in review."))
        if cancelled := plans_sudo._entered("cancelled", previous):
            waiting = cancelled.review_ids.filtered(lambda sheet: sheet.state == "draft")
            waiting._transition("cancelled", saying(self.env)._("The plan was cancelled."))

    def _notify_again(self):
        """Tell reviewers whose comments the author has worked in that they may look again."""
        critical = self.review_ids.filtered(lambda sheet: sheet.state == "submitted" and sheet.verdict != "pass")
        critical._tell("ops_plan_mail_review_again", {sheet.id: sheet.reviewer_id for sheet in critical})
