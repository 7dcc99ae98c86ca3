import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import clock


class OpsArticle(models.Model):
    """An archived article states nothing, so that another one can. Used again it states what it stated, and nothing else.

    Otherwise a rule would be changed behind the back of its approver while the article is away.
    """

    _inherit = "ops.article"

    stated_rules = fields.Json(
        readonly=True, copy=False, help="What the rules said that the article stated when it was archived, as digests."
    )

    def write(self, vals):
        if "active" not in vals:
            return super().write(vals)
        before = self.sudo()._filtered_in_force()  # sudo: the guard holds whether or not one reads the article
        result = super().write(vals)
        self._force_changed(before)
        return result

    def _force_changed(self, before):
        """Keep what those stated that are archived now; those that are used again state it as before.

        :param before: those of these articles (sudo) that were in force until now
        """
        now = self.sudo()._filtered_in_force()  # sudo: as above
        (before - now)._keep_rules()
        again = now - before
        for article in again.filtered("stated_rules"):
            article._state_again(checked=not self.env.su)
            article.stated_rules = False
        # what nobody states by now, whoever stated it when they were archived
        again._state_free({article: stated for article, (_shown, stated) in again._shown_standards().items()})

    def _keep_rules(self):
        """Keep what the rules say that these articles (sudo) stated, and others of their codes; what others state is theirs."""
        standards = self.env["ops.standard"].with_context(active_test=False)
        found = standards.search([("article_id", "in", self.ids)])
        stated = found.grouped("article_id")
        of_code = standards.search([("code", "in", found.mapped("code"))]).grouped("code")
        for article in self:
            mine = stated.get(article, standards)
            article.stated_rules = {
                str(standard.id): {**standard._said(), "stated": standard in mine}
                for code in mine.mapped("code") for standard in of_code[code]
            }
        for standard in found:
            others = (standard.article_ids - self)._filtered_in_force()
            if stating := next((other for other in others if other._states(standard)), None):
                standard.article_id = stating

    def _states(self, standard):
        """Tell whether this article (sudo; may be empty) is in force and shows a rule as its own."""
        return bool(self._filtered_in_force()) and standard in self._shown_standards()[self][1]

    def _state_again(self, checked=True):
        """State again what this article (sudo) stated, as far as no other one does by now; refuse what was changed meanwhile."""
        standards, kept = self.env["ops.standard"].with_context(active_test=False), self.stated_rules
        stated = standards.browse([int(key) for key, said in kept.items() if said["stated"]]).exists()
        free = stated.filtered(lambda standard: standard.article_id == self or not standard.article_id._states(standard))
        free.filtered(lambda standard: standard.article_id != self).article_id = self
        guarded = free._filtered_stated() if checked else standards
        expected = {key: _by_now(said) for key, said in kept.items()}
        common = (expected[str(standard.id)] for standard in guarded if not standard.company_id)
        asked = {said["code"]: said for said in common}
        for standard in guarded | self._twins(list(asked)):
            if standard.article_id != self and standard.article_id._states(standard):
                continue
            said, known = standard._said(), expected.get(str(standard.id))
            same = said == known if known else not standard.active or _asks(said) == _asks(asked[standard.code])
            if not same:
                raise UserError(self.env._(
                    "“%(article)s” cannot be used again as it is: the rule of %(standard)s was changed while it was archived, and "
                    "nobody approved that. Set the rule back, then change it by a revision of the article; or let another "
                    "published article state it.",
                    article=self.name, standard=standard.code,
                ))
            if not known and standard.active:
                standard.article_id = self

    def _twins(self, codes):
        """Return the rules of their own that companies which have started have in the place of the common ones (superuser)."""
        started = self.env["res.company"].search([("ops_started", "=", True)])
        own = self.env["ops.standard"].with_context(active_test=False).search([
            ("code", "in", codes), ("company_id", "in", started.parent_ids.ids),
        ])
        return own.filtered(self._may_state)


class OpsHandbook(models.Model):
    """Its articles are archived and used again with it."""

    _inherit = "ops.handbook"

    def write(self, vals):
        if "active" not in vals:
            return super().write(vals)
        articles_sudo = self.sudo().with_context(active_test=False).article_ids  # sudo: as for articles
        before = articles_sudo._filtered_in_force()
        result = super().write(vals)
        articles_sudo.with_env(self.env)._force_changed(before)
        return result


class OpsStandard(models.Model):
    _inherit = "ops.standard"

    def _said(self):
        """Return what this standard (sudo) asks for, of whom and from when on; the rules as digests: others may read it."""
        return {
            "code": self.code, "company": self.company_id.id, "active": self.active, "keeps_rows": self.keeps_rows,
            "rules": [[day, _digest(rule)] for day, rule in self._rules_ahead()],
        }


def _asks(said):
    """Return of what a standard says what it asks for, whoever's it is."""
    return said["keeps_rows"], said["rules"]


def _by_now(said):
    """Return what a standard said before, as it says it by now if nobody has changed it: what was planned has come."""
    today = fields.Date.to_string(clock.now().date())
    come = [rule for day, rule in said["rules"] if not day or day <= today]
    ahead = [[day, rule] for day, rule in said["rules"] if day and day > today]
    return {name: said[name] for name in ("code", "company", "active", "keeps_rows")} | {"rules": [[False, come[-1]], *ahead]}


def _digest(rule):
    return hashlib.sha256(json.dumps(_plain(rule), sort_keys=True).encode()).hexdigest()


def _plain(value):
    """Return a frozen value with its numbers written alike: 3 is 3.0."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
