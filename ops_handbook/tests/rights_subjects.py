"""The models of the rights matrix, each with its records in every situation and state."""

from datetime import timedelta

from ..tools import clock
from .rights import Subject, month_planned

SUBJECTS = {}


def subject(cls):
    """Register a subject under the name of its model."""
    SUBJECTS[cls.model] = cls
    return cls


class CompanySubject(Subject):
    """Something that belongs to a company and to nobody in it."""

    situations = ("company", "other_company")

    def company(self, situation, role):
        foreign = (situation == "other_company") != (role == "outsider")
        return self.case.foreign if foreign else self.case.company

    def person(self, situation, role):
        return self.company(situation, role)

    def key(self, situation, state, role):
        return (state, self.company(situation, role).id)


@subject
class Substitution(Subject):
    model = "ops.substitution"
    situations = ("own", "own_department", "below", "other_department", "other_company", "substitute")
    values_to_write = {"reason": "Holiday"}

    def person(self, situation, role):
        if situation == "substitute":  # whoever calls stands in for somebody whom they do not lead
            return super().person("other_department", role)
        return super().person(situation, role)

    def key(self, situation, state, role):
        return (situation, role)

    def new_values(self, situation, role, days=20):
        person, substitute = self.person(situation, role), self.case.third_head
        if situation == "substitute":
            substitute = self.case.people[role]
        elif person.company_id == self.case.foreign:
            substitute = self.case.outsider if person == self.case.foreigner else self.case.foreigner
        day = clock.now().date() + timedelta(days=days)
        return {
            "user_id": person.id, "substitute_id": substitute.id,
            "date_from": str(day), "date_to": str(day + timedelta(days=3)),
        }

    def record(self, situation, state, role):
        return self.env["ops.substitution"].create(self.new_values(situation, role, days=10))


@subject
class CalendarDay(CompanySubject):
    model = "ops.calendar.day"
    values_to_write = {"name": "Make-up day"}

    def new_values(self, situation, role, day="2031-05-03"):
        return {"company_id": self.company(situation, role).id, "date": day, "kind": "work", "name": "Make-up day"}

    def record(self, situation, state, role):
        return self.env["ops.calendar.day"].create(self.new_values(situation, role, "2031-05-10"))


@subject
class FormNumber(CompanySubject):
    model = "ops.form.number"
    situations = ("company",)
    values_to_write = {"prefix": "XX"}

    def new_values(self, situation, role):
        return {"name": "Another", "model": "res.partner", "prefix": "AN"}

    def record(self, situation, state, role):
        return self.env["ops.form.number"].create({"name": "Test", "model": "res.partner.test", "prefix": "TE"})


# -- the engine -------------------------------------------------------------------------------------------------------

@subject
class Standard(CompanySubject):
    model = "ops.standard"
    values_to_write = {"name": "Renamed"}
    harmless = ("action_plan_change",)

    def new_values(self, situation, role, code="Z1"):
        return {"code": code, "name": "A rule", "verb": "Do it", "company_id": self.company(situation, role).id}

    def record(self, situation, state, role):
        return self.env["ops.standard"].create(self.new_values(situation, role, "Z2"))


class PartOfStandard(CompanySubject):
    """Something below a standard of a company."""

    def standard(self, situation, role, code):
        return self.env["ops.standard"].create(Standard(self.case).new_values(situation, role, code))


@subject
class StandardStep(PartOfStandard):
    model = "ops.standard.step"
    values_to_write = {"value": 2.0}

    def new_values(self, situation, role, code="Z3"):
        return {"standard_id": self.standard(situation, role, code).id, "value": 1.0}

    def record(self, situation, state, role):
        return self.env["ops.standard.step"].create(self.new_values(situation, role, "Z4"))


@subject
class StandardVariant(PartOfStandard):
    model = "ops.standard.variant"
    values_to_write = {"name": "Renamed"}

    def new_values(self, situation, role, code="Z5"):
        return {"standard_id": self.standard(situation, role, code).id, "key": "special", "name": "Special"}

    def record(self, situation, state, role):
        return self.env["ops.standard.variant"].create(self.new_values(situation, role, "Z6"))


@subject
class StandardRevision(PartOfStandard):
    model = "ops.standard.revision"
    values_to_write = {"date_effective": "2020-01-01"}

    def new_values(self, situation, role):
        standard = self.standard(situation, role, "Z7")
        return {"standard_id": standard.id, "date_effective": "2020-01-01", "rule": {}}

    def record(self, situation, state, role):
        return self.standard(situation, role, "Z8").revision_ids


@subject
class StandardProgress(PartOfStandard):
    model = "ops.standard.progress"
    values_to_write = {"date_until": "2020-01-01"}

    def new_values(self, situation, role, code="Z9"):
        return {
            "standard_id": self.standard(situation, role, code).id, "company_id": self.company(situation, role).id,
            "date_until": "2020-01-01",
        }

    def record(self, situation, state, role):
        return self.env["ops.standard.progress"].create(self.new_values(situation, role, "Z10"))


@subject
class Obligation(Subject):
    """``own``: the person answers; ``own_department``, ``below``: somebody of theirs; ``of_operations``: the office does."""

    model = "ops.obligation"
    situations = ("own", "own_department", "below", "other_department", "other_company", "of_operations", "of_gm_office")
    values_to_write = {"date_due": "2030-01-01 00:00:00"}
    harmless = ("action_ask_change",)

    def values(self, person, office=None, period="2031-01"):
        """Return the values of an obligation that ``person`` answers for, or their office."""
        standard = self.env.ref("ops_handbook.ops_standard_m6")
        department = self.case.department_of(person)
        return {
            "standard_id": standard.id, "code": standard.code, "process": standard.process, "period": period,
            "company_id": department.company_id.id, "department_id": department.id, "role": office or "head",
            "responsible_id": False if office else person.id, "date_start": "2026-01-01 00:00:00",
            "date_due": "2031-01-31 15:59:59", "date_original": "2031-01-31 15:59:59",
        }

    def office(self, situation):
        return {"of_operations": "operations", "of_gm_office": "gm_office"}.get(situation)

    def person(self, situation, role):
        found = super().person(situation, role)
        return self.case.employee if role == "portal" and situation in ("own", "own_department", "other_department") else found

    def new_values(self, situation, role):
        return self.values(self.person(situation, role), self.office(situation), "2031-02")

    def record(self, situation, state, role):
        values = self.values(self.person(situation, role), self.office(situation))
        return self.env["ops.obligation"].create(values)


@subject
class ObligationChange(Obligation):
    """``own``: the person asked for it themself."""

    model = "ops.obligation.change"
    states = ("requested", "approved", "refused", "cancelled")
    values_to_write = {"reason": "Another reason"}
    harmless = ()

    def request(self, obligation):
        return {
            "obligation_id": obligation.id, "kind": "extension", "reason": "Ill", "date_until": "2031-02-10 15:59:59",
        }

    def new_values(self, situation, role):
        return self.request(super().record(situation, "-", role))

    def record(self, situation, state, role):
        person, office = self.person(situation, role), self.office(situation)
        obligation = self.env["ops.obligation"].create(self.values(person, office, "2031-03"))
        change = self.env["ops.obligation.change"].with_user(person).sudo().create(self.request(obligation))
        if state != "requested":
            change._transition(state, "Because")
        return change.with_env(self.env)


@subject
class Reminder(Obligation):
    model = "ops.obligation.reminder"
    values_to_write = {"reason": "nobody"}
    harmless = ()

    def reminder(self, situation, role, period):
        obligation = self.env["ops.obligation"].create(self.values(self.person(situation, role), self.office(situation), period))
        return {"obligation_id": obligation.id, "moment": "2031-01-01 00:00:00", "channel": "digest"}

    def new_values(self, situation, role):
        return self.reminder(situation, role, "2031-04")

    def record(self, situation, state, role):
        return self.env["ops.obligation.reminder"].create(self.reminder(situation, role, "2031-05"))


@subject
class ReminderReceiver(Reminder):
    model = "ops.obligation.reminder.receiver"
    values_to_write = {"state": "sent"}

    def receiver(self, situation, role, period):
        reminder = self.env["ops.obligation.reminder"].create(self.reminder(situation, role, period))
        return {
            "reminder_id": reminder.id, "user_id": self.person(situation, role).id, "date_send": "2031-01-01 00:00:00",
        }

    def new_values(self, situation, role):
        return self.receiver(situation, role, "2031-06")

    def record(self, situation, state, role):
        return self.env["ops.obligation.reminder.receiver"].create(self.receiver(situation, role, "2031-07"))


@subject
class ObligationReport(Obligation):
    model = "ops.obligation.report"
    harmless = ()

    def new_values(self, situation, role):
        return {"code": "M6"}

    values_to_write = {"code": "M6"}

    def record(self, situation, state, role):
        obligation = super().record(situation, state, role)
        self.env.flush_all()
        return self.env["ops.obligation.report"].browse(obligation.id)


@subject
class ObligationStat(Obligation):
    """A sum of what is settled, of the department in which the person works; no person stands in it."""

    model = "ops.obligation.stat"
    situations = ("own_department", "below", "other_department", "other_company", "of_operations", "of_gm_office")
    values_to_write = {"met_nbr": 7}
    harmless = ()

    def new_values(self, situation, role):
        department = self.case.department_of(self.person(situation, role))
        return {
            "company_id": department.company_id.id, "department_id": department.id, "met_nbr": 1,
            "standard_id": self.env.ref("ops_handbook.ops_standard_m6").id,
        }

    def record(self, situation, state, role):
        last = self.env["ops.obligation.stat"].search([], order="id desc", limit=1).id
        super().record(situation, state, role).write({"state": "done", "on_time": True, "date_done": "2031-01-01 00:00:00"})
        self.env.flush_all()
        return self.env["ops.obligation.stat"].search([("id", ">", last or 0)])


# -- problem feedback ---------------------------------------------------------------------------------------------------

PATHS = {  # state → the states on the way
    "draft": (), "returned": ("new", "returned"), "new": ("new",), "accepted": ("new", "accepted"),
    "handling": ("new", "accepted", "handling"), "resolved": ("new", "accepted", "handling", "resolved"),
    "closed": ("new", "accepted", "handling", "resolved", "closed"), "rejected": ("new", "rejected"),
    "cancelled": ("cancelled",),
}
PLAN_PATHS = {
    "draft": (), "submitted": ("submitted",), "returned": ("submitted", "returned"), "accepted": ("submitted", "accepted"),
    "closed": ("submitted", "accepted", "closed"), "cancelled": ("cancelled",),
}


class OfProblem(Subject):
    """What problem reports, their plans, measures and sheets need to come about."""

    def third(self, person):
        """Return a department and a user of the person's company that have nothing to do with any role."""
        if person.company_id == self.case.foreign:
            return self.case.foreign_second, self.case.foreigner
        return self.case.third_department, self.case.third_head

    def problem(self, author, state, department=None, handler=None):
        """Return a problem in ``state`` that ``author`` reported; ``department`` and ``handler`` see to it."""
        third, somebody = self.third(author)
        home = self.case.department_of(author)
        problem = self.env["ops.problem"].create({
            "name": "The press leaks", "author_id": author.id, "company_id": home.company_id.id, "department_id": home.id,
        })
        for step in PATHS[state]:
            problem._transition(step, "Because", {
                "severity": "2", "responsible_department_id": (department or third).id,
                "handler_id": (handler or self.env["res.users"]).id,
            } if step == "accepted" else None)
            if step == "handling" and state == "handling":
                self.plan(problem, somebody, "submitted", measure_state="accepted")
        return problem

    def plan(self, problem, author, state, owner=None, measure_state="open"):
        """Return a plan for ``problem`` in ``state``, with one measure in ``measure_state``."""
        plan = self.env["ops.problem.plan"].create({
            "problem_id": problem.id, "author_id": author.id, "root_cause": "A worn seal",
            "measure_ids": [(0, 0, {
                "name": "New seal", "owner_id": (owner or self.third(author)[1]).id, "date_due": "2031-01-10",
                "needs_acceptance": True,
            })],
        })
        filed = PLAN_PATHS["submitted"] if measure_state != "open" and state == "draft" else PLAN_PATHS[state]
        for step in filed[:1]:
            plan._transition(step, "Because")
        for step in {"open": (), "done": ("done",), "accepted": ("done", "accepted"), "cancelled": ("cancelled",)}[measure_state]:
            plan.measure_ids.filtered(lambda m: m.state != "cancelled")._transition(step, "Because")
        for step in filed[1:]:
            plan._transition(step, "Because")
        return plan

    def led_by(self, role):
        """Return the department that a role leads; None when it leads none."""
        return {
            "head": self.case.department, "operations": self.case.ops_department, "gm_office": self.case.gm_department,
            "outsider": self.case.foreign_department,
        }.get(role)

    def stranger(self, role):
        """Return somebody of the role's company who has nothing to do with the role."""
        if role == "outsider":
            return self.case.foreigner
        return super().person("other_department", role) or self.case.liaison

    def person(self, situation, role):
        if role == "portal" and situation not in ("of_operations", "other_company"):
            return self.case.employee
        if situation == "responsible" and not self.led_by(role):
            return None
        return super().person(situation, role)


@subject
class Problem(OfProblem):
    model = "ops.problem"
    situations = (
        "own", "own_department", "other_department", "of_operations", "handler", "responsible", "other_company", "program",
    )
    states = tuple(PATHS)
    states_of = {
        "handler": ("accepted", "handling", "resolved", "closed"),
        "responsible": ("accepted", "handling", "resolved", "closed"),
        "program": ("-",),
    }
    values_to_write = {"name": "The press leaks badly"}
    harmless = ("action_close", "action_write_plan")
    arguments = {
        "action_accept": lambda self, record, role: ["2", self.third(record.author_id)[0].id],
        "action_assign": lambda self, record, role: [self.third(record.author_id)[1].id],
        "action_regrade": ["3", "Less bad than thought"],
        "action_start": ["Machine stopped"],
        "action_resolve": ["New seal"],
        "action_verify": [True, "No drop in a week"],
        "similar": ["press leaks"],
        "quick_report": [{"name": "A leak", "category": "other", "proposed_severity": "3"}],
    }

    def new_values(self, situation, role):
        author = self.stranger(role) if situation in ("handler", "responsible") else self.person(situation, role)
        values = {"name": "A leak"}
        return values if author == self.case.people[role] else {**values, "author_id": author.id}

    def record(self, situation, state, role):
        person = self.person(situation, role)
        if situation == "program":
            return self.env["ops.problem"]
        if situation == "handler":
            return self.problem(self.stranger(role), state, handler=person)
        if situation == "responsible":
            return self.problem(self.stranger(role), state, department=self.led_by(role) or self.case.department)
        return self.problem(person, state)


@subject
class ProblemPlan(OfProblem):
    """``own``: the person handles the problem and wrote the plan; ``responsible``: leads the department that handles it;
    ``reporter``: reported the problem; ``owner``: carries a measure out."""

    model = "ops.problem.plan"
    situations = ("own", "responsible", "reporter", "owner", "other_department", "of_operations", "other_company")
    states = tuple(PLAN_PATHS)
    values_to_write = {"root_cause": "Another cause"}

    def base(self, situation, role, state="handling"):
        """Return (problem in handling without a plan, author of the plan, owner of its measure or None)."""
        person, stranger = self.person(situation, role), self.stranger(role)
        reporter = author = stranger if situation in ("own", "responsible", "reporter", "owner") else person
        department = handler = owner = None
        if situation == "own":
            author = handler = person
        elif situation == "responsible":
            department, author = self.led_by(role) or self.case.department, self.third(stranger)[1]
        elif situation == "reporter":
            reporter, author = person, self.third(person)[1]
        elif situation == "owner":
            author, owner = self.third(stranger)[1], person
        elif situation == "other_department":
            reporter = self.third(person)[1]
        problem = self.problem(reporter, "accepted", department, handler)
        problem._transition("handling", "Machine stopped")
        return problem, author, owner

    def new_values(self, situation, role):
        problem, _author, _owner = self.base(situation, role)
        return {"problem_id": problem.id, "root_cause": "A worn seal"}

    def record(self, situation, state, role):
        problem, author, owner = self.base(situation, role)
        return self.plan(problem, author, state, owner)


@subject
class ProblemMeasure(ProblemPlan):
    """``planned``: the plan is being written by the person who handles the problem; ``owner``: the person carries it out;
    ``responsible``: leads the department that handles it; else the plan has been filed by somebody else."""

    model = "ops.problem.measure"
    situations = ("planned", "owner", "responsible", "reporter", "other_department", "of_operations", "other_company")
    states = ("open", "done", "accepted", "cancelled")
    states_of = {"planned": ("open",)}
    values_to_write = {"name": "Two seals"}
    arguments = {
        "action_done": ["Seal replaced"],
        "action_hand_over": lambda self, record, _role: [self.successor(record.sudo()).id, "On leave"],
        "action_make_task": month_planned,
    }

    def successor(self, measure):
        """Somebody of the measure's company who does not carry it out yet."""
        if measure.company_id == self.case.foreign:
            return self.case.outsider
        return self.case.other_head if measure.owner_id == self.case.third_head else self.case.third_head

    def person(self, situation, role):
        return super().person("own" if situation == "planned" else situation, role)

    def measure_owner(self, situation, role):
        return self.person(situation, role) if situation in ("of_operations", "owner") else None

    def new_values(self, situation, role):
        state = "draft" if situation == "planned" else "submitted"
        problem, author, owner = self.base("own" if situation == "planned" else situation, role)
        plan = self.plan(problem, author, state, owner)
        return {"plan_id": plan.id, "name": "Grease", "owner_id": self.third(author)[1].id, "date_due": "2031-01-11"}

    def record(self, situation, state, role):
        problem, author, owner = self.base("own" if situation == "planned" else situation, role)
        owner = owner or self.measure_owner(situation, role)
        plan = self.plan(problem, author, "draft" if situation == "planned" else "submitted", owner, state)
        return plan.measure_ids


@subject
class ProblemVerification(OfProblem):
    """``own``: the person verified what they had reported; ``handler``: what they handled."""

    model = "ops.problem.verification"
    situations = ("own", "handler", "responsible", "other_department", "other_company")
    states = ("submitted",)
    values_to_write = {"comment": "It works"}

    def base(self, situation, role):
        person, stranger = self.person(situation, role), self.stranger(role)
        if situation == "handler":
            return self.problem(stranger, "resolved", handler=person)
        if situation == "responsible":
            return self.problem(stranger, "resolved", department=self.led_by(role) or self.case.department)
        return self.problem(person, "resolved")

    def new_values(self, situation, role):
        return {"problem_id": self.base(situation, role).id, "effective": "yes"}

    def record(self, situation, state, role):
        problem = self.base(situation, role)
        verifier = problem.author_id
        self.env["ops.problem.verification"].with_user(verifier).sudo()._file(problem.sudo(), True, "Works")
        sheet = problem.verification_ids.with_env(self.env)
        sheet.invalidate_recordset()
        return sheet


@subject
class Lesson(CompanySubject):
    model = "ops.lesson"
    states = ("draft", "published", "cancelled")
    values_to_write = {"summary": "Much was learnt"}
    harmless = ("action_accept", "action_close")

    def lesson(self, situation, role, state, month):
        lesson = self.env["ops.lesson"].create({
            "company_id": self.company(situation, role).id, "month": month,
            "line_ids": [(0, 0, {"name": "A case", "decision": "share"})],
        })
        lesson.action_compile()
        if state != "draft":
            lesson._transition(state, "Because")
        return lesson

    def new_values(self, situation, role):
        return {"company_id": self.company(situation, role).id, "month": "2026-01-01"}

    def record(self, situation, state, role):
        return self.lesson(situation, role, state, "2026-02-01")


@subject
class LessonLine(Lesson):
    model = "ops.lesson.line"
    values_to_write = {"learnt": "Check the seals"}
    harmless = ()

    def new_values(self, situation, role):
        lesson = self.lesson(situation, role, "draft", "2026-03-01")
        return {"lesson_id": lesson.id, "name": "Another case"}

    def record(self, situation, state, role):
        return super().record(situation, state, role).line_ids


@subject
class LessonFigure(Lesson):
    model = "ops.lesson.figure"
    values_to_write = {"problem_count": 0}
    harmless = ()

    def new_values(self, situation, role):
        return {"lesson_id": self.lesson(situation, role, "draft", "2026-04-01").id, "kind": "total"}

    def record(self, situation, state, role):
        return super().record(situation, state, role).figure_ids[:1]


@subject
class Transition(OfProblem):
    """A line of the log: read by whoever may read what it speaks of."""

    model = "ops.form.transition"
    situations = ("own", "other_department", "other_company")
    values_to_write = {"reason": "Forged"}

    def new_values(self, situation, role):
        return {"res_model": "ops.problem", "res_id": self.problem(self.person(situation, role), "new").id, "date": "2026-01-01 00:00:00"}

    def record(self, situation, state, role):
        return self.problem(self.person(situation, role), "new").transition_ids


@subject
class RateLimit(CompanySubject):
    model = "ops.rate.limit"
    situations = ("company",)
    values_to_write = {"key": "forged"}

    def new_values(self, situation, role):
        return {"key": "forged", "moment": "2026-01-01 00:00:00"}

    def record(self, situation, state, role):
        return self.env["ops.rate.limit"].create({"key": "a hash", "moment": "2026-01-01 00:00:00"})
