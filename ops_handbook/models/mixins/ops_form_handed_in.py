from odoo import fields, models

from ...tools import token
from ...tools.roles import NEXT_OFFICE, ROLE_GROUPS


class OpsFormMixin(models.AbstractModel):
    """Whoever hands a form in does not decide on it either: heads hand in what others began, also those of departments above."""

    _inherit = "ops.form.mixin"

    # states into which a form is handed in: who took the last such step is kept out of the decision
    _flow_handed_in = {"submitted"}

    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    submitted_for_id = fields.Many2one(
        "res.users", string="Submitted in the Name of", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )

    def _transition_values(self, state):
        values = super()._transition_values(state)
        if state in self._flow_handed_in and not self.env.su:  # what the machinery hands in is nobody's
            values.update(submitted_by_id=self.env.uid, submitted_for_id=False)
        return values

    def _transition_in_name(self, state, behalf):
        super()._transition_in_name(state, behalf)
        if state in self._flow_handed_in:
            handed_in = self.sudo().filtered(lambda form: form.id in behalf)  # sudo: see _transition
            for principal, forms in handed_in.grouped(lambda form: behalf[form.id]).items():
                token.marked(forms).write({"submitted_for_id": principal})

    def _flow_handed_in_by(self):
        return (self.submitted_by_id | self.submitted_for_id) - self._flow_author()


class OpsTransitionMixin(models.AbstractModel):
    """Who decides instead: a colleague of theirs, otherwise the next office; where nobody else holds any of them, they do
    after all. What is decided on line by line, such as the parties of a request, was handed in with its form."""

    _inherit = "ops.transition.mixin"

    def _flow_barred(self):
        author, others = super()._flow_barred(), self._flow_handed_in_by()
        return author | others if others and self._flow_office_apart() else author

    def _flow_deciding_office(self):
        return self._flow_office_apart() or super()._flow_deciding_office()

    def _flow_handed_in_by(self):
        """Return who handed this record in last, and in whose name; without whoever wrote it, who is kept out anyway."""
        return self.env["res.users"]

    def _flow_office_apart(self):
        """Return the office that decides although some of its people handed this record in; None: nobody else could."""
        office = super()._flow_deciding_office()  # pylint: disable=super-method-mismatch
        handed_in = self._flow_handed_in_by()
        if not any(user.has_group(ROLE_GROUPS[office]) for user in handed_in):
            return office
        while office and not self._flow_others_of(office, handed_in):
            office = NEXT_OFFICE.get(office)
        return office

    def _flow_others_of(self, office, handed_in):
        """Return who else holds ``office`` in the company of this record, and stands in for none of those who are kept out."""
        barred = handed_in | self._flow_author()
        # sudo: whether there is anybody; by way of the group, whose people are read once for many forms
        groups_sudo = self.env["res.groups"].sudo()
        people_sudo = groups_sudo.browse(groups_sudo._get_group_definitions().get_id(ROLE_GROUPS[office])).all_user_ids
        return people_sudo.filtered(
            lambda user: user.active and not user.share and self.company_id.id in user.company_ids.ids
            and not user._ops_principals() & barred
        )
