"""Security: a form that looks ahead tells nothing of what its user may not read, and a client says nothing that only follows."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .collaborations import CollaborationCase
from .execution import ExecutionCase
from .minutes import MinutesCase
from .planning import PlanningCase
from .problems import ProblemCase

SECRET = "Nobody else knows"


class LookAheadCase:
    def told(self, model, user, values, *names, record=None, asked=(), **context):
        """Return what a form of ``user`` is told by a look ahead, or by its refusal, as text."""
        self.env.flush_all()
        self.env.transaction.clear()
        spec = {name: {"fields": {"display_name": {}}} if self.env[model]._fields[name].relational else {} for name in names}
        form = (record or self.env[model]).with_user(user).with_context(**context)
        try:
            with self.env.cr.savepoint():
                return str(form.onchange(values, list(asked), spec))
        except (AccessError, UserError) as error:
            return str(error)


@tagged("post_install", "-at_install")
class TestLookAheadCollaboration(LookAheadCase, CollaborationCase):
    def test_brief_and_party_tell_nothing_of_a_collaboration_one_is_not_in(self):
        request = self.running(name=SECRET)
        self.item(request, name=f"{SECRET}, the item")
        brief = "ops.collaboration.brief", ("name", "done", "next", "risks", "collaboration_id")
        party = "ops.collaboration.party", ("matter", "goal", "deliverable_standard", "collaboration_id")
        for user, (model, names) in ((self.employee, brief), (self.branch_head, party), (self.branch_head, brief)):
            values = {"collaboration_id": request.id, "week_start": "2026-11-23"}
            values = {name: value for name, value in values.items() if name in self.env[model]._fields}
            self.assertNotIn(SECRET, self.told(model, user, values, *names))
            self.assertNotIn(SECRET, self.told(model, user, values, *names, asked=["collaboration_id"]))
            self.assertNotIn(SECRET, self.told(model, user, {}, *names, default_collaboration_id=request.id))
            around = {**values, "collaboration_id": {"id": request.id, "name": "Mine"}}
            self.assertNotIn(SECRET, self.told(model, user, around, *names))

    def test_meeting_tells_nothing_of_what_it_is_said_to_be_about(self):
        request = self.running(name=SECRET)
        about = {"subject_model": "ops.collaboration", "subject_id": request.id}
        names = "collaboration_id", "subject_model", "subject_id"
        for values, context in (
            ({}, {"default_collaboration_id": request.id}), (about, {}),
            ({}, {f"default_{name}": value for name, value in about.items()}),
        ):
            self.assertNotIn(SECRET, self.told("ops.meeting", self.branch_head, values, *names, **context), values or context)
        self.assertIn(SECRET, self.told("ops.meeting", self.other_head, about, *names))

    def test_whoever_may_read_it_is_told(self):
        request = self.running(name=SECRET)
        told = self.told(
            "ops.collaboration.brief", self.other_head, {"collaboration_id": request.id, "week_start": "2026-11-23"}, "name"
        )
        self.assertIn(SECRET, told)

    def test_lines_around_which_a_form_stands_say_no_more(self):
        """A link in a line of a form counts as one of the form itself."""
        request = self.submitted(name=SECRET, departments=self.other_department)
        line = self.party(request)
        own = self.request(user=self.third_head, departments=self.department)
        for commands in ([Command.link(line.id)], [Command.set(line.ids)], [Command.update(line.id, {"resources": "x"})]):
            told = self.told("ops.collaboration", self.third_head, {"party_ids": commands}, "party_ids", record=own)
            self.assertNotIn(SECRET, told)


@tagged("post_install", "-at_install")
class TestLookAheadMinutes(LookAheadCase, MinutesCase):
    def test_agenda_tells_nothing_of_a_resolution_one_has_no_part_in(self):
        resolution = self.meeting().resolution_ids or self.resolve(self.meeting(), name=SECRET)
        names = "resolution_state", "resolution_due", "resolution_owner_id", "resolution_id"
        for asked in ((), ("resolution_id",)):
            told = self.told("ops.meeting.agenda", self.other_head, {"resolution_id": resolution.id}, *names, asked=asked)
            self.assertNotIn(SECRET, told)
            self.assertNotIn(self.employee.name, told)

    def test_company_of_a_resolution_only_follows(self):
        """C5: whoever could write it would have it owed in a company where nothing is tracked."""
        resolution = self.resolve(self.meeting())
        resolution.with_user(self.recorder).write({"company_id": self.branch.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(resolution.company_id, self.company)

    def test_meeting_of_ones_own_belongs_to_no_collaboration_by_a_word(self):
        meeting = self.env["ops.meeting"].with_user(self.employee).create({"name": "Mine"})
        case = self.env["ops.collaboration"].with_user(self.head).create({"name": SECRET})
        meeting.write({"collaboration_id": case.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(meeting.sudo().collaboration_id)


@tagged("post_install", "-at_install")
class TestLookAheadProblem(LookAheadCase, ProblemCase):
    def test_plan_and_report_tell_nothing_of_another_problem(self):
        problem = self.report(user=self.colleague, name=SECRET)
        for model, name, names in (
            ("ops.problem.plan", "problem_id", ("name", "level", "problem_id")), ("ops.problem", "repeat_of_id", ("repeat_of_id",)),
        ):
            for asked in ((), (name,)):
                told = self.told(model, self.liaison, {name: problem.id}, *names, asked=asked)
                self.assertNotIn(SECRET, told)
                self.assertNotIn(problem.number, told)

    def test_measure_stays_with_its_problem(self):
        """Whoever could name another problem would read it, and keep it from being solved."""
        other = self.accepted("2")
        plan = self.env["ops.problem.plan"].with_user(self.handler).create({
            "problem_id": self.handling().id, "measure_ids": [Command.create({
                "name": "Measure", "owner_id": self.handler.id, "date_due": "2099-01-01", "kind": "corrective",
            })],
        })
        measure = plan.measure_ids
        measure.write({"problem_id": other.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(measure.sudo().problem_id, plan.problem_id)


@tagged("post_install", "-at_install")
class TestLookAheadTask(LookAheadCase, ExecutionCase):
    def test_running_task_is_no_way_to_the_name_of_any_record(self):
        plan = self._month_plan()
        task = plan.task_ids[:1]
        log = self.env["ops.form.transition"].sudo().search([], limit=1)
        self.env.cr.execute("UPDATE ops_form_transition SET reason_text = %s WHERE id = %s", [SECRET, log.id])
        self.env.cr.execute("UPDATE ops_month_plan SET state = 'issued' WHERE id = %s", [plan.id])
        self.env.cr.execute("UPDATE ops_task SET state = 'progress' WHERE id = %s", [task.id])
        values = {"source_model": log._name, "source_id": log.id}
        for user in (self.employee, self.head):
            for asked in ((), ("progress",), ("source_id",)):
                told = self.told(
                    "ops.task", user, {**values, "progress": 10}, "source_label", "progress", record=task, asked=asked
                )
                self.assertNotIn(SECRET, told)
            self.assertNotIn(SECRET, self.told("ops.task", user, values, "source_label"))


@tagged("post_install", "-at_install")
class TestFollows(LookAheadCase, PlanningCase):
    def test_level_of_a_risk_only_follows(self):
        """A2: a high risk needs a contingency plan, whatever somebody calls it."""
        plan = self._plan()
        risk = plan.risk_ids[:1]
        risk.write({"probability": "3", "impact": "3", "contingency": False})
        risk.write({"level": "low"})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(risk.level, "high")
        with self.assertRaises(UserError):
            plan.action_submit()


@tagged("post_install", "-at_install")
class TestRefusal(ProblemCase, HttpCase):
    def test_refusal_names_no_record_whatever_the_address_says(self):
        """With ``?debug=1`` Odoo names what it refuses."""
        problem = self.report(user=self.colleague, name=SECRET)
        log = self.env["ops.form.transition"].sudo().search([("res_model", "=", "ops.problem"), ("res_id", "=", problem.id)], limit=1)
        self.env.cr.execute("UPDATE ops_form_transition SET reason_text = %s WHERE id = %s", [SECRET, log.id])
        self.env.invalidate_all()
        self.authenticate(self.liaison.login, self.liaison.login)
        for record, name in ((problem, "description"), (log, "reason")):
            answer = self.refusal_of(record, name)
            self.assertIn(str(record.id), answer)
            self.assertNotIn(SECRET, answer)

    def refusal_of(self, record, name):
        """Return how a look at ``record`` in debug mode is refused."""
        answer = self.url_open("/web/dataset/call_kw?debug=1", json={
            "jsonrpc": "2.0", "method": "call",
            "params": {"model": record._name, "method": "read", "args": [record.ids, [name]], "kwargs": {}},
        }).json()
        self.assertIn("AccessError", answer["error"]["data"]["name"])
        return answer["error"]["data"]["message"]
