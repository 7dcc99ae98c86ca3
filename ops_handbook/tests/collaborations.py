"""Collaborations in every state, for the tests of process 3."""

from datetime import timedelta

from ..tools import clock
from .common import OpsCommon


class CollaborationCase(OpsCommon):
    """``head`` (Workshop) asks Sales (``other_head``) and Purchasing (``third_head``) for help; Sales leads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third_head = cls._create_user("third.head")
        cls.third_department = cls._create_department("Purchasing", cls.third_head)
        # other companies of the database are no concern of these tests
        cls.env["res.company"].search([("id", "not in", (cls.company | cls.branch).ids)]).ops_started = False

    def request(self, departments=None, user=None, **values):
        """Return one draft request of ``user``."""
        user = user or self.head
        departments = departments or (self.other_department | self.third_department)
        return self.env["ops.collaboration"].with_user(user).create({
            "name": "New packaging line",
            "goal": "Pack twice as fast",
            "deliverable_standard": "1,000 boxes an hour in a trial of a day",
            "date_expected": clock.today("Asia/Shanghai") + timedelta(days=30),
            "lead_department_id": self.other_department.id,
            "company_id": user.company_id.id,
            "party_ids": [
                (0, 0, {"department_id": department.id, "request": f"Two people of {department.name}"})
                for department in departments
            ],
            **values,
        })

    def submitted(self, **values):
        request = self.request(**values)
        request.action_submit()
        return request

    def filed(self, **values):
        request = self.submitted(**values)
        request.with_user(self.operations).action_file()
        return request

    def planned(self, hours=20, **values):
        """Return a filed request with its kick-off planned in ``hours``."""
        request = self.filed(**values)
        start = clock.now() + timedelta(hours=hours)
        request.with_user(self.operations)._create_kickoff(start, start + timedelta(hours=1))
        return request

    def hold(self, request):
        """Hold the kick-off of a request now."""
        meeting = request.sudo().kickoff_id.with_user(self.operations)
        meeting.action_hold(clock.now() - timedelta(hours=1), clock.now())
        return meeting

    def running(self, **values):
        request = self.planned(**values)
        self.hold(request)
        return request

    def item(self, request, owner=None, days=5, **values):
        """Return an item that the lead added by hand."""
        return self.env["ops.collaboration.item"].with_user(self.other_head).create({
            "collaboration_id": request.id, "name": "Draw the line", "owner_id": (owner or self.liaison).id,
            "date_due": clock.today("Asia/Shanghai") + timedelta(days=days), **values,
        })

    def minutes(self, request, *resolutions):
        """Write resolutions (name, owner, days, values) into the kick-off's minutes and distribute them."""
        meeting = request.sudo().kickoff_id.with_user(self.operations)
        meeting.attendee_ids.write({"presence": "present"})
        today = clock.today("Asia/Shanghai")
        self.env["ops.resolution"].with_user(self.operations).create([
            {"meeting_id": meeting.id, "name": name, "owner_id": owner.id, "date_due": today + timedelta(days=days), **values}
            for name, owner, days, values in resolutions
        ])
        meeting.action_distribute()
        return meeting

    def party(self, request, department=None):
        department = department or self.other_department
        return request.sudo().party_ids.filtered(lambda party: party.department_id == department).with_env(request.env)

    def generate(self):
        self.env["ops.obligation"].sudo()._generate(self.company | self.branch)

    def assertDue(self, obligation, local, tz="Asia/Shanghai"):
        self.assertEqual(obligation.date_due, self.utc(local, tz))
