from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import clock, token
from ..mixins.domains import flag_search

CODE = "H2"


class OpsArticleReading(models.Model):
    """That somebody is to read a version of an article, and that they confirmed it: once for each version and person.

    Only the machinery makes and changes one, and nobody takes a confirmation back.
    """

    _name = "ops.article.reading"
    _description = "Reading"
    _inherit = ["ops.link.mixin", "ops.clock.mixin"]
    _order = "asked_on desc, id"  # what was asked together stands in the order of the book
    _rec_name = "version_id"
    _form_standards = (CODE,)
    _flow_named = {"owner": "reader_id"}  # who answers for the clock

    version_id = fields.Many2one("ops.article.version", required=True, readonly=True, index=True, ondelete="cascade")
    article_id = fields.Many2one(related="version_id.article_id", store=True, index=True)
    handbook_id = fields.Many2one(related="version_id.handbook_id", store=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    # whoever has confirmed something is archived, not deleted
    reader_id = fields.Many2one("res.users", required=True, readonly=True, index=True, ondelete="restrict")
    department_id = fields.Many2one(
        "hr.department", readonly=True, index="btree_not_null", ondelete="set null", help="Where the reader works now."
    )
    asked_on = fields.Datetime(required=True, readonly=True)
    told_on = fields.Datetime(string="Announced on", readonly=True, help="When the reader was told by mail; empty: not yet.")
    is_onboarding = fields.Boolean(string="For a Newcomer", readonly=True, help="Asked because the person is new.")
    state = fields.Selection(
        [("asked", "To Read"), ("confirmed", "Confirmed"), ("obsolete", "No Longer Asked")],
        required=True, readonly=True, default="asked", index=True,
    )
    confirmed_on = fields.Datetime(readonly=True)
    confirmed_version_id = fields.Many2one(
        "ops.article.version", string="Version Read", readonly=True, index="btree_not_null", ondelete="restrict",
        help="The text that was published when the reader confirmed: a minor change may have come in between.",
    )
    rate = fields.Float(string="Rate of Confirmation", readonly=True, aggregator="avg", digits=(3, 2))
    date_due = fields.Datetime(string="Due", compute="_compute_clock")
    is_late = fields.Boolean(string="Overdue", compute="_compute_clock", search="_search_is_late")
    is_mine = fields.Boolean(string="Mine", compute="_compute_is_mine", search="_search_is_mine")
    in_my_departments = fields.Boolean(compute="_compute_is_mine", search="_search_in_my_departments")
    can_confirm = fields.Boolean(compute="_compute_is_mine")

    _once = models.UniqueIndex("(version_id, reader_id)", "This person has been asked to read this version already.")
    _untold_idx = models.Index("(reader_id) WHERE told_on IS NULL AND state = 'asked'")

    # -- what is shown ----------------------------------------------------------------------------------------------------

    @api.depends("version_id")
    def _compute_display_name(self):
        for reading in self:
            # sudo: the title of what one was asked to read stays when it is no longer one's business
            reading.display_name = reading.version_id.sudo().name or ""

    def _clocks(self):
        """Return the obligation (sudo) that each of these readings started last: dict id → ``ops.obligation``."""
        # sudo: whoever may read the reading may know by when
        found = self.env["ops.obligation"].sudo().search(
            [("code", "=", CODE), ("source_model", "=", self._name), ("source_id", "in", self.ids)], order="round, id"
        )
        return {item.source_id: item for item in found}

    @api.depends("state")
    def _compute_clock(self):
        clocks, none = self._clocks(), self.env["ops.obligation"]
        for reading in self:
            item = clocks.get(reading.id, none)
            reading.date_due = item.date_due
            reading.is_late = item.is_overdue

    @flag_search
    def _search_is_late(self):
        # sudo: as in _clocks
        late = self.env["ops.obligation"].sudo()._search([
            ("code", "=", CODE), ("source_model", "=", self._name), ("is_overdue", "=", True),
        ])
        return [("id", "in", late.subselect(SQL.identifier(late.table, "source_id")))]

    @api.depends("reader_id", "department_id", "state")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        led = set(self.env.user.sudo().ops_department_ids.ids)  # sudo: one's own departments
        for reading in self:
            reading.is_mine = reading.reader_id == self.env.user
            reading.in_my_departments = reading.department_id.id in led
            reading.can_confirm = reading.is_mine and reading.state == "asked"

    @flag_search
    def _search_is_mine(self):
        return [("reader_id", "in", [self.env.uid])]

    @flag_search
    def _search_in_my_departments(self):
        # sudo: one's own departments
        return [("department_id", "in", self.env.user.sudo().ops_department_ids.ids)]

    # -- nobody's to write --------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refused: readings are asked for by publishing, and for newcomers (see ``_ask``)."""
        raise AccessError(self.env._("A reading is asked for by publishing an article, or for somebody who is new."))

    def write(self, vals):
        """Refused for everybody, superuser included, but the machinery: nobody confirms by hand, and nobody unconfirms."""
        if not token.holds(self.env):
            raise AccessError(self.env._("A reading is confirmed by its reader, with the button below the article."))
        return super(OpsArticleReading, token.cleared(self)).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Who was asked to read what, and who confirmed it, is kept."))

    # -- confirming -----------------------------------------------------------------------------------------------------------

    def action_confirm(self):
        """Say, as their reader, that these have been read (H2). Saying it twice changes nothing.

        Reading is personal: neither a substitute nor a head confirms in somebody's stead.

        :raise AccessError: one of them is somebody else's
        :raise UserError: one is no longer asked, or a newer version is to be read
        """
        self.check_access("read")
        for reading in self:
            if reading.reader_id != self.env.user:
                raise AccessError(self.env._("Confirmation: only %(person)s confirms this.", person=reading.reader_id.name))
        readings_sudo = self.sudo()  # sudo: nobody has the right to write a reading; whose it is was asked above
        readings_sudo.lock_for_update()
        readings_sudo.invalidate_recordset(["state"])  # of two presses at once the second sees what the first wrote
        open_sudo = readings_sudo.filtered(lambda reading: reading.state != "confirmed")
        now, current = clock.now(), open_sudo._current_versions()
        for version, readings in open_sudo.grouped(lambda reading: current[reading.id]).items():
            token.marked(readings).write({
                "state": "confirmed", "confirmed_on": now, "confirmed_version_id": version.id, "rate": 1.0,
            })
        self.with_env(self.env)._fulfil(CODE, moment=now)
        open_sudo._follow_newcomers()
        return True

    def _current_versions(self):
        """Return which published text a confirmation of each of these speaks of: dict id → ``ops.article.version``.

        :raise UserError: it is no longer asked, or there is a newer major version
        """
        lines = self.env["ops.article.version"].search([
            ("article_id", "in", self.article_id.ids), ("state", "in", ("published", "superseded")),
        ])
        current = {}
        for reading in self:
            asked = reading.version_id
            line = lines.filtered(lambda item, asked=asked: (item.article_id, item.lang_id) == (asked.article_id, asked.lang_id))
            newer = line.filtered(lambda item, asked=asked: item.version > asked.version)
            if reading.state == "obsolete" or any(item.change_kind == "major" for item in newer):
                raise UserError(self.env._(
                    "%(article)s: this version is no longer to be confirmed. Open the article as it is now.", article=asked.name
                ))
            if not (published := line.filtered(lambda item: item.state == "published")):
                raise UserError(self.env._("%(article)s: only a published version can be confirmed.", article=asked.name))
            current[reading.id] = published[:1]
        return current

    # -- opening --------------------------------------------------------------------------------------------------------------

    def action_read(self):
        """Open the article in the reader's view, where it is read and confirmed."""
        self.ensure_one()
        self.check_access("read")
        return self.article_id._read_action()

    def _obligation_open_action(self, obligation=None):
        """Return the action that opens the article to be read, not the form of the reading."""
        return self.article_id._read_action() if self else super()._obligation_open_action(obligation)

    @api.model
    def _readings_of(self, user, articles):
        """Return the open readings of a user: dict article id → reading; what the reader's view offers to confirm."""
        found = self.search(Domain("reader_id", "=", user.id) & Domain("article_id", "in", articles.ids) & Domain("state", "=", "asked"))
        return {reading.article_id.id: reading for reading in found}
