from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import UserError

from ...tools import clock
from ...tools.saying import saying
from ...tools.words import typed


class OpsArticle(models.Model):
    """H1: an article is looked through when its date has come, by its owner or else by operations."""

    _inherit = "ops.article"
    _form_standards = ("H1",)

    def write(self, vals):
        dated = "date_review" in vals
        if dated and not self.env.su:
            self._refuse_later_review()
        before = {article.id: article.date_review for article in self.sudo()}  # sudo: names on the article
        archived = self.sudo().filtered(lambda article: not article.active)  # sudo: as above
        result = super().write(vals)
        if dated:
            moved = self.filtered(lambda article: article.sudo().date_review != before[article.id])  # sudo: as above
            moved._restart_review(saying(self.env)._("The date of the review was changed."))
        if vals.get("active") is False:
            self._cancel_clock("H1", saying(self.env)._("The article was archived."))
        elif vals.get("active") and archived:
            archived._restart_review(saying(self.env)._("The article is in use again."))
        if "owner_id" in vals:
            self._hand_review_over()
        return result

    def _refuse_later_review(self):
        """Whoever is to look an article through does not put it off by changing the date."""
        if self.env.user.has_group("ops_handbook.group_administrator"):
            return
        self.check_access("write")  # first: the message names the record
        if published := self.filtered("is_published")[:1]:
            raise UserError(self.env._(
                "Next review: “%(article)s” is published, and its next review follows from the last one. Press "
                "“Reviewed”, publish a version, or ask for an extension.", article=published.name,
            ))

    def action_reviewed(self, reason=None):
        """Say that the articles were looked through and stay as they are; ``reason`` says what was looked at."""
        if reason is None:
            return self.env["ops.reason.wizard"]._ask(self, "action_reviewed")
        self.check_access("read")
        reason = typed(reason)
        if not reason:
            raise UserError(self.env._("Reason: please say what was looked at, and by whom."))
        may = self._may_write()
        for article in self:
            if article.id not in may or not article.is_published:
                raise UserError(self.env._(
                    "“%(article)s”: only a published article is reviewed, by its owner, operations or the GM office.",
                    article=article.name,
                ))
        owed = self._fulfil("H1")
        self.env["ops.obligation"]._log(dict.fromkeys(owed.ids, reason))
        self._plan_next_review()
        return True

    # -- the clock -----------------------------------------------------------------------------------------------------

    def _reviewed_by_publishing(self):
        """Whoever publishes a version has looked the article through."""
        self._fulfil("H1")
        self._plan_next_review()

    def _plan_next_review(self):
        """Set the date of the next review, by the handbook's months, and start its clock."""
        articles_sudo = self.sudo()  # sudo: what follows from a review that was permitted
        for handbook, articles in articles_sudo.grouped("handbook_id").items():
            today = clock.today((handbook.company_id or self.env.company)._ops_tz())
            months = handbook.review_months
            day = today + relativedelta(months=months) if months else False
            articles.write({"date_review": day})
            articles._restart_review(saying(self.env)._("The date of the review was changed."))

    def _restart_review(self, reason):
        """Let the clock run to the date of each article: move what is open, start what is not, end what has no date."""
        articles_sudo = self.sudo()  # sudo: the engine's, see above
        due = {article.id: article.date_review for article in articles_sudo._filtered_in_force() if article.date_review}
        engine = self.env["ops.obligation"].sudo()  # sudo: as above
        running = engine.search([
            ("code", "=", "H1"), ("source_model", "=", self._name), ("source_id", "in", self.ids), ("state", "in", ("open", "held")),
        ])
        moved = {
            item: engine._moment(due[item.source_id], item.company_id) for item in running if item.source_id in due
        }
        engine._move_due({item: moment for item, moment in moved.items() if item.date_due != moment}, reason)
        ended = articles_sudo.browse(set(running.mapped("source_id")) - set(due))
        if ended:
            ended._cancel_clock("H1", reason)
        fresh = articles_sudo.browse(set(due) - set(running.mapped("source_id")))
        if fresh:
            fresh._start_clock("H1", due=due, round=fresh._next_rounds("H1"))

    def _filtered_in_force(self):
        """Return those of these articles that are published, and archived neither themselves nor with their handbook."""
        return self.filtered(lambda article: article.active and article.is_published and article.handbook_id.active)

    def _hand_review_over(self):
        """Another owner answers for the review."""
        self.env["ops.obligation"]._hand_over(
            "H1", self, saying(self.env)._("The article has another owner."), role="owner",
        )

    def _clock_company(self):
        """The review of an article of all companies is owed where its owner works."""
        return super()._clock_company() or self.owner_id.company_id or self.env.company
