import re

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from ..tools.moments import local_time
from .ops_door import DOOR
from .ops_problem_report import LONG, SHORT

TOKEN = re.compile(r"[A-Za-z0-9_-]{40,100}")


class OpsProblemFollow(Controller):
    """What a reporter without an account sees of their own report, by the private link: its progress, nothing else."""

    @route("/ops/follow/<string:token>", methods=["GET"], **DOOR)
    def follow(self, token, **params):
        """Show what became of the report."""
        door = request.env["ops.door"]._for_visitor()
        problem = self._problem(door, token)
        return self._page(door, problem) if problem else door._unknown()

    @route("/ops/follow/<string:token>", methods=["POST"], readonly=False, **DOOR)
    def answer(self, token, **params):
        """Take the reporter's verification, or their answer to a question. csrf: the form's token is signed."""
        door = request.env["ops.door"]._for_visitor()
        problem = self._problem(door, token)
        if not problem:
            return door._unknown()
        if not door._form_nonce(params.get("form_token"), self._place(problem)):
            # made for another round, or too long ago: pressed twice, or already answered elsewhere
            return self._page(door, problem, error=door.env._(
                "This was answered already, or the page was open for too long. Here is how it stands now."), status=409)
        try:
            with door.env.cr.savepoint():
                self._take(door, problem, params)
        except UserError as error:
            return self._page(door, problem, params, str(error), status=422)
        return self._page(door, problem, notice=door.env._("Thank you, your answer is filed."))

    def _problem(self, door, token):
        """Return the report of this link. The search is for a hash, so its time tells nothing about the token."""
        problems = door.env["ops.problem"]
        return problems._follow_by_token(token) if TOKEN.fullmatch(token) else problems

    def _place(self, problem):
        """Return what a form on this page is good for: this report, as it stands now."""
        return f"follow:{problem.id}:{problem.state}:{problem.round}"

    def _take(self, door, problem, params):
        comment = door._text(params, "comment", door.env._("Comment"), SHORT if problem.state == "resolved" else LONG)
        if problem.state == "resolved":
            if params.get("effective") not in ("yes", "no"):
                raise UserError(door.env._("Is the problem solved: please choose yes or no."))
            return problem._door_verify(params["effective"] == "yes", comment, door._photos())
        if problem.state == "returned":
            if not comment:
                raise UserError(door.env._("Your answer: please write a few words."))
            return problem._door_answer(comment, door._photos())
        raise UserError(door.env._("There is nothing to answer at the moment."))

    def _page(self, door, problem, params=None, error=None, notice=None, status=200):
        return door._page("ops_problem_public_follow", {
            "number": problem.number,
            "state": problem._state_label(problem.state),
            "steps": self._steps(door, problem),
            "answers": self._answers(door, problem),
            "description": problem.description or problem.name,
            "can_verify": problem.state == "resolved",
            "can_answer": problem.state == "returned",
            "token": door._form_token(self._place(problem)),
            "values": {name: value for name, value in (params or {}).items() if isinstance(value, str)},
            "error": error,
            "photos_again": error and any(file.filename for file in request.httprequest.files.getlist("photos")),
            "notice": notice,
        }, status=status)

    def _steps(self, door, problem):
        ended = problem._state_label(problem.state)  # closed, rejected or cancelled
        return [
            (label, self._local(problem, moment))
            for label, moment in (
                (door.env._("Sent"), problem.submitted_on),
                (door.env._("Accepted"), problem.accepted_on),
                (door.env._("Handling started"), problem.started_on),
                (door.env._("Resolved"), problem.resolved_on),
                (ended, problem.closed_on),
            )
            if moment
        ]

    def _local(self, problem, moment):
        return local_time(moment, problem.company_id._ops_tz()).strftime("%Y-%m-%d %H:%M")

    def _answers(self, door, problem):
        return [
            (label, text)
            for label, text in (
                (door.env._("Why it was rejected"), problem.state == "rejected" and (problem.reject_reason or problem._door_reason())),
                (door.env._("Why it is not pursued"), problem.state == "cancelled" and problem._door_reason()),
                (door.env._("We have a question"), problem.state == "returned" and problem._door_reason()),
                (door.env._("What was done"), problem.state in ("resolved", "closed") and problem.resolution),
            )
            if text
        ]
