from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.roles import ROLE_GROUPS
from ...tools.saying import label, saying
from ..mixins.domains import flag_search
from .ops_obligation import OPEN_STATES

NAMED_BY_NONE = {*ROLE_GROUPS, "head"}  # roles for which no record names a person


class OpsObligation(models.Model):
    """Who answers: found when the clock starts, and again when people and departments move."""

    _inherit = "ops.obligation"

    answering_ids = fields.Many2many(
        "res.users", string="Answers Now", compute="_compute_answering_ids",
        help="Whom to turn to now: whoever answers, or their substitute, or everybody of the office.",
    )

    is_mine = fields.Boolean(
        string="Mine", compute="_compute_is_mine", search="_search_is_mine",
        help="The user answers for it: in person, as a substitute or by office.",
    )
    in_my_departments = fields.Boolean(
        string="My Departments", compute="_compute_is_mine", search="_search_in_my_departments"
    )

    @api.depends("responsible_id", "role", "department_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine, departments = self.filtered_domain(self._domain_of_mine()), self.env.user.ops_department_ids
        for item in self:
            item.is_mine = item in mine
            item.in_my_departments = item.department_id in departments

    @api.model
    def _domain_of_mine(self):
        """Return the domain of what the current user answers for: in person, as a substitute or by office."""
        user = self.env.user
        offices = [role for role, group in ROLE_GROUPS.items() if user.has_group(group)]
        return Domain("responsible_id", "in", user._ops_principals().ids) | (
            Domain("responsible_id", "=", False) & Domain("role", "in", offices)
        )

    @flag_search
    def _search_is_mine(self):
        return self._domain_of_mine()

    @flag_search
    def _search_in_my_departments(self):
        return Domain("department_id", "in", self.env.user.ops_department_ids.ids)

    @api.depends("responsible_id", "role", "company_id")
    def _compute_answering_ids(self):
        """Substitutes are found when asked for: an absence begins and ends by the clock."""
        acting = self.responsible_id._ops_acts_for()
        offices = {}
        for item in self:
            if item.responsible_id:
                item.answering_ids = acting[item.responsible_id]
                continue
            role = item.role if item.role in ROLE_GROUPS else "operations"
            key = (role, item.company_id)
            if key not in offices:
                offices[key] = self.env["res.users"]._ops_of_role(*key)
            item.answering_ids = offices[key]

    @api.model
    def _answers(self, role, department, source=None, responsible=None):
        """Return who answers: (role, user); the user is empty when a group answers.

        A role that names somebody on the source is that person; otherwise, and when that person has left, the head of
        the department, its parents' heads, and at last operations.
        """
        user = responsible or self.env["res.users"]
        if not self._can_answer(user) and source is not None and role not in NAMED_BY_NONE:
            user = self._named_on(source, role)
        if self._can_answer(user):
            return role, user
        if role in ROLE_GROUPS:
            return role, self.env["res.users"]
        head = department and department._ops_heads()[department.id]
        if head:
            return "head", head
        return "operations", self.env["res.users"]

    @api.model
    def _can_answer(self, user):
        return bool(user and user.active and not user.share)

    @api.model
    def _named_on(self, source, role):
        """Return the user whom a record names for a role: its field of that name, or what its flow says.

        A record that names several in turn says so by ``_clock_named(role)``.
        """
        if hasattr(source, "_clock_named"):
            return source._clock_named(role)
        name = getattr(source, "_flow_named", {}).get(role, f"{role}_id")
        field = source._fields.get(name)
        return source[name] if field and field.comodel_name == "res.users" else self.env["res.users"]

    # -- people and departments move ------------------------------------------------------------------------------------

    @api.model
    def _domain_by_head(self):
        """Return the domain of what heads answer for: by the rule, by what the form says, or since whoever was named has left."""
        by_form = [
            Domain("source_model", "=", name) & Domain("code", "=", model._form_rework_code)
            for name, model in self.env.registry.items() if getattr(model, "_form_rework_role", None) == "head"
        ]
        return Domain("standard_id.role", "=", "head") | Domain("role", "=", "head") | Domain.OR(by_form)

    def _role_of_rule(self):
        """Return the role that answers by the rule; for rework, the one that the form names."""
        if role := self._rework_role():
            return role
        rule = self.revision_id._values(self.variant) if self.revision_id else {}
        return rule.get("role") or self.role

    def _rework_role(self):
        """Return who reworks where the form says so (``_form_rework_role``), else None."""
        form = self.env.get(self.source_model)
        return form._form_rework_role if form is not None and self.code == getattr(form, "_form_rework_code", None) else None

    @api.model
    def _reassign_departments(self, departments, reason):
        """Find anew who answers for the open obligations of ``departments`` and all below them; the log says why."""
        leaves = Domain("department_id", "child_of", departments.ids) & self._domain_by_head()
        # sudo: whoever moves a department need not see what it owes; archived departments still owe theirs
        engine = self.sudo().with_context(active_test=False)
        return engine.search(leaves & Domain("state", "in", OPEN_STATES))._reassign(reason)

    @api.model
    def _reassign_users(self, users, reason):
        """Find somebody else for the open obligations of users who have left; the log says why.

        :param reason: text for all, or a dict by user id
        """
        leaves = Domain("responsible_id", "in", users.ids) & Domain("state", "in", OPEN_STATES)
        # sudo: as in _reassign_departments
        found = self.sudo().with_context(active_test=False).search(leaves)
        if isinstance(reason, dict):
            reason = {item.id: reason[item.responsible_id.id] for item in found}
        return found._reassign(reason)

    def _reassign(self, reason):
        """Find anew who answers for each of these obligations; write and log only what differs.

        :param reason: text for all, or a dict by id
        """
        self._read_heads(self.department_id)
        groups, notes, answers = {}, {}, self._answers_anew()
        for item in self:
            role, user = answers[item.id]
            if user != item.responsible_id or role != item.role:
                groups.setdefault((role, user.id), []).append(item.id)
                why = reason[item.id] if isinstance(reason, dict) else reason
                notes[item.id] = item._reassign_note(role, user, why)
        for (role, user_id), ids in groups.items():
            self.browse(ids).write({"role": role, "responsible_id": user_id})
        moved = self.browse(notes)
        moved._refresh_next_steps()
        moved._log(notes)
        return moved

    def _answers_anew(self):
        """Return who answers for each of these obligations now: dict id → (role, user); hook for what a rule does not say."""
        answers, asked = {}, {item.id: item._role_of_rule() for item in self}
        sources = self.filtered(lambda item: asked[item.id] not in NAMED_BY_NONE)._sources()
        for item in self:
            by_head = item._rework_role() == "head"
            named = item.responsible_id if item.role not in NAMED_BY_NONE and not by_head else None
            answers[item.id] = self._answers(asked[item.id], item.department_id, sources.get(item.id), named)
        return answers

    def _reassign_opened(self):
        """Find whoever answers now for what was opened again: while it was closed nobody moved it.

        An office or a person that was asked by name, not by the rule, stays.
        """
        gone = self.filtered(lambda item: item.responsible_id and not self._can_answer(item.responsible_id))
        return (self.filtered_domain(self._domain_by_head()) | gone)._reassign(saying(self.env)._("It was opened again."))

    @api.model
    def _hand_over(self, code, sources, reason, *, role, department=None):
        """Let others answer for the open obligations that ``sources`` started; write and log only what differs.

        :param str role: who answers; a role that names somebody on the source is that person
        :param dict department: source id → department that owes it now; default: as it is
        """
        # sudo: whoever may hand the record over has been asked there
        found = self.sudo().search([
            ("code", "=", code), ("source_model", "=", sources._name), ("source_id", "in", sources.ids),
            ("state", "in", OPEN_STATES),
        ])
        groups, notes, by_id = {}, {}, {source.id: source for source in sources.sudo()}
        owing = {item: (department or {}).get(item.source_id) or item.department_id for item in found}
        self._read_heads(self.env["hr.department"].union(*owing.values()))
        for item, owes in owing.items():
            new_role, user = self._answers(role, owes, by_id[item.source_id])
            if (new_role, user, owes) != (item.role, item.responsible_id, item.department_id):
                moved_to = owes.id if owes != item.department_id else None
                groups.setdefault((new_role, user.id, moved_to), []).append(item.id)
                notes[item.id] = item._reassign_note(new_role, user, reason)
        for (new_role, user_id, moved_to), ids in groups.items():
            department_vals = {"department_id": moved_to} if moved_to else {}
            found.browse(ids).write({"role": new_role, "responsible_id": user_id, **department_vals})
        moved = found.browse(notes)
        moved._refresh_next_steps()
        moved._log(notes)
        return moved

    @api.model
    def _read_heads(self, departments):
        """Read whoever leads several departments together: ``_answers`` asks for one after the other."""
        if len(departments) > 1:
            departments._ops_heads()

    def _source(self):
        """Return the record that started the clock (sudo), None when it is gone or there is none."""
        return self._sources().get(self.id)

    def _sources(self):
        """Return the records that started these clocks (sudo), as far as there are any: dict id → record; a statement for each model."""
        found = {}
        for name, items in self.filtered("source_id").grouped("source_model").items():
            if name in self.env:
                records = self.env[name].browse(set(items.mapped("source_id"))).exists()
                by_id = {record.id: record for record in records}
                found.update({item.id: by_id[item.source_id] for item in items if item.source_id in by_id})
        return found

    def _reassign_note(self, role, user, reason):
        return saying(self.env)._(
            "%(reason)s Answered for by %(before)s before, by %(after)s now.",
            reason=reason,
            before=self.responsible_id.name or label(self, "role", self.role),
            after=user.name or label(self, "role", role),
        )
