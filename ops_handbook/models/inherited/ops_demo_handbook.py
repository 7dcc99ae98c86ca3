"""The handbook of the demo company in its year: revised because of cases, proposed to, in review, to be looked through."""
from datetime import timedelta
from functools import partial

from odoo import models
from odoo.tools import date_utils

from ...tools import token
from .ops_demo_handbook_stories import IN_REVIEW, OWNERS, PROPOSALS, RECENT, RETURNED, REVIEW, REVISIONS


class OpsDemo(models.AbstractModel):
    _inherit = "ops.demo"

    def _scenes(self, today):
        return super()._scenes(today) + self._handbook_scenes(today)

    def _handbook_scenes(self, today):
        scenes = [(self._at(today, 364, 8), partial(self._handbook_begins, self._at(today, 364, 8)))]
        for story in REVISIONS:
            last = date_utils.end_of(today - timedelta(days=story["ago"]), "month")
            scenes += [
                (self._on_workday(last, -3, 10), partial(self._handbook_write, story)),
                (self._on_workday(last, -4, 9), partial(self._handbook_take_up, story)),
                (self._on_workday(last, -5, 15), partial(self._handbook_publish, story)),
            ]
            scenes += self._handbook_readings(story["article"], last, -5)
        scenes += [
            (self._on_workday(today, RECENT["day"] + 1, 16), partial(self._handbook_write, RECENT)),
            (self._on_workday(today, RECENT["day"], 9), partial(self._handbook_publish, RECENT)),
            *self._handbook_readings(RECENT["article"], today, RECENT["day"]),
            *self._handbook_newcomer_scenes(today),
            (self._on_workday(today, 4, 10.5), partial(self._handbook_draft_in_review, today)),
            (self._on_workday(today, 1, 16), partial(self._handbook_submit, IN_REVIEW["article"])),
            (self._on_workday(today, 5, 11), self._handbook_draft_returned),
            (self._on_workday(today, 3, 9), partial(self._handbook_submit, RETURNED["article"], RETURNED["by"])),
            (self._on_workday(today, 1, 11), self._handbook_return),
            (self._on_workday(today, 15, 9), partial(self._handbook_review_date, today)),
        ]
        for story in PROPOSALS:
            scenes.append((self._on_workday(today, story["day"], 14), partial(self._handbook_propose, story)))
            if "declined" in story:
                day, reason = story["declined"]
                scenes.append((self._on_workday(today, day, 10), partial(self._handbook_decline, story, reason)))
            if "taken_up" in story:
                scenes.append((self._on_workday(today, story["taken_up"], 11), partial(self._handbook_accept, story)))
        return scenes

    def _article(self, stem):
        return self.env.ref(f"ops_handbook.ops_article_{stem}")

    # -- the handbook is there -----------------------------------------------------------------------------------------

    def _handbook_begins(self, moment):
        """The starter handbook was published when the company started; Chinese is its main language."""
        articles = self.env["ops.article"].search([("handbook_id", "=", self.env.ref("ops_handbook.ops_handbook_operations").id)])
        versions = articles.version_ids.filtered(lambda version: version.state == "published")
        token.marked(versions).write({"published_on": moment, "submitted_on": moment, "closed_on": moment})
        # the log can be written to by nobody, and this one speaks of the minute in which the demo data was loaded
        self.env.cr.execute(
            "UPDATE ops_form_transition SET date = %s WHERE res_model = 'ops.article.version' AND res_id = ANY(%s)",
            [moment, versions.ids],
        )
        articles.handbook_id.lang_id = self.env["res.lang"]._get_data(code="zh_CN").id
        for stem, login in OWNERS.items():
            self._article(stem).owner_id = self._user(login)
        articles._search_index()  # Chinese was installed after the addon

    def _handbook_review_date(self, today):
        self._article(REVIEW["article"]).date_review = today + timedelta(days=REVIEW["days"])

    # -- because of a case -----------------------------------------------------------------------------------------------

    def _lesson_cases(self, lesson):
        """Cases that revised the handbook: operations choose the article and say what it is to say."""
        decided = super()._lesson_cases(lesson)
        for story in REVISIONS:
            problem = self.env["ops.problem"].sudo().search(lesson._problem_domain() + [("name", "=", story["case"])], limit=1)
            if not problem:
                continue
            line = lesson.line_ids.filtered(lambda line, problem=problem: line.sudo().problem_id == problem)
            line = line or lesson.line_ids.create({"lesson_id": lesson.id, **lesson.line_ids._from_problem(problem)})
            line.write({
                "decision": "revise_handbook", "article_id": self._article(story["article"]).id,
                "change_wanted": story["wanted"], "learnt": story["learnt"],
            })
            decided |= line
        return decided

    def _handbook_write(self, story, by="operations"):
        """Operations write what a story tells into the drafts of all its languages."""
        for lang, (passage, text) in story["texts"].items():
            self._handbook_draft(story["article"], by, lang, passage, text, story["reason"][lang], story["kind"])

    def _handbook_draft(self, stem, by, lang, passage, text, reason, kind="minor"):
        """Begin a draft, or go on with the one that is open, and put ``text`` in the place of ``passage``."""
        draft = self._as(by, self._article(stem))._revise(lang)
        body = str(draft.body)  # Markup would escape what it is to look for
        if passage not in body:
            raise ValueError(f"{stem}: “{passage}” does not stand in the starter handbook any more")
        draft.write({"body": body.replace(passage, text), "reason": reason, "change_kind": kind})
        return draft

    def _handbook_take_up(self, story):
        """The GM office takes up what operations proposed, since nobody decides on what they wrote; then it is handed in."""
        article = self._article(story["article"])
        waiting = article.proposal_ids.filtered(lambda item: item.state == "submitted" and item.name == story["case"])
        self._as("gmoffice", waiting).action_accept()
        self._handbook_submit(story["article"])

    def _handbook_submit(self, stem, by="operations"):
        drafts = self._article(stem).version_ids.filtered(lambda version: version.state in ("draft", "returned"))
        self._as(by, drafts).action_submit()

    def _handbook_publish(self, story):
        article = self._article(story["article"])
        drafts = article.version_ids.filtered(lambda version: version.state == "draft")
        self._as("operations", drafts).action_submit()
        self._as("gmoffice", article.version_ids.filtered(lambda version: version.state == "submitted")).action_publish()

    # -- what people propose ---------------------------------------------------------------------------------------------

    def _handbook_propose(self, story):
        proposal = self._as(story["by"], self.env["ops.article.proposal"]).create({
            "article_id": self._article(story["article"]).id, **{name: story[name] for name in ("name", "passage", "wanted", "reason")},
        })
        proposal.action_submit()

    def _handbook_proposal(self, story, by="operations"):
        return self._as(by, self._article(story["article"]).proposal_ids.filtered(lambda item: item.name == story["name"]))

    def _handbook_decline(self, story, reason):
        self._handbook_proposal(story).action_decline(reason)

    def _handbook_accept(self, story):
        self._handbook_proposal(story).action_accept()

    # -- what is being written -------------------------------------------------------------------------------------------

    def _handbook_draft_in_review(self, today):
        """A draft that changes text and standard together, from the first day of the next month on."""
        draft = self._handbook_draft(IN_REVIEW["article"], "operations", "zh_CN", *IN_REVIEW["text"], IN_REVIEW["reason"], "major")
        self._as("operations", self.env["ops.article.rule"]).create({
            "version_id": draft.id, "standard_id": self.env.ref(f"ops_handbook.ops_standard_{IN_REVIEW['standard']}").id,
            "date_effective": date_utils.start_of(today + timedelta(days=32), "month"), **IN_REVIEW["rule"],
        })

    def _handbook_draft_returned(self):
        self._handbook_draft(RETURNED["article"], RETURNED["by"], "zh_CN", *RETURNED["text"], RETURNED["reason"])

    def _handbook_return(self):
        article = self._article(RETURNED["article"])
        self._as("gmoffice", article.version_ids.filtered(lambda item: item.state == "submitted")).action_return(RETURNED["returned"])
