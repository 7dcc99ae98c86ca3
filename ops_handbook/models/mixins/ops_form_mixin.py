from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock, token
from ...tools.roles import ROLE_GROUPS


class OpsFormMixin(models.AbstractModel):
    """A form of the handbook: numbered, signed, handed in, decided on; a descendant is one class with a few attributes."""

    _name = "ops.form.mixin"
    _description = "Form"
    _inherit = ["mail.thread", "mail.activity.mixin", "ops.transition.mixin"]
    _rec_name = "number"
    _mail_post_access = "read"

    _flow = {
        "draft": {"submitted": {"author", "head"}, "cancelled": {"author", "head"}},
        "returned": {"submitted": {"author", "head"}, "cancelled": {"author", "head"}},
        "submitted": {"returned": {"decider"}, "accepted": {"decider"}, "cancelled": {"author", "head"}},
        "accepted": {"closed": {"decider"}},
    }
    _flow_reason = {"returned", "cancelled"}
    _flow_buttons = {
        "can_submit": "submitted",
        "can_return": "returned",
        "can_accept": "accepted",
        "can_close": "closed",
        "can_cancel": "cancelled",
    }
    # who may write a form in the name of somebody else, e.g. one that was handed in on paper
    _form_registrars = {"operations"}

    number = fields.Char(readonly=True, copy=False, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        index=True,
        ondelete="restrict",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    author_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, index=True, copy=False, ondelete="restrict"
    )
    department_name = fields.Char(string="Department Then", readonly=True, copy=False)
    head_name = fields.Char(string="Head Then", readonly=True, copy=False)

    submitted_on = fields.Datetime(readonly=True, copy=False)
    closed_on = fields.Datetime(readonly=True, copy=False)

    can_submit = fields.Boolean(compute="_compute_can")
    can_return = fields.Boolean(compute="_compute_can")
    can_accept = fields.Boolean(compute="_compute_can")
    can_close = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")

    @api.model
    def _selection_state(self):
        return [
            ("draft", self.env._("Draft")),
            ("submitted", self.env._("Submitted")),
            ("returned", self.env._("Returned")),
            ("accepted", self.env._("Accepted")),
            ("closed", self.env._("Closed")),
            ("cancelled", self.env._("Cancelled")),
        ]

    @api.depends("author_id", "company_id")
    def _compute_department_id(self):
        """The department of whoever writes the form, in the company of the form."""
        departments = self.env["hr.employee"]._ops_departments(self.author_id, self.company_id)
        for form in self:
            found = departments.get((form.author_id.id, form.company_id.id))
            form.department_id = form.department_id or found

    @api.depends("number")
    def _compute_display_name(self):
        for form in self:
            title = form.name if "name" in form._fields else ""
            form.display_name = " ".join(filter(None, [form.number, title])) or self.env._("New")

    @api.constrains("department_id", "company_id")
    def _check_department_company(self):
        for form in self:
            owner = form.department_id.company_id
            if owner and owner != form.company_id:
                raise ValidationError(self.env._(
                    "Department: %(department)s belongs to %(owner)s, not to %(company)s. Choose one of its departments.",
                    department=form.department_id.display_name,
                    owner=owner.display_name,
                    company=form.company_id.display_name,
                ))

    def _prepare_create(self, vals_list):
        super()._prepare_create(vals_list)
        counts = {}
        for vals in vals_list:
            if not isinstance(vals.setdefault("company_id", self.env.company.id), int):
                raise ValidationError(self.env._("Company: this is not one. Choose it from the list."))
            self._check_new_author(vals)
            counts[vals["company_id"]] = counts.get(vals["company_id"], 0) + 1
        companies = self.env["res.company"].sudo()  # sudo: only its time zone is read, the form itself is checked
        numbers = {
            company_id: iter(self.env["ops.form.number"]._next(self._name, companies.browse(company_id), count))
            for company_id, count in counts.items()
        }
        for vals in vals_list:
            vals["number"] = next(numbers[vals["company_id"]])

    def _check_new_author(self, vals):
        """Refuse to sign for somebody else: only registrars and substitutes write a form in another's name."""
        if self.env.su or "author_id" not in vals:
            vals.setdefault("author_id", self.env.uid)
            return
        user = self.env.user
        registrar = any(self._user_holds(role) for role in self._form_registrars)
        if not registrar and vals["author_id"] not in user._ops_principals().ids:
            raise ValidationError(self.env._("Author: you can write a form in your own name only."))
        # sudo: whom one registers for is checked, not shown
        author, company = self.env["res.users"].sudo().browse(vals["author_id"]), vals["company_id"]
        if author and company not in author.company_ids.ids:
            raise ValidationError(self.env._(
                "Author: %(author)s does not work for this company. Choose somebody who does.", author=author.name
            ))

    def _user_holds(self, role):
        return self.env.user.has_group(ROLE_GROUPS[role])

    def write(self, vals):
        if not self.env.su and {"author_id", "company_id"} & set(vals):
            self._check_kept(vals)
        return super().write(vals)

    def _check_kept(self, vals):
        """The company of a form stays what it is, since its number is that company's; its author likewise."""
        for name, form in self._said_otherwise(vals, ("author_id", "company_id")):
            raise ValidationError(self.env._(
                "%(field)s of %(form)s cannot be changed: cancel the form and write a new one.",
                field=self._fields[name]._description_string(self.env),
                form=form.display_name,
            ))

    def _said_otherwise(self, vals, names):
        """Yield (field name, form) for each of the fields ``names`` that a write of ``vals`` would change."""
        for name in names:
            if name in vals:
                for form in self:
                    if (form[name].id if self._fields[name].relational else form[name]) != vals[name]:
                        yield name, form

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state == "submitted":
            values["submitted_on"] = clock.now()
        if state in self._flow_closed:
            values["closed_on"] = clock.now()
        return values

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        self._freeze_names()

    def _freeze_names(self):
        """Keep the department's name and head of the day on closed forms: history survives reorganisations."""
        # sudo: the machinery's own fields
        closed = self.sudo().filtered(lambda form: form.state in form._flow_closed and not form.department_name)
        closed._freeze_names_now()

    def _freeze_names_now(self):
        """Keep the department's name and head of this day."""
        for department, forms in self.grouped("department_id").items():
            # nothing is tracked here, and a follower costs a query for each department
            token.marked(forms.with_context(tracking_disable=True)).write({
                "department_name": department.name, "head_name": department.manager_id.name,
            })

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_submit(self):
        """Hand the forms in to whoever decides on them."""
        return self._transition("submitted")

    def action_return(self, reason=None):
        """Send the forms back to their authors; ``reason`` is asked for on screen when it is missing."""
        if reason is None:
            return self._ask_reason("action_return")
        return self._transition("returned", reason)

    def action_accept(self, *decision):
        """Accept what was handed in.

        :param decision: what a form wants to know with it, as that form says; the others want nothing
        """
        if decision:
            raise UserError(self.env._("Accepting this form takes no further values: leave them out."))
        return self._transition("accepted")

    def action_close(self, *decision):
        """Close the forms: nothing is left to do.

        :param decision: what a form wants to know with it, as that form says; the others want nothing
        """
        if decision:
            raise UserError(self.env._("Closing this form takes no further values: leave them out."))
        return self._transition("closed")

    def action_cancel(self, reason=None):
        """Cancel the forms; ``reason`` is asked for on screen when it is missing."""
        if reason is None:
            return self._ask_reason("action_cancel")
        return self._transition("cancelled", reason)
