from odoo import models

from ...tools.roles import NEXT_OFFICE, ROLE_GROUPS


class OpsTransitionMixin(models.AbstractModel):
    """An office that nobody holds decides nothing: the next one does, so that what was handed in does not wait for ever."""

    _inherit = "ops.transition.mixin"

    def _flow_deciding_office(self):
        return self._flow_held(super()._flow_deciding_office())

    def _flow_held(self, office):
        """Return ``office``, or the next one that somebody holds in the company and that did not write the record itself.

        Where there is none such the first one that somebody holds, and where nobody holds any of them ``office``. A company
        that was closed has nobody of its own any more: whoever decides for it does so from the company above.
        """
        if office not in ROLE_GROUPS or not self.company_id.active:
            return office
        users, asked, held = self.env["res.users"], office, []
        while asked:
            if users._ops_is_held(asked, self.company_id.id):
                if asked == office or asked not in NEXT_OFFICE or not self._flow_is_own_of(asked):
                    return asked
                held.append(asked)
            asked = NEXT_OFFICE.get(asked)
        return held[0] if held else office
