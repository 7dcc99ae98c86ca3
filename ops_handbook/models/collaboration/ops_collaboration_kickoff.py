from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import Command, models
from odoo.exceptions import UserError

from ...tools import clock, freetime, token
from ...tools.moments import DAY, at_hour, local_date
from ...tools.workdays import due_after

TERM = 2  # working days, where no C1 says more
AHEAD = timedelta(days=20)  # how far a free time is looked for when there is none within the term


class Proposal(NamedTuple):
    """A time for the kick-off (naive UTC) and who cannot come (user ids)."""

    start: datetime
    stop: datetime
    missing: tuple
    late: bool
    """after the term of C1"""


class OpsCollaboration(models.Model):
    """The kick-off, planned with one click: when all are free, with the agenda that follows from the request (C1)."""

    _inherit = "ops.collaboration"

    def action_plan_kickoff(self):
        """Propose times for the kick-off; where one is planned already, open it."""
        self._check_kickoff()
        if self.kickoff_id:
            return self.action_open_kickoff()
        # made here, since the buttons of rows that are not saved do nothing: the first click on a time has to count
        wizard = self.env["ops.collaboration.kickoff.wizard"].create({"collaboration_id": self.id})
        return self._open_dialog(wizard._name, self.env._("Plan the Kick-Off"), wizard.id)

    def _check_kickoff(self):
        self.ensure_one()
        self.check_access("read")
        request_sudo = self.sudo()  # sudo: the state decides
        if request_sudo.state != "filed":
            raise UserError(self.env._(
                "%(record)s is “%(state)s”: file the request first, then plan its kick-off.",
                record=request_sudo.display_name, state=self._state_label(request_sudo.state),
            ))
        if not self.env.su and not self._flow_roles()[self.id] & {"operations", "decider"}:
            raise UserError(self.env._("Operations plan the kick-off. Ask them if it is urgent."))

    # -- when --------------------------------------------------------------------------------------------------------

    def _kickoff_users(self, organiser):
        """Return who is to come (sudo): who speaks for each party, the lead, the requester and the organiser."""
        request = self.sudo()  # sudo: who takes part is no secret of the parties
        parties = request.party_ids.filtered(lambda party: party.state != "released")
        people = parties.acting_liaison_id | request._lead_in_charge() | request._requester_in_charge() | organiser.sudo()
        return people.filtered(lambda user: user.active and not user.share)

    def _kickoff_term(self):
        """Return until when the kick-off is due (naive UTC): C1, or two working days from now where it does not run."""
        now, company = clock.now(), self.company_id
        found = self.env["ops.obligation"].sudo().search([  # sudo: the process asks about its own clock
            ("code", "=", "C1"), ("source_model", "=", self._name), ("source_id", "=", self.id),
            ("state", "in", ("open", "held")), ("date_due", ">", now),
        ], limit=1)
        return found.date_due or due_after(now, TERM, "workdays", company._ops_workdays(), company._ops_tz())

    def _propose_kickoff(self, duration=timedelta(hours=1), count=4, organiser=None):
        """Return times for the kick-off, the best first.

        All free within the term of C1, and late enough for a notice one working day ahead (C2) where that can be; when
        nobody finds a time for all, those that the fewest miss, and the first after the term at which all are free.

        :param timedelta duration: how long it takes
        :param int count: how many times at most
        :return: list of :class:`Proposal`; empty when nobody works in that time
        """
        self.ensure_one()
        now, term = clock.now(), self._kickoff_term()
        company = self.company_id
        users = self._kickoff_users(organiser or self.env.user)
        people = users._ops_free_people(now, term + AHEAD, company)
        tz = company._ops_tz()
        tomorrow = at_hour(local_date(now, tz) + DAY, 0.0, tz)
        found = freetime.propose(people, now, term, duration, count, prefer_from=tomorrow)
        proposals = [Proposal(*slot, late=False) for slot in found]
        if not found or found[0].missing:
            later = [slot for slot in freetime.propose(people, term, term + AHEAD, duration, 1) if not slot.missing]
            proposals = proposals[: count - len(later)] + [Proposal(*slot, late=True) for slot in later]
        return proposals

    # -- the meeting -------------------------------------------------------------------------------------------------

    def _create_kickoff(self, start, stop):
        """Create the kick-off as a draft that is ready to be called; return it.

        :param datetime start: naive UTC
        :param datetime stop: naive UTC
        """
        self._check_kickoff()
        self._transition_lock()
        self.invalidate_recordset(["kickoff_id"])
        if self.sudo().kickoff_id:  # sudo: two people may have pressed at once
            raise UserError(self.env._("The kick-off has been planned already. Reload the page to see it."))
        request = self.sudo()  # sudo: what was asked of the parties goes on the agenda
        meeting = self._create_meeting(
            self.env._("Kick-off: %(matter)s", matter=request.name), date_start=start, date_stop=stop,
            department_id=request.company_id.ops_operations_department_id.id or request.department_id.id,
            agenda_ids=[Command.create(values) for values in request._kickoff_agenda(request._lead_in_charge())],
        )
        token.marked(self.sudo()).write({"kickoff_id": meeting.id})  # sudo: the machinery's own field
        self._notify_kickoff()
        return meeting

    def _create_meeting(self, name, **values):
        """Create and return a meeting about this collaboration, with all who take part; the current user calls it."""
        lead, users = self.sudo()._lead_in_charge(), self._kickoff_users(self.env.user)  # sudo: who takes part
        meeting = self.env["ops.meeting"].create({
            "name": name,
            "type_id": self.env["ops.meeting.type"].search([("kind", "=", "collaboration")], limit=1).id,
            "company_id": self.sudo().company_id.id,
            "is_cross_department": True,
            "organiser_id": self.env.uid,
            "recorder_id": self.env.uid,
            "chair_id": lead.id or self.env.uid,
            "attendee_ids": [Command.create({"user_id": user.id, "is_required": True}) for user in users],
            **values,
        })
        # sudo: what a meeting is about is said by the record itself, never by a client
        token.marked(meeting.sudo()).write({"subject_model": self._name, "subject_id": self.id})
        return meeting

    def action_plan_meeting(self):
        """Plan another meeting of the collaboration: whoever steers it calls it, all who take part are invited."""
        self.ensure_one()
        self.check_access("read")
        if not self._filtered_steered():
            raise UserError(self.env._("The lead and operations call the meetings of a collaboration that is filed or running."))
        meeting = self._create_meeting(self.sudo().name)  # sudo: its name
        return meeting._obligation_open_action()

    def _kickoff_agenda(self, lead):
        """Return the items of the agenda: the goal, what is asked of each party, and who does what by when."""
        topics = [(self.env._("Goal and deliverable: %(goal)s", goal=(self.goal or self.name)[:200]), self._requester_in_charge())]
        for party in self.party_ids.filtered(lambda party: party.state != "released"):
            topics.append((f"{party.department_id.name}: {party.request[:200]}", party.acting_liaison_id))
        topics.append((self.env._("Division of labour, dates and contacts"), lead))
        return [
            {"sequence": 10 * number, "name": " ".join(name.split()), "presenter_id": user.id or False, "duration": 10}
            for number, (name, user) in enumerate(topics, 1)
        ]

    def _forget_kickoff(self, reason):
        """The kick-off was cancelled: another can be planned (superuser)."""
        token.marked(self).write({"kickoff_id": False})
        for request in self:
            self.env["ops.form.transition"]._log(request, {request.id: request.state}, None, reason)

    # -- what it resolves --------------------------------------------------------------------------------------------

    def _contact_rows(self, resolutions):
        """Return who does what (superuser): each party that takes part, then the other departments that do something.

        A party to which nothing fell stands there as well: the others need to know whom to call.

        :param resolutions: what the kick-off decided
        :return: list of dicts; see ``_kickoff_contacts`` of ``ops.meeting``
        """
        party_of = self._parties_of(resolutions.department_id)
        sides = resolutions.grouped(lambda item: party_of.get((self.id, item.department_id.id)))
        rows = [
            {"department": party.department_id, "contacts": party.acting_liaison_id,
             "resolutions": sides.pop(party, resolutions.browse())}
            for party in self.party_ids if party.state != "released"
        ]
        others = resolutions.browse().union(*sides.values())
        return rows + [
            {"department": department, "contacts": items.owner_id, "resolutions": items}
            for department, items in others.grouped("department_id").items() if department
        ]

    def _take_resolutions(self, meeting):
        """Make the resolutions of a meeting the items of the collaboration; those known already are brought up to date."""
        # sudo: what was resolved is not for the recorder to forbid; only here an item gets a resolution
        items = token.marked(self.env["ops.collaboration.item"].sudo())
        known = {item.resolution_id: item for item in items.search([("resolution_id", "in", meeting.resolution_ids.ids)])}
        fresh = []
        for resolution in meeting.resolution_ids.filtered(lambda one: one.owner_id and one.date_due):
            values = items._values_of_resolution(resolution)
            if resolution not in known:
                if resolution.state == "open":
                    fresh.append({**values, "collaboration_id": self.id, "resolution_id": resolution.id})
            else:
                known[resolution]._follow(values)
        items.create(fresh)
