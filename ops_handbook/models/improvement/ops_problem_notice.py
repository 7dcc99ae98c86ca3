from odoo import api, fields, models
from odoo.tools import email_split

# what became of a report (state before, state) → the mail that says so; None before stands for any
NOTICES = {
    (None, "new"): "ops_problem_mail_received",
    (None, "accepted"): "ops_problem_mail_accepted",
    (None, "rejected"): "ops_problem_mail_rejected",
    (None, "returned"): "ops_problem_mail_returned",
    (None, "resolved"): "ops_problem_mail_resolved",
    ("resolved", "handling"): "ops_problem_mail_not_effective",
    (None, "closed"): "ops_problem_mail_closed",
    # operations drop what they accepted or returned; before that reporters themselves withdraw
    ("returned", "cancelled"): "ops_problem_mail_cancelled",
    ("accepted", "cancelled"): "ops_problem_mail_cancelled",
    ("handling", "cancelled"): "ops_problem_mail_cancelled",
}
TO_HANDLER = {"ops_problem_mail_assigned", "ops_problem_mail_not_effective"}


class OpsProblem(models.Model):
    """Whom a step is told by mail: the reporter, also one without an account; and the handler."""

    _inherit = "ops.problem"

    reply_email = fields.Char(
        compute="_compute_reply_email", compute_sudo=True, groups="ops_handbook.group_operations",
        help="Address of a reporter without an account.",
    )
    handler_or_head_id = fields.Many2one("res.users", compute="_compute_handler_or_head_id", compute_sudo=True)
    last_reason = fields.Text(compute="_compute_last_reason", compute_sudo=True, help="Why the last step was taken.")

    @api.depends("state")
    def _compute_last_reason(self):
        for problem in self:
            problem.last_reason = problem.transition_ids[:1].reason

    @api.depends("author_id", "contact")
    def _compute_reply_email(self):
        for problem in self:
            found = [] if problem.author_id else email_split(problem.contact or "")
            problem.reply_email = found[0] if found else False

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        for state, problems in self.sudo().grouped("state").items():  # sudo: see _notify
            for before, same in problems.grouped(lambda problem: previous[problem.id]).items():
                same._notify_step(before, state)

    def _notify_step(self, before, state):
        template = NOTICES.get((before, state)) or NOTICES.get((None, state))
        if template:
            # whoever withdraws what they reported knows it
            told = self.filtered(lambda problem: problem.author_id != self.env.user) if state == "cancelled" else self
            told._notify(template)
        if state == "accepted":
            self._notify("ops_problem_mail_assigned")

    def _notify(self, template_name):
        """Queue one mail per problem: to the handler, or to the reporter; to nobody where nobody is known.

        :param str template_name: external id in this addon; a template that somebody deleted sends nothing
        """
        problems_sudo = self.sudo()  # sudo: the notice is the system's, whoever pressed the button
        if template_name in TO_HANDLER:
            told = problems_sudo.filtered("handler_or_head_id")
        else:
            told = problems_sudo.filtered(lambda problem: problem.author_id or problem.reply_email)
        # whom it goes to, and in which language, stands in the template, where administrators see and change it
        self.env["ops.notice"]._queue(f"ops_handbook.{template_name}", [{"object": problem} for problem in told])

    @api.depends("handler_id", "responsible_department_id")
    def _compute_handler_or_head_id(self):
        """Who sees to the problem: the handler, otherwise the head of the responsible department or of one above."""
        heads = self.responsible_department_id._ops_heads()
        for problem in self:
            problem.handler_or_head_id = problem.handler_id or heads.get(problem.responsible_department_id.id)
