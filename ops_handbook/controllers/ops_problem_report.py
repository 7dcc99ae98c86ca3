from datetime import UTC, datetime

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from ..tools import clock, qrcode
from ..tools.moments import local_time, zone
from .ops_door import DOOR

LONG, SHORT, LINE = 10_000, 2_000, 200


class OpsProblemReport(Controller):
    """The problem report without a login: behind the QR codes and behind "report anonymously"."""

    @route("/ops/report/<string:code>", methods=["GET"], **DOOR)
    def form(self, code, **params):
        """Show the empty form of the place whose QR code was scanned."""
        door = request.env["ops.door"]._for_visitor()
        place = self._place(door, code)
        return self._form(door, place, code) if place else door._unknown()

    @route("/ops/report/<string:code>", methods=["POST"], readonly=False, **DOOR)
    def send(self, code, **params):
        """File the report and show its number and the private link to follow it. csrf: the form's token is signed."""
        door = request.env["ops.door"]._for_visitor()
        place = self._place(door, code)
        if not place:
            return door._unknown()
        nonce = door._form_nonce(params.get("form_token"), code)
        if not nonce:
            return self._form(door, place, code, params, door.env._(
                "The form was open for too long. Your text is still here: please send it again."), status=400)
        try:
            problem = self._file(door, place, nonce, params)
        except UserError as error:
            return self._form(door, place, code, params, str(error), status=422)
        return self._sent(door, problem, nonce)

    def _place(self, door, code):
        """Return the department or company to which ``code`` belongs, or nothing."""
        return door.env["hr.department"]._ops_by_report_code(code) or door.env["res.company"]._ops_by_report_code(code)

    def _company(self, place):
        return place if place._name == "res.company" else place.company_id or place.env["res.company"].search([], limit=1)

    def _form(self, door, place, code, params=None, error=None, status=200):
        problem = door.env["ops.problem"]
        company = self._company(place)
        return door._page("ops_problem_public_form", {
            "place": place.name if place._name == "hr.department" else company.name,
            "company": company.name,
            "token": door._form_token(code),
            "values": {name: value for name, value in (params or {}).items() if isinstance(value, str)},
            "error": error,
            "photos_again": any(file.filename for file in request.httprequest.files.getlist("photos")),
            "categories": problem._fields["category"]._description_selection(problem.env),
            "latest": self._local_now(company).strftime("%Y-%m-%dT%H:%M"),
        }, status=status)

    def _local_now(self, company):
        return local_time(clock.now(), company._ops_tz())

    def _file(self, door, place, nonce, params):
        problems, company = door.env["ops.problem"], self._company(place)
        vals = {**self._told(door, company, params), **self._contact(door, params)}
        photos = door._photos()
        return problems.with_company(company)._door_report({
            **vals,
            "channel": "qr",
            "company_id": company.id,
            "department_id": place.id if place._name == "hr.department" else False,
            "author_id": False,
            "token_hash": problems._hash_token(problems._door_token(nonce)),
        }, f"form:{nonce}", photos, self._link(door, nonce, problems.get_base_url()) if vals["contact"] else None)

    def _link(self, door, nonce, base=None):
        """Return the private address; in a mail it begins with ``base``: a visitor can name any host as the one they ask."""
        base = (base or request.httprequest.host_url).rstrip("/")
        return f"{base}/ops/follow/{door.env['ops.problem']._door_token(nonce)}?lang={door.env.lang}"

    def _told(self, door, company, params):
        description = door._text(params, "description", door.env._("What happened"), LONG)
        if not description:
            raise UserError(door.env._("What happened: please describe the problem in a few words."))
        return {
            "name": self._title(description),
            "description": description,
            "occurred_on": self._moment(door, company, params),
            "impact": door._text(params, "impact", door.env._("Who or what is affected"), SHORT),
            "suggestion": door._text(params, "suggestion", door.env._("Your suggestion"), SHORT),
            "category": self._choice(door, params, "category") or "other",
            "proposed_severity": self._choice(door, params, "proposed_severity") or "3",
        }

    def _title(self, description):
        line = description.splitlines()[0]
        return line if len(line) <= 60 else line[:59] + "…"

    def _choice(self, door, params, name):
        """Return the value of a choice; one that the form does not offer counts as not chosen."""
        problem = door.env["ops.problem"]
        value = params.get(name)
        return value if value in dict(problem._fields[name]._description_selection(problem.env)) else None

    def _moment(self, door, company, params):
        """Return when it happened, in UTC; the time on the form is that of the company."""
        value = params.get("occurred_on")
        if not isinstance(value, str) or not value:
            return clock.now()
        try:
            local = datetime.fromisoformat(value).replace(tzinfo=zone(company._ops_tz()), microsecond=0)
            moment = local.astimezone(UTC).replace(tzinfo=None)
        except (ValueError, OverflowError):
            moment = None
        return door.env["ops.problem"]._checked_moment(moment)

    def _contact(self, door, params):
        """Without a contact the report is anonymous."""
        contact = ", ".join(filter(None, (
            door._text(params, "contact_name", door.env._("Your name"), LINE),
            door._text(params, "contact_phone", door.env._("Phone or e-mail"), LINE),
        )))
        return {"contact": contact or False, "is_anonymous": not contact}

    def _sent(self, door, problem, nonce):
        link = self._link(door, nonce)
        return door._page("ops_problem_public_sent", {
            "number": problem.number, "link": link, "qr": qrcode.address(link), "anonymous": problem.is_anonymous,
        })
