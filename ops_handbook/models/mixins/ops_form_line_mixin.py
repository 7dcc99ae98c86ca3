from functools import partial

from odoo import models
from odoo.exceptions import AccessError


class OpsFormLineMixin(models.AbstractModel):
    """A line of a form: who may write the form may write its lines, and a locked form locks them."""

    _name = "ops.form.line.mixin"
    _description = "Line of a Form"

    _form_field = "form_id"

    def _check_access(self, operation):
        """A line asks its form, for creation as well: nothing is added to what was handed in."""
        result = super()._check_access(operation)
        if operation == "read" or not any(self._ids) or (result and result[0] == self):
            return result
        remaining = self - result[0] if result else self
        refused = remaining._filtered_form_locked()
        if operation == "create" and refused:
            refused -= refused._filtered_addable_lines()
        if not refused:
            return result
        if result:
            return result[0] | refused, result[1]
        return refused, partial(self._form_locked_error, refused)

    def _filtered_form_locked(self):
        """Return the lines whose form the current user may not write now."""
        # sudo: the form decides, also where the user may not read it
        forms = self.sudo()[self._form_field].with_env(self.env)
        writable = set(forms._filtered_access("write").ids)
        return self.filtered(lambda line: line.sudo()[self._form_field].id not in writable)

    def _filtered_addable_lines(self):
        """Return new lines that may be added although their form is locked: hook for forms that go on after their issue."""
        return self.browse()

    def _form_locked_error(self, lines):
        form_sudo = lines[:1].sudo()[self._form_field]  # sudo: named in the message only
        return AccessError(self.env._(
            "The lines of %(form)s cannot be changed now: the form is “%(state)s”, or not yours.",
            form=form_sudo.display_name,
            state=form_sudo._state_label(form_sudo.state),
        ))

    def write(self, vals):
        result = super().write(vals)
        if self._form_field in vals and not self.env.su:
            # moved to another form: that one must be open to the writer as well
            self.check_access("write")
        return result
