from odoo import api, models

from ...tools import token


class OpsRightsImportMixin(models.AbstractModel):
    """Odoo's import writes row by row; everybody's rights follow once, at its end and before anybody else sees the rows.

    A single write is followed at once, as ever.
    """

    _name = "ops.rights.import.mixin"
    _description = "Import That Rights Follow From"

    @api.model
    def load(self, fields, data):
        rights = token.Errand()
        try:
            result = super(OpsRightsImportMixin, token.RIGHTS.on(self, rights)).load(fields, data)
        except Exception:
            if rights.is_owed:
                # whoever goes on with what was written until then finds them up to date as well, at the latest when it is committed;
                # not here: the transaction may be broken, and the error that says so has to come through
                self.env.cr.precommit.add(self.env["res.users"]._ops_refresh_rights)
            raise
        finally:
            rights.end()  # what carries the mark on, e.g. until the commit, puts nothing off any more
        if rights.is_owed:
            self.env["res.users"]._ops_refresh_rights()
        return result
