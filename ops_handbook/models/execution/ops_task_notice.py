from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

OWNERS = "ops_handbook.ops_task_mail_owners"
ASKED = "ops_handbook.ops_task_mail_consent"
ANSWERED = "ops_handbook.ops_task_mail_answered"


class OpsTask(models.Model):
    """What people are told of tasks: one digest per person and step, however many tasks there are."""

    _inherit = "ops.task"

    def _created(self):
        super()._created()
        tasks = self.sudo()  # sudo: the notice is the system's
        added = tasks.filtered("added_on")
        if added:
            added._check_added()
            added._notify_owners()
            added._mark_untold()
        asked = tasks.filtered(lambda task: task.consent_department_id and task.month_plan_id.state not in ("draft", "cancelled"))
        asked._ask_consent()

    def _check_added(self):
        """What is added to an issued plan is held to what the plan was filed with: an owner, a link, dates that touch the month."""
        for plan, tasks in self.grouped("month_plan_id").items():
            if sentences := [*plan._missing_owners(tasks), *plan._missing_links(tasks), *plan._wrong_dates(tasks)]:
                raise UserError("\n".join(sentences))

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        withdrawn = self.sudo().filtered(  # sudo: the notice is the system's
            lambda task: task.state == "cancelled" and task.month_plan_id.state in ("issued", "reported")
        )
        if withdrawn:
            withdrawn._notify_owners(withdrawn=True, reason=reason)
            withdrawn._mark_untold()

    def _notify_owners(self, withdrawn=False, reason=None):
        """Tell each owner what is theirs from now on, or is not any more: one mail for all their tasks (superuser)."""
        mails = []
        for owner, tasks in self.grouped("owner_id").items():
            if owner.active and owner.id != self.env.uid:
                mails.append(tasks._digest(owner, withdrawn=withdrawn, reason=reason or ""))
        self.env["ops.notice"]._queue(OWNERS, mails)

    def _digest(self, user, **names):
        """Return what one person is told of these tasks, as a dict of :meth:`ops.notice._queue`."""
        texts, address = self.with_context(lang=user.lang).env, f"{self[:1].get_base_url()}/odoo/ops-tasks"
        shown = self.sorted(lambda task: (task.date_end or task.month_plan_id.month, task.id))
        return {
            "object": user, "user": user, "company": self[:1].company_id, "count": len(self), "address": address,
            "summary": self._summary_of(texts, **names),
            "items": [
                {
                    "name": task.name, "department": task.department_id.name,
                    "due": format_date(texts, task.date_end) if task.date_end else "",
                    "url": f"{address}/{task.id}",
                }
                for task in shown[:50]  # a mail that nobody can read to its end helps nobody
            ],
            "more": max(0, len(shown) - 50),
            **names,
        }

    def _summary_of(self, texts, withdrawn=False, given=None, answering="", **_names):
        """Return the subject of a digest, in the language of ``texts``."""
        count = len(self)
        if given is not None:
            return (
                texts._("%(department)s agrees (%(count)s tasks)", department=answering, count=count) if given
                else texts._("%(department)s declines (%(count)s tasks)", department=answering, count=count)
            )
        if withdrawn:
            return texts._("Tasks withdrawn (%(count)s)", count=count)
        return texts._("Your tasks (%(count)s)", count=count)

    def _notify_asked(self):
        """Tell the heads whose consent is needed: one mail for all tasks of a department (superuser)."""
        heads = self.consent_department_id._ops_heads()
        mails = []
        for department, tasks in self.grouped("consent_department_id").items():
            if head := heads.get(department.id):
                mails += [tasks._digest(user) for user in head._ops_acts_for().values() if user.id != self.env.uid]
        self.env["ops.notice"]._queue(ASKED, mails)

    def _notify_answered(self):
        """Tell whoever wrote the plan what the other department said (superuser)."""
        self.env["ops.notice"]._queue(ANSWERED, [
            tasks._digest(
                plan.author_id, given=answer == "given", reason=tasks[:1].consent_reason or "",
                answering=tasks[:1].consent_department_id.name,
            )
            for (plan, answer), tasks in self.grouped(lambda task: (task.month_plan_id, task.consent_state)).items()
            if plan.author_id.active and plan.author_id.id != self.env.uid
        ])
