from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import clock
from ...tools.roles import ROLE_GROUPS
from ...tools.workdays import close_of_day
from .ops_obligation import OPEN_STATES

LIMIT = 1_000  # rows that one screen shows; whoever owes more is told how many
DUE_WORKDAYS = 3  # working days ahead that count as due: as early as the first reminder of the default ladders
FIELDS = (
    "standard_id", "code", "process", "urgent", "company_id", "department_id", "role", "responsible_id", "period",
    "round", "name", "date_due", "date_close", "date_done", "on_time", "state", "extended", "hold_until",
)


class OpsMyWork(models.AbstractModel):
    """The first screen: what the current user owes, what waits for their decision, what comes."""

    _name = "ops.my.work"
    _description = "My Work"

    @api.model
    def get_data(self):
        """Return the whole screen in one call, in a number of statements that does not grow with the obligations.

        :return: dict with ``now`` (UTC, as Odoo writes datetimes), ``lists`` (``due`` with the late ones first,
            ``decision``, ``upcoming``; each a list of rows in the order of their due times), ``total`` (rows there would
            be without the limit), ``processes`` (pairs of key and label, in their order), ``buttons``, ``started``
        """
        # every company of the user: what somebody owes does not depend on the companies chosen in the corner
        self = self.with_context(allowed_company_ids=self.env.user._get_company_ids())
        now = clock.now()
        found, total = self._obligations()
        lists = {"due": [], "decision": [], "upcoming": []}
        horizons = {company.id: self._horizon(company) for company in found.company_id.sudo()}
        for item, row in zip(found, self._rows(found), strict=True):
            lists[self._list_of(item, horizons[item.company_id.id])].append(row)
        return {
            "now": fields.Datetime.to_string(now),
            "lists": lists,
            "total": total,
            "processes": self.env["ops.obligation"]._fields["process"]._description_selection(self.env),
            "buttons": self._buttons(),
            "started": self._is_started(),
        }

    @api.model
    def _obligations(self):
        """Return the open obligations of the current user, the earliest due first, and how many there are."""
        model, domain = self.env["ops.obligation"], self._domain()
        found = model.search_fetch(domain, FIELDS, order="date_due, id", limit=LIMIT)
        return found, len(found) if len(found) < LIMIT else model.search_count(domain)

    @api.model
    def _domain(self):
        """Return what the user answers for: mine, those of whom I substitute, those that any holder of my roles answers."""
        user = self.env.user
        roles = [role for role, group in ROLE_GROUPS.items() if user.has_group(group)]
        mine = Domain("responsible_id", "in", user._ops_principals().ids)
        of_role = (
            Domain("responsible_id", "=", False)
            & Domain("role", "in", roles)
            & Domain("company_id", "in", user._get_company_ids())
        )
        return Domain("state", "in", OPEN_STATES) & (mine | of_role if roles else mine)

    @api.model
    def _horizon(self, company):
        """Return until when (naive UTC) something due counts as due now, not as upcoming: some working days from today."""
        tz, workdays = company._ops_tz(), company._ops_workdays()
        return close_of_day(workdays.add(clock.today(tz), DUE_WORKDAYS), tz)

    @api.model
    def _list_of(self, item, horizon):
        """Return in which list an obligation stands: what stands still is upcoming, whatever it is."""
        if item.result == "held":
            return "upcoming"
        if item.standard_id.is_decision:
            return "decision"
        return "due" if item.date_due and item.date_due <= horizon else "upcoming"

    @api.model
    def _rows(self, found):
        """Return the obligations as plain dicts."""
        user = self.env.user
        roles = dict(found._fields["role"]._description_selection(self.env))
        # sudo: names of whom and what an obligation concerns that the user may read
        found_sudo = found.sudo()
        return [
            {
                "id": item.id,
                "code": item.code,
                "process": item.process,
                "name": item.display_name,
                "due": fields.Datetime.to_string(item.date_due) or False,
                "held_until": fields.Datetime.to_string(item.hold_until) or False if item.result == "held" else False,
                "result": item.result,
                "urgent": item.urgent,
                "extended": item.extended,
                "round": item.round,
                "department": item.department_id.name or "",
                "company_id": item.company_id.id,
                "company": item.company_id.name if item.company_id != user.company_id else "",
                # whose it is, when it is not simply mine: a person whom I substitute, or anybody of a role
                "behalf": item.responsible_id.name if item.responsible_id and item.responsible_id != user else "",
                "role": "" if item.responsible_id else roles.get(item.role, ""),
            }
            for item in found_sudo
        ]

    @api.model
    def _buttons(self):
        """Return the big buttons as dicts (``key``, ``label``, ``icon``, ``action``: an external id). Processes add theirs."""
        return []

    @api.model
    def _is_started(self):
        """Tell whether the engine runs in any company of the user; an empty screen then means that nothing is due."""
        # sudo: whether the engine runs is no secret
        return any(self.env.user.sudo().company_ids.mapped("ops_started"))
