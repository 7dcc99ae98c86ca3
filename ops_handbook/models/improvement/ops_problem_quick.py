import base64
import binascii
from datetime import UTC, datetime, timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError

from ...tools import clock, pictures, token

# what the quick form may say, and how many characters of it
TEXTS = {"name": 200, "description": 20_000, "impact": 20_000, "suggestion": 20_000}
CHOICES = ("category", "proposed_severity")
MAX_PHOTOS = 10
MAX_KEY = 64
SKEW = timedelta(minutes=5)  # by how much the clock of a phone may be fast


class OpsProblem(models.Model):
    """What the phone-sized quick form calls: it reports in the name of the current user, and of nobody else."""

    _inherit = "ops.problem"

    @api.model
    def quick_form(self):
        """Return what the quick form offers: categories, levels with their meaning, how many photos."""
        self.check_access("create")
        return {
            "categories": self._quick_choices("category"),
            "severities": [
                {**choice, "help": self._quick_severity_help()[choice["value"]]}
                for choice in self._quick_choices("proposed_severity")
            ],
            "max_photos": MAX_PHOTOS,
        }

    @api.model
    def similar(self, text):
        """Return earlier problems that speak of the same as ``text``; of each no more than the user may know.

        :return: at most five dicts with id, number, name, state, state_label
        """
        self.check_access("create")
        if not isinstance(text, str):
            raise UserError(self.env._("Subject: please write some words."))
        return self._similar(text[: TEXTS["description"]])

    @api.model
    def quick_report(self, values, photos=None, key=None):
        """Write and submit one report in the name of the current user (starts I1; a proposed level 1 also I2).

        :param dict values: ``name``, ``description``, ``impact``, ``suggestion``, ``category``, ``proposed_severity``,
            ``occurred_on`` (UTC, as text; now when it is not said), ``repeat_of_id`` (one of those that :meth:`similar`
            offered)
        :param list photos: pictures as base64
        :param str key: chosen anew by the form for each report; what is sent twice with one key is filed once
        :return: dict with id, number and whether it is urgent
        :raise UserError: names the field and what to do about it; nothing is written then
        """
        self.check_access("create")
        digest = self._quick_key(key)
        known = self._quick_known(digest)
        if known:
            return known._quick_answer()
        vals = {**self._quick_values(values), "channel": "quick"}
        problem = self._report([vals], photos=[self._quick_photos(photos)])
        if digest:
            problem._quick_remember(digest)
        return problem._quick_answer()

    def _quick_answer(self):
        return {"id": self.id, "number": self.number, "urgent": self.proposed_severity == "1"}

    # -- what is offered ----------------------------------------------------------------------------------------------

    @api.model
    def _quick_choices(self, name):
        return [
            {"value": value, "label": label}
            for value, label in self._fields[name]._description_selection(self.env)
        ]

    @api.model
    def _quick_severity_help(self):
        return {
            "1": self.env._("Production, customers or safety are hit. Operations is alerted at once, at any hour."),
            "2": self.env._("It costs a department time or money."),
            "3": self.env._("It is a nuisance, but work goes on."),
        }

    # -- sent twice, filed once ---------------------------------------------------------------------------------------

    @api.model
    def _quick_key(self, key):
        """Return what is stored of a key; one key of two users is two keys."""
        if not key:
            return None
        if not isinstance(key, str) or len(key) > MAX_KEY:
            raise UserError(self.env._("The form is out of date: reload the page and send it again."))
        return self._hash_token(f"quick:{self.env.uid}:{key}")

    @api.model
    def _quick_known(self, digest):
        # sudo: the field is the machinery's; the key holds the user's id, so that only their own report is found
        return self.sudo().search([("door_key", "=", digest)], limit=1) if digest else self.browse()

    def _quick_remember(self, digest):
        problem_sudo = self.sudo()  # the field is the machinery's
        try:
            token.marked(problem_sudo).write({"door_key": digest})
            problem_sudo.flush_recordset(["door_key"])
        except UniqueViolation as error:
            # the same report is being filed at this moment: the request is served again, and finds it
            raise ConcurrencyError("This report is being filed right now.") from error

    # -- what came in ---------------------------------------------------------------------------------------------

    @api.model
    def _quick_values(self, values):
        """Return the values that may be written of those that came in."""
        if not isinstance(values, dict) or values.keys() - {*TEXTS, *CHOICES, "occurred_on", "repeat_of_id"}:
            raise UserError(self.env._("The form is out of date: reload the page and send it again."))
        vals = {name: self._quick_text(name, values[name]) for name in TEXTS if values.get(name)}
        if not vals.get("name"):
            raise UserError(self.env._("Subject: say in a few words what is wrong."))
        for name in CHOICES:
            if values.get(name):
                vals[name] = self._quick_choice(name, values[name])
        vals["occurred_on"] = self._quick_moment(values.get("occurred_on"))
        repeats = self._quick_repeats(values.get("repeat_of_id"), vals)
        return {**vals, **repeats}

    @api.model
    def _quick_label(self, name):
        return self._fields[name]._description_string(self.env)

    @api.model
    def _quick_text(self, name, value):
        if not isinstance(value, str) or len(value) > TEXTS[name]:
            raise UserError(self.env._(
                "%(field)s: please write at most %(limit)s characters.", field=self._quick_label(name), limit=TEXTS[name]
            ))
        return value.replace("\x00", "").strip()

    @api.model
    def _quick_choice(self, name, value):
        choices = [choice["value"] for choice in self._quick_choices(name)]
        if value not in choices:
            raise UserError(self.env._("%(field)s: choose one of those offered.", field=self._quick_label(name)))
        return value

    @api.model
    def _quick_moment(self, value):
        """Return when it happened: UTC text as a moment; now where nothing was said. The report is locked from then on."""
        if not value:
            return clock.now()
        try:
            moment = datetime.fromisoformat(value).replace(microsecond=0) if isinstance(value, str) else None
            if moment and moment.tzinfo:
                moment = moment.astimezone(UTC).replace(tzinfo=None)
        except (ValueError, OverflowError):
            moment = None
        return self._checked_moment(moment)

    @api.model
    def _checked_moment(self, moment):
        """Return when it happened (naive UTC), if it can have happened then; the clocks of visitors are not ours."""
        if not moment or moment.year < 2000 or moment > clock.now() + SKEW:
            raise UserError(self.env._("When: please enter a date and time that have passed, or leave the field empty."))
        return moment

    @api.model
    def _quick_repeats(self, repeated, vals):
        """Return the link to an earlier problem, if it is one that was offered; else the report goes without it."""
        text = f"{vals['name']} {vals.get('description', '')}"
        offered = [item["id"] for item in self._similar(text)] if repeated else []
        return {"repeat_of_id": repeated} if repeated in offered else {}

    @api.model
    def _quick_photos(self, photos):
        """Return the photos as (file name, bytes), each drawn anew, so that nothing but the picture is kept."""
        photos = photos or []
        if not isinstance(photos, list) or len(photos) > MAX_PHOTOS:
            raise UserError(self.env._("Photos: please send at most %(limit)s.", limit=MAX_PHOTOS))
        return [self._quick_photo(number, photo) for number, photo in enumerate(photos, start=1)]

    @api.model
    def _quick_photo(self, number, photo):
        try:
            if not isinstance(photo, str) or len(photo) > pictures.MAX_BYTES * 4 // 3 + 4:
                raise pictures.PictureError("bytes")
            data, ending = pictures.cleaned(base64.b64decode(photo, validate=True))
        except (binascii.Error, ValueError) as error:  # a PictureError is one
            raise UserError(self.env._(
                "Photos: photo %(number)s cannot be read. Take it again, or send a JPEG or PNG picture of at most "
                "%(limit)s MB.",
                number=number, limit=pictures.MAX_BYTES // 1024**2,
            )) from error
        return f"photo-{number}.{ending}", data
