from odoo import models

from .ops_completion_report import HANDED_IN


class OpsProgressReport(models.Model):
    """What the tasks of the months say of the initiatives."""

    _inherit = "ops.progress.report"

    def _prefill_facts(self, reports):
        """Percent done of each initiative, by the weight of its tasks, and why tasks of the month were not finished.

        Four queries for the tasks, the months before and the rulings of all reports. A month counts with its share of the
        initiative (the breakdown, or the days where there is none). What was carried over counts in the month in which it began,
        with the progress that it has by now. On top of what the last report before said, where the months before have no tasks.
        """
        facts = {key: dict(fact) for key, fact in super()._prefill_facts(reports).items()}
        plans_sudo = reports.plan_id.sudo()  # sudo: a report is compiled from all tasks of its department
        last = max(reports.mapped("period"), default="")
        progress = plans_sudo.initiative_ids._progress_by_month(last)
        reported = plans_sudo.initiative_ids.browse(progress)._reported_by_month(last) if progress else {}
        causes = self._causes_of_month(reports)
        for report in reports:
            for initiative in report.plan_id.sudo().initiative_ids:  # sudo: as above
                done = initiative._done_until(report.period, progress.get(initiative.id, {}), reported.get(initiative.id))
                if done is not None:
                    facts.setdefault((report.id, initiative.id), {})["progress"] = done
                if lines := causes.get((initiative.id, report.period)):
                    facts.setdefault((report.id, initiative.id), {})["cause"] = report._causes_in_words(lines)
        return facts

    def _causes_of_month(self, reports):
        """Return what completion reports say of unfinished tasks: dict (initiative id, month) → their lines (superuser)."""
        # sudo: as in _prefill_facts
        lines_sudo = self.env["ops.completion.report.line"].sudo().search([
            ("task_id.initiative_id", "in", reports.plan_id.sudo().initiative_ids.ids), ("period", "in", reports.mapped("period")),
            ("result", "=", "unfinished"), ("report_id.state", "in", HANDED_IN),
        ], order="id")
        return lines_sudo.grouped(lambda line: (line.task_id.initiative_id.id, line.period))

    def _causes_in_words(self, lines):
        """Return the causes of unfinished tasks as a text, in the language of whoever writes this report."""
        writer_sudo = self.author_id.sudo()  # sudo: their language
        texts = self.with_context(lang=writer_sudo.lang or self.company_id.sudo().partner_id.lang or self.env.lang)
        return "\n".join(
            texts.env["ops.month.analysis.line"]._cause_in_words(line._as_fact()) for line in lines.with_env(texts.env)
        )
