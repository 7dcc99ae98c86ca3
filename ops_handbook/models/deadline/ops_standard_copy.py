from odoo import models
from odoo.exceptions import UserError


class OpsStandard(models.Model):
    """A code stands once for each company: the copy of a common rule is the current company's own."""

    _inherit = "ops.standard"

    def copy_data(self, default=None):
        """Return the values of copies, with their variants and reminders.

        Where ``default`` says neither a code nor a company, a common rule becomes the current company's own.

        :raise UserError: the company has a rule of its own already, or what is copied is a company's own
        """
        given = dict(default or {})
        if not {"code", "company_id"} & given.keys():
            self.check_access("read")  # first: the messages name the rule
            self._check_copied_for(self.env.company)
            given["company_id"] = self.env.company.id
        return super().copy_data(given)

    def copy(self, default=None):
        """Copy the rules with what is planned for them: it comes into force in the copy as well."""
        copies = super().copy(default)
        for standard, made in zip(self.sudo(), copies.sudo(), strict=True):  # sudo: see _revise
            if not made._planned_revisions():
                made._plan_anew(standard._planned_revisions(), made._snapshot())
        return copies

    def _check_copied_for(self, company):
        """Refuse to make rules of ``company`` of these where the code is taken there, or where they are a company's own.

        :raise UserError: with what to do instead
        """
        for standard in self.filtered("company_id")[:1]:
            raise UserError(self.env._(
                "%(standard)s is %(company)s's own rule, and each company has a code once. For another company, choose it in the "
                "list of companies and duplicate the common rule; for another rule, create a standard with a code of its own.",
                standard=standard.display_name, company=standard.company_id.display_name,
            ))
        # sudo: an archived one keeps its code as well, whoever sees it
        taken = self.sudo().with_context(active_test=False).search(
            [("code", "in", self.mapped("code")), ("company_id", "=", company.id)], limit=1
        )
        if taken:
            raise UserError(self.env._(
                "%(company)s has a rule of its own for %(code)s already: change that one (it may be archived), or choose another "
                "company in the list of companies before you duplicate the common rule.",
                company=company.display_name, code=taken.code,
            ))
