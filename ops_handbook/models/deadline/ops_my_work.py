from collections import namedtuple

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import clock
from ...tools.moments import close_of_day
from ...tools.results import result_at
from ...tools.roles import ROLE_GROUPS
from .ops_obligation import OPEN_STATES
from .ops_obligation_decision import DECISION

LIMIT = 1_000  # rows that one screen shows; whoever owes more is told how many
DUE_WORKDAYS = 3  # working days ahead that count as due: as early as the first reminder of the default ladders
Item = namedtuple("Item", (
    "id", "standard_id", "code", "process", "urgent", "company_id", "department_id", "role", "responsible_id", "period",
    "name", "date_due", "date_close", "state", "extended", "hold_until", "source_model", "source_id",
))


class OpsMyWork(models.AbstractModel):
    """The first screen: what the current user owes, what waits for their decision, what comes.

    It is asked for more often than anything else. So obligations are read as plain tuples, with the rules of access, and
    the names in them once each.
    """

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
        items, total = self._items()
        return {
            "now": fields.Datetime.to_string(now),
            "lists": self._lists(items, now),
            "total": total,
            "processes": self.env["ops.obligation"]._fields["process"]._description_selection(self.env),
            "buttons": self._buttons(),
            "started": self._is_started(),
        }

    # -- whose --------------------------------------------------------------------------------------------------------

    @api.model
    def _items(self):
        """Return the open obligations of the current user, the earliest due first, and how many there are."""
        model, domain = self.env["ops.obligation"], self._domain()
        query = model._search(domain, order="date_due, id", limit=LIMIT)
        columns = [model._field_to_sql(query.table, name, query) for name in Item._fields]
        items = [Item._make(row) for row in self.env.execute_query(query.select(*columns))]
        total = len(items) if len(items) < LIMIT else model.search_count(domain)
        theirs = self._theirs(items)
        return theirs, total - len(items) + len(theirs)

    @api.model
    def _theirs(self, items):
        """Return ``items`` without the decisions (D1) from which the user is kept out: what one wrote or handed in oneself."""
        barred = self.env["ops.obligation"]._barred_sources({
            (item.source_model, item.source_id) for item in items if item.code == DECISION
        })
        return [item for item in items if item.code != DECISION or (item.source_model, item.source_id) not in barred]

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

    # -- which list -----------------------------------------------------------------------------------------------------

    @api.model
    def _lists(self, items, now):
        # sudo: names of whom and what an obligation concerns that the user may read
        names = self.sudo()._names(items)
        decisions = {standard.id for standard in names["standard_id"] if standard.is_decision}
        horizons = {company.id: self._horizon(company) for company in names["company_id"]}
        labels = self._labels(items, names)
        lists = {"due": [], "decision": [], "upcoming": []}
        for item in items:
            result = result_at(now, item.state, item.date_due, close=item.date_close, hold_until=item.hold_until)
            if result == "held":  # what stands still is upcoming, whatever it is
                name = "upcoming"
            elif item.standard_id in decisions:
                name = "decision"
            else:
                name = "due" if item.date_due and item.date_due <= horizons[item.company_id] else "upcoming"
            lists[name].append(self._row(item, result, labels))
        return lists

    @api.model
    def _horizon(self, company):
        """Return until when (naive UTC) something due counts as due now, not as upcoming: some working days from today."""
        tz, workdays = company._ops_tz(), company._ops_workdays()
        return close_of_day(workdays.add(clock.today(tz), DUE_WORKDAYS), tz)

    # -- words ----------------------------------------------------------------------------------------------------------

    @api.model
    def _names(self, items):
        """Return the records that ``items`` name: dict field → recordset."""
        comodels = {
            "standard_id": "ops.standard", "company_id": "res.company", "department_id": "hr.department",
            "responsible_id": "res.users",
        }
        return {
            field: self.env[model].browse({getattr(item, field) for item in items} - {None})
            for field, model in comodels.items()
        }

    @api.model
    def _labels(self, items, names):
        """Return the words for the keys in ``items``: dict field → dict key → text; empty for what goes without saying."""
        user, model = self.env.user, self.env["ops.obligation"]
        return {
            "verb": {standard.id: standard.verb for standard in names["standard_id"]},
            "period": {period: model._label_of(period) for period in {item.period for item in items if not item.name}},
            "department": {department.id: department.name for department in names["department_id"]},
            "company": {company.id: company.name for company in names["company_id"] - user.company_id},
            # whose it is, when it is not simply mine: a person whom I substitute, or anybody of a role
            "behalf": {person.id: person.name for person in names["responsible_id"] - user},
            "role": dict(model._fields["role"]._description_selection(self.env)),
        }

    @api.model
    def _row(self, item, result, labels):
        subject, verb = item.name or labels["period"].get(item.period), labels["verb"][item.standard_id] or item.code
        return {
            "id": item.id,
            "process": item.process,
            "name": self.env["ops.obligation"]._title(verb, subject),
            "due": item.date_due and str(item.date_due)[:19],
            "held_until": result == "held" and item.hold_until and str(item.hold_until)[:19],
            "result": result,
            "urgent": item.urgent,
            "extended": item.extended,
            "department": labels["department"].get(item.department_id, ""),
            "company_id": item.company_id,
            "company": labels["company"].get(item.company_id, ""),
            "behalf": labels["behalf"].get(item.responsible_id, ""),
            "role": "" if item.responsible_id else labels["role"].get(item.role, ""),
        }

    # -- the rest of the screen ---------------------------------------------------------------------------------------

    @api.model
    def _buttons(self):
        """Return the big buttons as dicts (``key``, ``label``, ``icon``, ``action``: an external id). Processes add theirs."""
        return []

    @api.model
    def _is_started(self):
        """Tell whether the engine runs in any company of the user; an empty screen then means that nothing is due."""
        # sudo: whether the engine runs is no secret
        return any(self.env.user.sudo().company_ids.mapped("ops_started"))
