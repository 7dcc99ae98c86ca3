"""Odoo's import writes row by row; the versions of all that it wrote grow together."""
from odoo import models

from ...tools import token


class OpsTransitionImport(models.AbstractModel):
    _inherit = "ops.transition.mixin"

    def _load_records(self, data_list, update=False):
        growth = token.Errand()
        try:
            records = super(OpsTransitionImport, token.GROWTH.on(self, growth))._load_records(data_list, update)
            self._let_grow(growth)
        finally:
            growth.end()  # what carries the mark on, e.g. until the commit, puts nothing off any more
        return records.with_env(self.env)

    def _grow_version(self):
        if growth := token.GROWTH.of(self.env):
            growth.put_off(self._name, self.ids)
        else:
            super()._grow_version()

    def _let_grow(self, growth):
        """Let the versions grow that were put off so far: one statement for each model."""
        for name, ids in growth.take().items():
            self.env[name].browse(ids)._grow_version()

    def _refuse_stale(self, version):
        """A row that says which version it is of is compared with what the rows before it have written."""
        growth = token.GROWTH.of(self.env)
        if growth and version is not None:
            token.GROWTH.on(self, None)._let_grow(growth)
        return super()._refuse_stale(version)
