from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...tools import clock
from .ops_article_rule import CHANGEABLE


class OpsArticleRule(models.Model):
    """What a revision may change, said when it is written and asked again when it is published."""

    _inherit = "ops.article.rule"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._say_defaults(vals_list, {*CHANGEABLE, "standard_id", "variant_id"})
        lines = super().create([self._prefilled(vals) for vals in vals_list])
        lines._note_writer()
        return lines

    def write(self, vals):
        if not self.env.su:
            self._check_kept(vals)
        result = super().write(vals)
        self._note_writer()
        return result

    def unlink(self):
        versions = self.version_id
        result = super().unlink()
        if not self.env.su:
            versions._note_writer()
        return result

    def _note_writer(self):
        """Whoever changes a rule has written in the version, and does not publish it."""
        if not self.env.su:
            self.version_id._note_writer()

    @api.model
    def _followed_fields(self):
        """What differs is found here; no client says it."""
        return super()._followed_fields() | {"base_values", "values", "before_values", "revision_id"}

    @api.model
    def _prefilled(self, vals):
        """Return the values of a new line, those that nobody gave as the rule is now: one of them given, none is computed."""
        if not set(CHANGEABLE) & vals.keys():
            return vals
        line = self.new({name: vals[name] for name in ("standard_id", "variant_id") if vals.get(name)})
        return {**line._present(), **vals}

    def _check_kept(self, vals):
        for line in self:
            for name in ("version_id", "standard_id", "variant_id"):
                if name in vals and (vals[name] or False) != line[name].id:
                    raise ValidationError(self.env._(
                        "%(field)s: a change stays with its rule. Remove the line and add another one.",
                        field=self._fields[name]._description_string(self.env),
                    ))

    # -- what may be said ----------------------------------------------------------------------------------------------

    @api.constrains("standard_id", "variant_id", "version_id")
    def _check_standard(self):
        for line in self:
            standard, version = line.standard_id, line.version_id
            stated_by = standard.article_id
            given_up = not stated_by.active or not stated_by.handbook_id.active
            if not given_up and stated_by != version.article_id:
                raise ValidationError(self.env._(
                    "Standard: %(standard)s is stated by the article “%(article)s”. Change it in a revision of that one.",
                    standard=standard.display_name, article=stated_by.display_name,
                ))
            if line.variant_id and line.variant_id.standard_id != standard:
                raise ValidationError(self.env._("Variant: choose one of %(standard)s.", standard=standard.display_name))
            line._check_companies()

    def _check_companies(self):
        """A company's handbook decides on that company's rules only."""
        owner, company = self.version_id.handbook_id.company_id, self.standard_id.company_id
        if not owner or company and owner in company.parent_ids:
            return
        others = self.env["res.company"].search(["&", ("ops_started", "=", True), "!", ("id", "child_of", owner.id)], limit=1)
        if company or others:
            raise ValidationError(self.env._(
                "Standard: %(standard)s holds for other companies than %(company)s as well. Give the company a rule of its own "
                "first, or change the rule in the handbook of all companies.",
                standard=self.standard_id.display_name, company=owner.display_name,
            ))

    @api.constrains("date_effective", "variant_id")
    def _check_date_effective(self):
        for line in self:
            if line.date_effective and line.date_effective < clock.now().date() and not line.revision_id:
                raise ValidationError(self.env._(
                    "In force from: the day has passed. Choose a later one, or none for the day of publication."
                ))
            if line.date_effective and line.variant_id and not line.revision_id:
                raise ValidationError(self.env._(
                    "In force from: a variant is changed on the day of publication. Leave the day empty."
                ))

    @api.constrains(*CHANGEABLE)
    def _check_values(self):
        for line in self:
            line.standard_id._check_rule_values({
                name: line[name] for name in line.values or {} if line[name] or not line.variant_id or name != "role"
            }, labels=line)

    def _check_difference(self):
        """Refuse to hand in a line that changes nothing."""
        for line in self:
            if not line.values:
                raise UserError(self.env._(
                    "Standards to change: nothing differs in %(standard)s. Change a value, or remove the line.",
                    standard=line.display_name,
                ))
