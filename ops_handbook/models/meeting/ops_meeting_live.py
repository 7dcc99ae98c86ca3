from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext, plaintext2html
from odoo.tools.misc import babel_locale_parse

from ...tools import clock, shorthand
from ...tools.ids import one_id

# people offered while a name is being typed
OFFERED = 8


def _plain(text):
    """Return what a program sent as a text, without what a database cannot hold."""
    return str(text or "").replace("\0", "").encode("utf-8", "ignore").decode()


class OpsMeeting(models.Model):
    """Minutes that are written while people talk: one call to open the screen, one for each line that is saved."""

    _inherit = "ops.meeting"

    def action_write_minutes(self):
        """Open the screen on which minutes are written during the meeting, on a phone as well."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("ops_handbook.ops_minutes_action")
        return {**action, "name": self.display_name, "context": {"active_id": self.id, "active_model": self._name}}

    def get_minutes(self):
        """Return the whole screen as plain values, in one call.

        :return: dict with ``meeting``, ``attendees``, ``agenda`` (each with its ``notes`` as plain text) and
            ``resolutions``
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "meeting": {
                "id": self.id, "number": self.number, "name": self.name, "state": self.state,
                "state_label": self._state_label(self.state), "can_edit": self.can_edit,
                "can_hold": self.can_hold, "can_distribute": self.can_distribute,
            },
            "attendees": [line._minutes_row() for line in self.attendee_ids],
            "agenda": [line._minutes_row() for line in self.agenda_ids],
            "resolutions": [line._minutes_row() for line in self.resolution_ids.sorted("id")],
        }

    def save_minutes_resolution(self, line, agenda_id=False, key=False, resolution_id=False, content_version=None):
        """Save one typed line as a resolution, or over an earlier one; see ``tools/shorthand.py`` for what it may say.

        :param str line: e.g. ``Buy a press @Li fri``
        :param int agenda_id: the item of the agenda that it belongs to
        :param str key: made by the client: the same line sent twice is written once
        :param int resolution_id: the resolution to change; then ``content_version`` is the one that was read
        :return: the row of the resolution
        :raise UserError: nothing to do is named, or a name is nobody's or several people's
        """
        self.ensure_one()
        self.check_access("write")
        values = self._read_minutes_line(str(line or ""))
        items = self.env["ops.resolution"]
        if resolution_id:
            item = items.browse(one_id(resolution_id)).exists()
            if not item or item.meeting_id != self:
                raise UserError(self.env._("This resolution is not there any more: reload the page."))
            item.write({**values, "content_version": content_version})
        else:
            key = _plain(key)[:64] or False
            agenda = self.agenda_ids.filtered(lambda row: row.id == agenda_id)
            if agenda_id and not agenda:
                raise UserError(self.env._("This item is not on the agenda any more: reload the page."))
            item = key and items.search([("meeting_id", "=", self.id), ("client_key", "=", key)], limit=1)
            item = item or items.create({
                **values, "meeting_id": self.id, "agenda_id": one_id(agenda_id) or False, "client_key": key,
            })
        return item._minutes_row()

    def _read_minutes_line(self, line):
        today = clock.today(self.company_id.sudo()._ops_tz())
        day_first = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").date_format.find("%d") < 2
        workdays = self.company_id.sudo()._ops_workdays()
        read = shorthand.read_line(line, self._people_meant(), today, workdays, day_first)
        if read.unclear and not read.candidates:  # nobody of those invited: somebody of the company
            others = self._people_named(read.unclear, OFFERED)
            read = shorthand.read_line(line, [(user.id, user.name) for user in others], today, workdays, day_first)
        if read.unclear and read.candidates:
            raise UserError(self.env._(
                "@%(name)s: several people are called so: %(people)s. Type more of the name.",
                name=read.unclear, people=", ".join(read.candidates),
            ))
        if read.unclear:
            raise UserError(self.env._("@%(name)s: nobody of this name works here. Correct it, or leave it out for now.",
                                       name=read.unclear))
        if not read.text:
            raise UserError(self.env._("Resolution: say what is to be done, then who and until when."))
        return {"name": read.text, "owner_id": read.owner or False, "date_due": read.due or False}

    def _people_meant(self):
        users = self.sudo().attendee_ids.user_id | self.sudo().organiser_id  # sudo: names of those invited
        return [(user.id, user.name) for user in users]

    def _people_named(self, text, limit):
        domain = Domain("share", "=", False) & Domain("company_ids", "in", self.company_id.ids)
        return self.env["res.users"].search(domain & Domain("name", "ilike", text), limit=limit)

    def find_minutes_people(self, text):
        """Return whom a name that is being typed may mean, those invited first: list of dicts ``id``, ``name``."""
        self.ensure_one()
        self.check_access("read")
        typed = _plain(text).strip().lower()
        found = {key: name for key, name in self._people_meant() if typed in name.lower()}
        if typed and len(found) < OFFERED:
            found.update((user.id, user.name) for user in self._people_named(typed, OFFERED) if user.id not in found)
        return [{"id": key, "name": name} for key, name in list(found.items())[:OFFERED]]

    def save_minutes_notes(self, agenda_id, notes, content_version=None):
        """Save what was said on an item of the agenda.

        :param str notes: plain text
        :param int content_version: the one that was read; a stale one is refused
        :return: the row of the item
        """
        self.ensure_one()
        item = self.agenda_ids.filtered(lambda line: line.id == agenda_id)
        if not item:
            raise UserError(self.env._("This item is not on the agenda any more: reload the page."))
        text = _plain(notes)
        item.write({
            "notes": plaintext2html(text) if text.strip() else False,
            **({"content_version": content_version} if content_version is not None else {}),
        })
        return item._minutes_row()

    def save_minutes_presence(self, attendee_id, presence):
        """Note whether somebody is there: ``present``, ``absent`` or ``expected``; returns their row."""
        self.ensure_one()
        line = self.attendee_ids.filtered(lambda line: line.id == attendee_id)
        if not line or presence not in ("expected", "present", "absent"):
            raise UserError(self.env._("This person is not on the list any more: reload the page."))
        line.presence = presence
        return line._minutes_row()

    def save_minutes_all_present(self):
        """Note that all who had to come and of whom nothing is noted yet are there, in one call whatever their number.

        :return: the rows of all attendees
        """
        self.ensure_one()
        self.check_access("write")
        expected = self.attendee_ids.filtered(lambda line: line.is_required and line.presence == "expected")
        expected.write({"presence": "present"})
        return [line._minutes_row() for line in self.attendee_ids]


class OpsMeetingAttendee(models.Model):
    _inherit = "ops.meeting.attendee"

    def _minutes_row(self):
        return {
            "id": self.id, "name": self.sudo().partner_id.name, "presence": self.presence,  # sudo: names of those invited
            "department": self.sudo().department_id.name or "", "is_required": self.is_required,
        }


class OpsResolution(models.Model):
    _inherit = "ops.resolution"

    def _due_words(self):
        """Return the due date with its weekday, in the order of the reader's language."""
        locale = babel_locale_parse(self.env.lang or "en_US")
        return format_skeleton("yMMMEd", self.date_due, locale=locale) if self.date_due else ""

    def _minutes_row(self):
        self.ensure_one()
        owner = self.sudo().owner_id  # sudo: a name
        return {
            "id": self.id, "name": self.name, "owner_id": owner.id, "owner": owner.name or "",
            "due": fields.Date.to_string(self.date_due) or "",
            "due_text": self._due_words(),
            "agenda_id": self.agenda_id.id, "content_version": self.content_version, "in_force": self.in_force,
            "state": self.state, "state_label": self._state_label(self.state),
        }


class OpsMeetingAgenda(models.Model):
    """Notes that two people write at once: the second one is told, nothing is overwritten."""

    _inherit = "ops.meeting.agenda"

    content_version = fields.Integer(
        default=0, copy=False, readonly=True, help="Grows with each change; a save of an older version is refused."
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**self._written_by_client(vals), "content_version": 0} for vals in vals_list])

    def write(self, vals):
        vals = self._written_by_client(vals)
        version = vals.pop("content_version", None)
        if version is not None:
            self._refuse_stale(version)
        if vals and "content_version" in self._fields:
            for known, same in self.grouped("content_version").items():
                super(OpsMeetingAgenda, same).write({**vals, "content_version": (known or 0) + 1})
            return True
        return super().write(vals)

    @api.model
    def _written_by_client(self, vals):
        """Return ``vals``; what is carried over is the machinery's, since it shows what the reader need not have seen."""
        if not self.env.su and vals.get("resolution_id"):
            raise UserError(self.env._("Carried over: open items come onto the agenda by themselves."))
        return dict(vals) if self.env.su else {**vals, **({"resolution_id": False} if not self.ids else {})}

    def _refuse_stale(self, version):
        self.ensure_one()
        self.lock_for_update()
        if self.content_version != version:
            error = UserError(self.env._(
                "“%(item)s” was changed by %(user)s while you were writing. Reload the page, then make your changes again.",
                item=self.name, user=self.sudo().write_uid.name,
            ))
            error.context = {"ops_stale": True}  # by this the web client knows to offer a reload
            raise error

    def _minutes_row(self):
        text = html2plaintext(self.notes or "").strip()
        carried = self.resolution_id.sudo()  # sudo: what is shown of it is on the agenda
        return {
            "id": self.id, "name": self.name, "presenter": self.sudo().presenter_id.name or "", "notes": text,
            # written on the form with a layout that plain text would lose
            "is_rich": any(tag in (self.notes or "") for tag in ("<table", "<img", "<ul", "<ol", "<h", "<b>", "<strong")),
            "notes_html": self.notes or "", "content_version": self.content_version,
            "carried": carried._state_label(carried.state) if carried else "",
            "carried_owner": carried.owner_id.name or "" if carried else "",
        }
