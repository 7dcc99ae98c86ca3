from odoo import models


class OpsProgressReport(models.Model):
    """What the tasks of the months say of the initiatives."""

    _inherit = "ops.progress.report"

    def _prefill_facts(self, reports):
        """Percent done of each initiative, by the weight of its tasks: two queries for the tasks and the months before of all reports.

        A month counts with its share of the initiative (the breakdown, or the days where there is none). What was carried
        over counts in the month in which it began, with the progress that it has by now. On top of what the last report
        before said, where the months before have no tasks.
        """
        facts = {key: dict(fact) for key, fact in super()._prefill_facts(reports).items()}
        plans_sudo = reports.plan_id.sudo()  # sudo: a report is compiled from all tasks of its department
        last = max(reports.mapped("period"), default="")
        progress = plans_sudo.initiative_ids._progress_by_month(last)
        reported = plans_sudo.initiative_ids.browse(progress)._reported_by_month(last) if progress else {}
        for report in reports:
            for initiative in report.plan_id.sudo().initiative_ids:  # sudo: as above
                done = initiative._done_until(report.period, progress.get(initiative.id, {}), reported.get(initiative.id))
                if done is not None:
                    facts.setdefault((report.id, initiative.id), {})["progress"] = done
        return facts
