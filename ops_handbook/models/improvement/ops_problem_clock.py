from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import clock
from ...tools.moments import local_date
from ...tools.saying import saying

TERM_WITHOUT_CLOCK = timedelta(days=7)  # how long the reporter has where the engine has not been started


class OpsProblem(models.Model):
    """Which clocks run: I1 and I2 until somebody handles it, P1 for the plan, I4 for the verification."""

    _inherit = "ops.problem"

    _form_standards = ("I1", "I2")
    # handed in means `new` here, and that waits for I1; D1 asks operations to verify in the reporter's stead
    _form_decision_code = None

    verify_by = fields.Datetime(compute="_compute_verify_by", help="Until when the verification is the reporter's alone.")

    @api.depends("state", "resolved_on")
    def _compute_verify_by(self):
        """The term of the present round, also where nobody was asked by name, and when I4 has been cancelled at its end."""
        # sudo: the term holds for everybody, whoever may see the obligation
        waiting_sudo = self.sudo().filtered(lambda problem: problem.state == "resolved" and problem.resolved_on)
        due = {item.source_id: item.date_due for item in waiting_sudo._asked_this_round("I4")}
        terms = {problem.id: due.get(problem.id) or problem._term_by_rule() for problem in waiting_sudo}
        for problem in self:
            problem.verify_by = terms.get(problem.id)

    def _term_by_rule(self):
        """Return until when the reporter alone verifies where no I4 says so: as the standard reckons it (naive UTC)."""
        company, due = self.company_id, None
        if standard := company.ops_started and self.env["ops.standard"]._get("I4", company):
            revision = standard._revision_at(local_date(self.resolved_on, company._ops_tz()))
            due = standard._due_of_event(revision, company, self.resolved_on)
        return due or self.resolved_on + TERM_WITHOUT_CLOCK

    def _verification_term_is_over(self):
        return bool(self.verify_by and self.verify_by < clock.now())

    # -- transitions -------------------------------------------------------------------------------------------------

    def _transition_check(self, state, reason):
        super()._transition_check(state, reason)
        if state == "returned":
            for problem in self.sudo().filtered(lambda problem: not problem._can_be_completed()):
                raise UserError(self.env._(
                    "%(record)s: there is no way back to whoever reported it, so nobody could complete it. Accept it, or "
                    "reject it with a reason.", record=problem.display_name,
                ))

    def _can_be_completed(self):
        """Tell whether somebody is there who could answer a return: the reporter, their private link, a registrar."""
        return self._reporter_at_work() or self.token_hash or self.channel == "registered"

    def _after_transition(self, previous, reason):
        super()._after_transition(previous, reason)
        groups = self.sudo().grouped(lambda problem: (previous[problem.id], problem.state))  # sudo: see _transition
        for (before, state), problems in groups.items():
            getattr(problems, f"_became_{state}")(before, reason)

    def _clock_rework(self, previous, reason):
        """R1 is asked of a reporter who can log in; what operations wrote down for somebody they complete themselves."""
        return super(OpsProblem, self.filtered("author_id"))._clock_rework(previous, reason)

    def _became_new(self, before, reason):
        """I1 starts; of a proposed level 1 also the 24 hours of I2, which count from now, day or night."""
        urgent = self.filtered(lambda problem: problem.level == "1")
        self._start_clock(
            "I1", round=self._next_rounds("I1"), variant=dict.fromkeys(urgent.ids, "level1"),
            department=self._operations_departments(), start=self._moments("submitted_on"), role=self._deciding_offices(),
        )
        urgent._start_handling_clock()

    def _became_returned(self, before, reason):
        """Operations have answered: what was late stays late, what was not begins anew with the next submission."""
        late = self._filtered_overdue("I1")
        late._fulfil("I1")
        (self - late)._cancel_clock("I1", reason)
        self._cancel_clock("I2", reason)

    def _became_accepted(self, before, reason):
        self._fulfil("I1")
        self._clock_regraded(saying(self.env)._("Graded on acceptance."))

    def _became_rejected(self, before, reason):
        self._fulfil("I1")
        self._cancel_clock("I2", reason)

    def _became_handling(self, before, reason):
        """Handling begins (I2 is met), or begins again after a verification (I4 is met): the plan is due (P1)."""
        if before == "resolved":
            self._clock_verified()
            self._close_plans()
        else:
            self._fulfil("I2")
        self._start_clock(
            "P1", round={problem.id: problem.round for problem in self}, department=self._responsible_departments(),
            responsible=self._handlers(),
        )

    def _became_resolved(self, before, reason):
        """I4: three working days for the reporter; where there is nobody to ask, operations are asked at once.

        Whoever has no account verifies by the private link. That is nobody's obligation: until the term is over operations
        may not verify, and then the hourly job asks them.
        """
        reporters = {problem.id: problem._reporter_to_ask() for problem in self}
        named = self.filtered(lambda problem: reporters[problem.id])
        rounds = {problem.id: problem.round for problem in self}
        named._start_clock("I4", round=rounds, responsible=reporters)
        unnamed = (self - named).filtered(lambda problem: not problem.token_hash)
        unnamed._start_clock(
            "I4", round=rounds, role=unnamed._deciding_offices(), department=unnamed._operations_departments(),
        )

    def _became_closed(self, before, reason):
        self._clock_verified()
        self._close_plans()

    def _close_plans(self):
        """The plan of a round is closed with its verification."""
        filed = self.plan_ids.filtered(lambda plan: plan.state in ("submitted", "accepted"))
        filed.sudo()._transition("closed")  # sudo: nobody decides that on its own

    def _clock_verified(self):
        """I4 is met by the verification sheet of the round that was verified; after its term it is cancelled instead.

        So it counts against no reporter, also when somebody verifies before the hourly job has come by.
        """
        sheets = {problem.id: problem.verification_ids.sorted("id")[-1:] for problem in self}
        asked, now = self._open_of("I4"), clock.now()
        late = asked.filtered(lambda item: item.date_due and item.date_due < now)
        late._set_state("cancelled", saying(self.env)._("Verified after the term."))
        (asked - late)._close(None, lambda item: sheets.get(item.source_id))
        self._forget_obligations()
        self._fulfil("D1")

    def _became_cancelled(self, before, reason):
        """What hangs on the problem stops with it; the engine itself cancels I1 and I2."""
        measures = self.measure_ids.filtered(lambda measure: measure.state == "open")
        measures.sudo()._transition("cancelled", reason)  # sudo: they go with their problem
        plans = self.plan_ids.filtered(lambda plan: plan.state not in plan._flow_closed)
        plans.sudo()._transition("cancelled", reason)
        for code in ("P1", "I4", "D1"):
            self._cancel_clock(code, reason)

    # -- I2 ----------------------------------------------------------------------------------------------------------

    def _clock_regraded(self, reason):
        """Let the level that holds now decide when handling must start; the clocks before stay in the log (I2)."""
        problems = self.sudo().filtered(lambda problem: problem.state == "accepted")  # sudo: the decision has been made
        running = problems._running_variants("I2")
        same = problems.filtered(lambda problem: running.get(problem.id) == f"level{problem.level}")
        same._clock_assigned(reason)
        others = problems - same
        others._cancel_clock("I2", reason)
        others._start_handling_clock()

    def _start_handling_clock(self):
        """Start I2: of level 1 from submission, of the others from acceptance."""
        if not self:
            return
        graded = self.filtered("accepted_on")
        departments = {**(self - graded)._operations_departments(), **graded._responsible_departments()}
        self._start_clock(
            "I2",
            round=self._next_rounds("I2"),
            variant={problem.id: f"level{problem.level}" for problem in self},
            start={
                problem.id: problem.submitted_on if problem.level == "1" else problem.accepted_on for problem in self
            },
            department=departments,
            responsible=self._handlers(),
            role=(self - graded)._deciding_offices(),
        )

    def _clock_assigned(self, reason):
        """Let whoever handles the problem now answer for what is open: the start of handling, and the plan."""
        problems = self.sudo()  # sudo: the decision has been made
        for code in ("I2", "P1"):
            self.env["ops.obligation"]._hand_over(
                code, problems, reason, role="handler", department=problems._responsible_departments(),
            )
        if plans := problems.plan_ids.filtered(lambda plan: plan.state not in plan._flow_closed):
            plans._clock_assigned(reason)

    # -- after the term ----------------------------------------------------------------------------------------------

    @api.model
    def _cron_verify_by_operations(self):
        """Ask operations to verify what nobody has verified within the term: D1 takes the place of I4. Run every hour.

        I4 is cancelled, and so in no figure: that a reporter does not answer counts against nobody.
        """
        waiting = self.sudo().search([("state", "=", "resolved")])  # sudo: run by the clock
        over = waiting.filtered(lambda problem: problem._verification_term_is_over())
        # whoever asked for more time in time waits for the answer, and operations for them
        asking = over._open_of("I4").filtered(lambda item: "requested" in item.change_ids.mapped("state"))
        over -= over.browse(asking.mapped("source_id"))
        over._cancel_clock("I4", saying(self.env)._("No answer within the term: operations verify."))
        asked = set(over._asked_this_round("D1").mapped("source_id"))
        problems = over.filtered(lambda problem: problem.id not in asked)
        problems._start_clock(
            "D1", round={problem.id: problem.round for problem in problems}, role=problems._deciding_offices(),
            department=problems._operations_departments(),
        )

    # -- who and when, by record id ----------------------------------------------------------------------------------

    def _deciding_offices(self):
        return {problem.id: problem._flow_deciding_office() for problem in self}

    def _operations_departments(self):
        return {problem.id: problem.company_id.ops_operations_department_id for problem in self}

    def _responsible_departments(self):
        return {problem.id: problem.responsible_department_id for problem in self}

    def _handlers(self):
        return {problem.id: problem.handler_id for problem in self if problem.handler_id}

    def _moments(self, name):
        return {problem.id: problem[name] for problem in self}

    def _open_of(self, code):
        """Return the open obligations of a standard that these problems started (sudo)."""
        # sudo: the process asks about its own clocks
        return self.env["ops.obligation"].sudo().search([
            ("code", "=", code), ("source_model", "=", self._name), ("source_id", "in", self.ids),
            ("state", "in", ("open", "held")),
        ])

    def _asked_this_round(self, code):
        """Return what a standard asked in the round that each of these problems is in, whatever became of it (sudo)."""
        rounds = {problem.id: problem.round for problem in self}
        # sudo: the process asks about its own clocks
        return self.env["ops.obligation"].sudo().search([
            ("code", "=", code), ("source_model", "=", self._name), ("source_id", "in", self.ids),
        ]).filtered(lambda item: item.round == rounds.get(item.source_id))

    def _running_variants(self, code):
        return {item.source_id: item.variant for item in self._open_of(code)}

    def _filtered_overdue(self, code):
        now = clock.now()
        late = {item.source_id for item in self._open_of(code) if item.date_due and item.date_due < now}
        return self.filtered(lambda problem: problem.id in late)
