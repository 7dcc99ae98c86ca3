from decimal import Decimal

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

from ...tools import apportion, clock, token

WHOLE = Decimal(100)  # an initiative is broken down in percent of the whole
PERCENT = apportion.step_of(2)


class OpsBreakdownMixin(models.AbstractModel):
    """What is broken down to the months of its plan's year: a goal with its figure, an initiative in percent.

    One rule holds after every write, whoever writes: the months of an additive figure add up to the year, those of a level
    end at it, those of an initiative make 100 %.
    """

    _name = "ops.breakdown.mixin"
    _description = "Broken Down to Months"

    _breakdown_field = None  # many2one of ops.plan.target that points here
    _breakdown_follows = frozenset()  # fields that the months follow

    # -- what kinds differ in ---------------------------------------------------------------------------------------------

    def _is_broken_down(self):
        """Tell whether this record is to be broken down at all."""
        return True

    def _breakdown_step(self):
        """Return the unit in which the figures are counted (Decimal)."""
        return PERCENT

    def _breakdown_is_additive(self):
        return True

    def _breakdown_year(self):
        """Return what the months come to together (Decimal)."""
        return WHOLE

    def _breakdown_open(self):
        """Return the months that take a part when nobody says otherwise, as indexes 0 to 11."""
        return range(apportion.MONTHS)

    def _breakdown_complaint(self, parts):
        """Return why ``parts`` (dict month → Decimal) will not do, in words; None when all is well."""
        raise NotImplementedError

    # -- reading --------------------------------------------------------------------------------------------------------------

    def _months(self):
        """Return the months of the plan's year, like 2027-03."""
        # sudo: the year is no secret of who may write a part
        return [f"{self.sudo().plan_id.year}-{month:02}" for month in range(1, apportion.MONTHS + 1)]

    def _breakdown_rows(self):
        """Return the rows of these records: dict id → ops.plan.target (sudo), in the order of the months; one search."""
        name = self._breakdown_field
        # sudo: the sum is of all months, also those that the current user may not read
        rows_sudo = self.env["ops.plan.target"].sudo().search_fetch([(name, "in", self.ids)], [name, "month", "value"], order="month")
        empty = rows_sudo.browse()
        return {record.id: empty for record in self} | {
            owner.id: rows for owner, rows in rows_sudo.grouped(name).items()
        }

    def _breakdown_figure(self, value):
        """Return ``value`` as an exact figure of this record.

        :raise ValidationError: for what is no number or too large
        """
        try:
            return apportion.figure(value, self._breakdown_step())
        except (apportion.NoFigureError, ArithmeticError, TypeError, ValueError) as error:
            raise ValidationError(self.env._(
                "%(name)s: “%(value)s” is no figure that can be broken down. Type a number of at most 15 digits.",
                name=self.sudo().display_name, value=value,
            )) from error

    def _breakdown_words(self, difference):
        """Return in words by how much the months miss the year: "42 too little"."""
        amount = self._breakdown_text(abs(difference))
        if difference < 0:
            return self.env._("%(amount)s too little", amount=amount)
        return self.env._("%(amount)s too much", amount=amount)

    @api.model
    def _breakdown_text(self, value):
        """Return a figure as the reader's language writes it, with the decimals that it has."""
        decimals = len(apportion.plain(value).partition(".")[2])
        return formatLang(self.env, float(value), digits=decimals)

    # -- writing ----------------------------------------------------------------------------------------------------------------

    def _set_breakdown(self, values):
        """Write the months of this record; what is not named stays, what is missing is nothing.

        :param values: dict month (``2027-03``) → figure, or a list of twelve
        :raise ValidationError: when the months do not come to the year, with by how much they miss
        """
        self.ensure_one()
        if not isinstance(values, dict):
            values = dict(zip(self._months(), values, strict=True))
        self._put_breakdowns({self.id: values})
        return True

    def _put_breakdowns(self, values):
        """Write the months of many records in one go: dict id → dict month → figure. Rights are the caller's business."""
        records, existing = self.browse(list(values)), self._breakdown_rows()
        target_sudo, new, same = self.env["ops.plan.target"].sudo(), [], {}  # sudo: asked by whoever calls
        for record in records:
            rows = {row.month: row for row in existing[record.id]}
            wanted = dict.fromkeys(record._months() if not rows and record._breakdown_fills() else (), 0.0)
            for month, value in {**wanted, **values[record.id]}.items():
                figure = float(record._breakdown_figure(value))
                if month not in rows:
                    new.append({
                        "plan_id": record.sudo().plan_id.id, self._breakdown_field: record.id, "month": month,
                        "value": figure,
                    })
                elif rows[month].value != figure:
                    same.setdefault(figure, []).append(rows[month].id)
        postponed = token.BREAKDOWN.on(target_sudo)
        postponed.create(new)
        for figure, ids in same.items():
            postponed.browse(ids).write({"value": figure})
        records._check_breakdown()
        if new or same:
            records.sudo().plan_id._grow_breakdown()

    def _breakdown_fills(self):
        """Tell whether a breakdown always has all twelve months."""
        return True

    def _split(self, weights=None):
        """Return the months of an even split, or by ``weights`` (twelve numbers): dict id → dict month → Decimal."""
        result = {}
        for record in self:
            months, open_months = record._months(), list(record._breakdown_open())
            shares = [1] * len(open_months) if weights is None else [weights[index] for index in open_months]
            share_out = apportion.split if record._breakdown_is_additive() else apportion.levels
            parts = share_out(record._breakdown_year(), shares, record._breakdown_step())
            result[record.id] = {months[index]: part for index, part in zip(open_months, parts, strict=True)}
        return result

    def _rescale(self, kept=None):
        """Let the months follow what the year has become: the difference goes to them in proportion to what they are.

        Months that are over keep their figure (see :meth:`_breakdown_kept`). Records without a breakdown are left alone.
        """
        existing, values = self._breakdown_rows(), {}
        for record in self:
            rows = existing[record.id]
            if not rows:
                continue
            step, parts = record._breakdown_step(), [record._breakdown_figure(row.value) for row in rows]
            over = record._breakdown_kept() if kept is None else kept
            closed = {index for index, row in enumerate(rows) if row.month in over}
            follow = apportion.rescale if record._breakdown_is_additive() else apportion.relevel
            if len(closed) == len(rows):
                closed = set()  # the year is over: all that can follow does
            parts = follow(parts, record._breakdown_year(), step, closed)
            values[record.id] = {row.month: part for row, part in zip(rows, parts, strict=True)}
        if values:
            self._put_breakdowns(values)

    def _settle_breakdown(self):
        """Let the months follow a change of the fields in ``_breakdown_follows``, of many records in constant queries."""
        raise NotImplementedError

    def _settle_when_written(self):
        """Let the months follow, unless whoever writes does so when all is written."""
        if not token.SETTLE.of(self.env):
            self._settle_breakdown()

    def _breakdown_kept(self):
        """Return the months that nothing is put on any more: of a released plan those that are over."""
        plan_sudo = self.sudo().plan_id  # sudo: only its state is asked
        if plan_sudo.state != "released":
            return set()
        now = clock.today(plan_sudo.company_id._ops_tz()).strftime("%Y-%m")
        return {month for month in self._months() if month < now}

    # -- the rule -------------------------------------------------------------------------------------------------------------------

    def _breakdown_complaints(self):
        """Return what is wrong with existing breakdowns: dict id → sentence; constant queries."""
        complaints = {}
        found = self._breakdown_rows()
        for record in self:  # read together
            if rows := found[record.id]:
                parts = {row.month: Decimal(repr(row.value)) for row in rows}
                complaints[record.id] = record._breakdown_complaint(parts)
        return {record_id: sentence for record_id, sentence in complaints.items() if sentence}

    def _check_breakdown(self):
        """Refuse a breakdown that does not come to the year; called after every write, import and batch.

        :raise ValidationError: one sentence for each, with by how much it misses
        """
        if complaints := self.exists()._breakdown_complaints():
            raise ValidationError("\n".join(complaints.values()))
