from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools import clock
from ...tools.roles import ROLE_GROUPS
from ...tools.saying import label, saying
from ..mixins.domains import flag_search
from .ops_obligation import OPEN_STATES


class OpsObligation(models.Model):
    """From the ladder to the letters, and what happens to them when the item is settled."""

    _inherit = "ops.obligation"

    letter_ids = fields.One2many("ops.reminder.letter", "obligation_id", string="Reminder Letters", readonly=True)
    letter_count = fields.Integer(string="Letters", compute="_compute_letter_count", help="Letters that were issued.")
    has_letters = fields.Boolean(compute="_compute_letter_count", search="_search_has_letters")
    can_draft_letter = fields.Boolean(compute="_compute_can_draft_letter")

    def _compute_letter_count(self):
        # sudo: how many letters were issued about an item belongs to the item
        groups = self.env["ops.reminder.letter"].sudo()._read_group(
            [("obligation_id", "in", self.ids), *self._letters_issued()], ["obligation_id"], ["__count"]
        )
        counts = {item.id: count for item, count in groups}
        for item in self:
            item.letter_count = counts.get(item.id, 0)
            item.has_letters = bool(item.letter_count)

    @api.model
    def _letters_issued(self):
        return [("issued_on", "!=", False), ("state", "!=", "cancelled")]

    @api.model
    def _sql_letters(self):
        """Return as SQL how many letters were issued: rows of ``obligation_id`` and ``number``."""
        letters_sudo = self.env["ops.reminder.letter"].sudo()  # see _compute_letter_count
        found = letters_sudo._search(self._letters_issued())
        found.groupby = SQL.identifier(found.table, "obligation_id")
        return found.select("obligation_id", "count(*) AS number")

    @flag_search
    def _search_has_letters(self):
        letters_sudo = self.env["ops.reminder.letter"].sudo()  # see _compute_letter_count
        found = letters_sudo._search(self._letters_issued())
        return [("id", "in", found.subselect("obligation_id"))]

    def action_open_letters(self):
        """Open the letters about these obligations, as far as the user may read them."""
        return self.env["ops.reminder.letter"].search([("obligation_id", "in", self.ids)])._open_letters()

    # -- by the ladder --------------------------------------------------------------------------------------------------

    @api.model
    def _address(self, reminders, addressed=()):
        """A step of the channel *letter* reaches nobody yet: it drafts the letter, which is sent when it is issued."""
        letters = [] if addressed else [entry for entry in reminders if entry[3]]
        others = [entry for entry in reminders if addressed or not entry[3]]
        if others:
            super()._address(others, addressed)
        if letters:
            # only steps have a receiver: without one, whoever pressed the button drafts
            by_hand = self.env.user if not letters[0][2] else None
            self.env["ops.reminder.letter"]._draft(letters, by_hand)

    # -- by hand --------------------------------------------------------------------------------------------------------

    @api.depends("state", "date_due", "role", "responsible_id", "department_id")
    @api.depends_context("uid")
    def _compute_can_draft_letter(self):
        offices = self._letter_offices()
        for item in self:
            item.can_draft_letter = item.is_overdue and item.state == "open" and self._holds(offices[item.id], item.company_id)

    def _letter_offices(self):
        """Return which office issues letters about each obligation: dict id → role."""
        letters_sudo = self.env["ops.reminder.letter"].sudo()  # sudo: decided by names that the user need not read
        departments = {item.id: letters_sudo._owing_department(item) for item in self.sudo()}
        heads = self.env["hr.department"].sudo().union(*departments.values())._ops_heads()
        return {
            item.id: letters_sudo._office_of(
                item, departments[item.id], letters_sudo._receiver_of(item, departments[item.id], heads)
            )
            for item in self.sudo()
        }

    @api.model
    def _holds(self, office, company):
        """Tell whether the user holds an office in a company."""
        user = self.env.user
        return user.has_group(ROLE_GROUPS[office]) and company.id in user._get_company_ids()

    def action_draft_letter(self):
        """Draft the next letter about each of these obligations that is overdue (operations; of what operations owe
        themselves the GM office).

        :return: the action that opens the drafts
        :raise AccessError: another office issues one of these letters
        :raise UserError: nothing here is overdue
        """
        self.check_access("read")
        late = self.filtered(lambda item: item.state == "open" and item.is_overdue)
        if not late:
            raise UserError(self.env._("Nothing of what you chose is overdue: there is nothing to remind of by letter."))
        for item_id, office in late._letter_offices().items():
            item = self.browse(item_id)
            if not self._holds(office, item.company_id):
                raise AccessError(self.env._(
                    "A letter about “%(obligation)s” is issued by another office: %(office)s.",
                    obligation=item.display_name,
                    office=dict(self.env["ops.reminder.letter"]._fields["office"]._description_selection(self.env))[office],
                ))
        return late.sudo()._draft_letters()._open_letters()  # sudo: the engine drafts; permission was decided just above

    def _draft_letters(self):
        """Draft by hand the letter that comes next; where a draft waits already, there is none. Return the drafts."""
        self.env.cr.execute(SQL(
            "SELECT id FROM ops_obligation WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids)
        ))
        letters = self.env["ops.reminder.letter"]
        present = letters.search([("obligation_id", "in", self.ids), ("state", "!=", "cancelled")])
        waiting = present.filtered(lambda letter: letter.state == "draft").obligation_id
        last = {}
        for letter in present:
            if letter.date_due == letter.obligation_id.date_due:
                last[letter.obligation_id] = max(letter.level, last.get(letter.obligation_id, 0))
        by_hand = self.env["ops.standard.step"]
        self._log_steps(
            [(item, by_hand, clock.now(), last.get(item, 0) + 1, None) for item in self - waiting], author=self.env.user
        )
        return letters.search([("obligation_id", "in", self.ids), ("state", "=", "draft")])

    # -- settled --------------------------------------------------------------------------------------------------------

    def _letters_of_late(self):
        """Return the letters in work about those of these obligations that are overdue; there are none about others."""
        now = clock.now()
        late = self.filtered(lambda item: item.date_due and item.date_due < now)
        letters_sudo = self.env["ops.reminder.letter"].sudo()  # sudo: whoever does the item need not see the letters
        return letters_sudo.search([
            ("obligation_id", "in", late.ids), ("state", "in", ("draft", "issued", "replied"))
        ]) if late else letters_sudo

    def _close(self, moment, form_of):
        letters = self._letters_of_late()
        closed = super()._close(moment, form_of)
        if letters:
            letters._settled(saying(self.env)._("What the letter is about has been done."))
        return closed

    def _set_state(self, state, reason, **values):
        letters = self._letters_of_late() if state != "open" else self.env["ops.reminder.letter"]
        result = super()._set_state(state, reason, **values)
        if letters:
            letters._settled(saying(self.env)._(
                "What the letter is about is “%(state)s” now: %(reason)s", state=label(self, "state", state), reason=reason,
            ))
        return result

    @api.model
    def _move_due(self, new_due, reason, **values):
        items = self.sudo().browse([getattr(key, "id", key) for key in new_due])  # sudo: as in the engine
        before = {item: item.date_due for item in items if item.state in OPEN_STATES}
        letters = items._letters_of_late()
        moved = super()._move_due(new_due, reason, **values)
        changed = letters.filtered(lambda letter: letter.obligation_id.date_due != before.get(letter.obligation_id))
        if changed:
            changed._settled(saying(self.env)._("The due time of what the letter is about has moved."))
        self._move_reply_terms(moved)
        return moved

    @api.model
    def _move_reply_terms(self, moved):
        """L1: whoever is given more time to reply is not late with it."""
        terms = {
            item.source_id: item.date_due for item in moved
            if item.code == "L1" and item.source_model == "ops.reminder.letter"
        }
        # sudo: as in _move_due
        for letter in self.env["ops.reminder.letter"].sudo().browse(terms).exists():
            letter._note_reply_term(terms[letter.id])
