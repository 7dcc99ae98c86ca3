from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from ...tools import clock


class OpsNeedMixin(models.AbstractModel):
    """What one cannot do without another department becomes a request for a collaboration (form 9), with one click and once."""

    _name = "ops.need.mixin"
    _description = "Need for Another Department"

    # a head may ask in the name of the own department, wherever the record belongs
    _need_anywhere = False

    need_request_id = fields.Many2one(
        "ops.collaboration", string="Request to Other Departments", compute="_compute_need_request_id",
        help="The collaboration that was asked for because of this.",
    )
    can_request_collaboration = fields.Boolean(
        compute="_compute_can_request_collaboration", help="The current user may ask other departments for help with this."
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_need_request_id(self):
        found = self._need_requests()
        requests = self.env["ops.collaboration"].browse([request.id for request in found.values()])
        readable = requests._filtered_access("read")
        for record in self:
            record.need_request_id = readable & requests.browse(found[record.id].id) if record.id in found else False

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_request_collaboration(self):
        asked, asking = self._need_requests(), self._need_asking()
        for record in self:
            wanted = bool(record.id) and record.id not in asked and record._is_need_open()
            record.can_request_collaboration = wanted and bool(asking[record.id])

    def _need_requests(self):
        """Return what was asked for because of these records: dict id → ``ops.collaboration`` (sudo), cancelled ones left out."""
        return self.env["ops.collaboration"]._made_for(self)

    # -- what the records say --------------------------------------------------------------------------------------------

    def _is_need_open(self):
        """Hook: tell whether one may still ask for help with this record."""
        return True

    def _need_departments(self):
        """Hook: return the departments in whose name one may ask, nearest first (superuser)."""
        return self.env["hr.department"].sudo()

    def _need_values(self):
        """Hook: return what the request begins with; ``parties``: the departments that are known to be needed."""
        return {"name": self.display_name}

    def _need_label(self):
        """Return how a request cites this record."""
        about = self["meeting_id"].sudo() if "meeting_id" in self._fields else self.browse()  # sudo: a line names its meeting
        return " – ".join(filter(None, [about.display_name if about else "", self.display_name]))

    def _need_asking(self):
        """Return in the name of which department the current user asks: dict id → ``hr.department``, empty when there is none."""
        led = self.env.user.sudo().ops_department_ids  # sudo: one's own departments
        own = self._need_own_departments() if led and self._need_anywhere else led.browse()
        return {
            record.id: next((item for item in (*record._need_departments(), *own) if item in led), led.browse())
            for record in self
        }

    def _need_own_departments(self):
        """Return where the current user works: a head asks in the name of the own department, whoever called the meeting."""
        found = self.env["hr.employee"]._ops_departments(self.env.user)
        own = found.get((self.env.uid, self.env.company.id)) or next(iter(found.values()), self.env["hr.department"].sudo())
        keepers = self.env.user.sudo().ops_department_ids.filtered("ops_keeps_plans")  # sudo: one's own departments
        return own | keepers.sorted("id")

    # -- the click ---------------------------------------------------------------------------------------------------------

    def action_request_collaboration(self):
        """Open the draft of a request to other departments, filled with what is known; the one that is there already, if any.

        :raise UserError: the current user leads no department in whose name they could ask, or the request is not theirs to read
        """
        self.ensure_one()
        self.check_access("read")  # first: messages name the record
        known = self._need_requests().get(self.id)
        request = known.with_env(self.env) if known else self._create_need_request()
        if not request.has_access("read"):
            raise UserError(self.env._(
                "%(author)s has asked other departments for help with this already: turn to them.", author=known.author_id.name
            ))
        return request._obligation_open_action()

    def _create_need_request(self):
        if not self._is_need_open():
            raise UserError(self.env._("“%(record)s” is not open any more: no help is needed for it.", record=self.display_name))
        department = self._need_asking()[self.id]
        if not department:
            raise UserError(self._need_refusal())
        values = self._need_values()
        parties = [item for item in values.pop("parties", ()) if item and department.id not in item._ops_path()]
        request = self.env["ops.collaboration"].create({
            **{name: value for name, value in values.items() if value},
            "department_id": department.id, "company_id": (department.company_id or self.env.company).id,
            "party_ids": [
                fields.Command.create({"department_id": party.id, "request": values["name"]}) for party in dict.fromkeys(parties)
            ],
        })
        request._comes_from(self)
        self.invalidate_recordset(["need_request_id", "can_request_collaboration"], flush=False)
        return request

    def _need_refusal(self):
        department = self._need_departments()[:1]
        head = department._ops_heads().get(department.id) if department else None
        if head:
            return self.env._(
                "Only the head of a department asks others for help: tell %(head)s, who leads %(department)s.",
                head=head.name, department=department.name,
            )
        return self.env._("Only the head of a department asks others for help: tell yours.")

    def action_open_need_request(self):
        """Open the request to other departments that was made because of this."""
        self.ensure_one()
        self.check_access("read")
        if not self.need_request_id:
            raise UserError(self.env._("There is no request to other departments that you may read."))
        return self.need_request_id._obligation_open_action()

    @api.model
    def _need_text(self, html):
        return html2plaintext(html or "").strip()

    def _need_day(self, day):
        """Return a day by which the help is needed; none that has passed."""
        return day if day and day >= clock.today(self.env.company._ops_tz()) else False
