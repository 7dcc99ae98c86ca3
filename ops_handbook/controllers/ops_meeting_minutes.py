import re

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from .ops_door import DOOR

TOKEN = re.compile(r"[A-Za-z0-9_-]{40,100}")
SHORT = 2_000
# bytes of an answer, which is two short fields
MAX_ANSWER = 64 * 1024
OPTIONS = {**DOOR, "max_content_length": MAX_ANSWER}


class OpsMeetingMinutes(Controller):
    """Where an attendee confirms minutes or objects, by the private link in the mail; following the link changes nothing."""

    @route("/ops/minutes/<string:token>", methods=["GET"], **OPTIONS)
    def form(self, token, **params):
        """Show which minutes are asked about, and the two answers; mail scanners may look as often as they like."""
        door = request.env["ops.door"]._for_visitor()
        link = self._link(door, token)
        return self._page(door, link, chosen=params.get("answer")) if link else door._unknown()

    @route("/ops/minutes/<string:token>", methods=["POST"], readonly=False, **OPTIONS)
    def answer(self, token, **params):
        """Take down the answer. csrf: the form's token is signed."""
        door = request.env["ops.door"]._for_visitor()
        link = self._link(door, token)
        if not link:
            return door._unknown()
        chosen, typed = params.get("answer"), ""
        try:
            typed = door._text(params, "remark", door.env._("What is wrong in the minutes?"), SHORT)
            if not door._form_nonce(params.get("form_token"), self._place(link)):
                return self._page(door, link, chosen, typed, status=409, error=door.env._(
                    "The page was open for too long. Please send your answer again."))
            if chosen not in ("confirmed", "objected"):
                raise UserError(door.env._("Your answer: please choose one of the two."))
            with door.env.cr.savepoint():
                link.attendee_id._answer(chosen, typed if chosen == "objected" else None, link.minutes_id, by_link=True)
        except UserError as error:
            return self._page(door, link, chosen, typed, error=str(error), status=422)
        return self._page(door, link, notice=door.env._("Thank you, your answer is filed."))

    def _link(self, door, token):
        links = door.env["ops.meeting.link"]
        return links._by_token(token) if TOKEN.fullmatch(token) else links

    def _place(self, link):
        """Return what a form on this page is good for: this link."""
        return f"minutes:{link.id}"

    def _page(self, door, link, chosen=None, typed="", error=None, notice=None, status=200):
        values = link._page_values()
        return door._page("ops_meeting_public_answer", {
            **values, "chosen": chosen, "typed": typed, "error": error, "notice": notice,
            "is_open": values["is_open"] and not notice, "token": door._form_token(self._place(link)),
        }, status)
