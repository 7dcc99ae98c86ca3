from odoo import models


class ResCompany(models.Model):
    """A handbook of a company is read in its branches."""

    _inherit = "res.company"

    def _ops_article_companies(self, company_ids):
        """Return each of the companies with its branches: dict id → set of ids; one statement. What is no id is left out."""
        wanted = {company for company in company_ids if company}
        below = {company: set() for company in wanted}
        for company in self.with_context(active_test=False).search([("id", "child_of", list(wanted))]) if wanted else ():
            for above in company.parent_ids.ids:
                if above in below:
                    below[above].add(company.id)
        return below
