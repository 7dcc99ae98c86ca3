"""What a rule may name: known, stored fields that nobody is kept from reading, of models that hold no secrets."""
from ast import literal_eval

from odoo import api, models
from odoo.exceptions import ValidationError

# models of the machinery, and whatever holds keys, letters or logins
REFUSED = (
    "ir.", "res.users", "res.groups", "res.config", "res.device", "res.partner.bank", "base.", "base_", "bus.", "mail.", "discuss.",
    "auth", "iap.", "payment.", "fetchmail.", "google.", "microsoft.", "change.password", "privacy.", "certificate.",
    "ops.meeting.link", "ops.chat.", "ops.rate.limit", "ops.kpi.source",
)
NUMBERS = ("integer", "float", "monetary")
COMPARED = ("=", "!=", "in", "not in")
OPERATORS = {
    "relation": (*COMPARED, "child_of", "parent_of"),
    "text": (*COMPARED, "like", "ilike", "not like", "not ilike", "=like", "=ilike"),
    "other": (*COMPARED, "<", "<=", ">", ">="),
}
TEXTS = ("char", "text", "html")
RELATIONS = ("many2one", "one2many", "many2many")
UNREADABLE = ("binary", "image", "json", "properties", "properties_definition", "reference", "many2one_reference", "serialized")
LONGEST = 2000


class OpsKpiSource(models.Model):
    _inherit = "ops.kpi.source"

    def _check_readable(self):
        """Refuse a rule that names what does not exist, or what it may not read.

        :raise ValidationError: naming the field of the rule and what to do
        """
        for source in self:
            if problem := source._problem():
                raise ValidationError(problem)

    def _problem(self):
        """Return what is wrong with this rule, in words; None when it can be carried out."""
        if refused := self._refused_model(self.model):
            return refused
        model = self.env[self.model]
        checks = [self._date_problem(model), self._measure_problem(model)]
        for name, comodel in (("department_path", "hr.department"), ("company_path", "res.company")):
            checks.append(self[name] and self._target_problem(model, name, comodel))
        checks += [self._company_problem(model), self._domain_problem(model)]
        return next(filter(None, checks), None)

    @api.model
    def _refused_model(self, name):
        """Return why records of the model ``name`` are not read, in words; None when they may be."""
        model = self.env.registry.get(name)
        if model is None:
            return self.env._("Model: there is no “%(model)s” in this database. Choose another one.", model=name)
        if model._abstract or model._transient or name.startswith(REFUSED):
            return self.env._("Model: “%(model)s” is not read, it belongs to the machinery or holds secrets.", model=name)
        if not self.env.su and not self.env[name].has_access("read"):
            return self.env._("Model: you may not read “%(model)s” yourself, so you cannot have it read.", model=name)
        return None

    # -- fields -----------------------------------------------------------------------------------------------------------

    def _walk(self, model, path, what):
        """Follow a dotted path; return (field, None), or (None, what is wrong)."""
        steps, field = (path or "").strip().split("."), None
        for number, name in enumerate(steps):
            field = model._fields.get(name)
            said = {"what": what, "field": path or "", "name": name, "model": model._name}
            if field is None:
                return None, self.env._("%(what)s: there is no field “%(name)s” on %(model)s. Correct “%(field)s”.", **said)
            if field.groups or field.type in UNREADABLE or getattr(field, "company_dependent", False):
                return None, self.env._("%(what)s: “%(name)s” of %(model)s is not for everybody, or cannot be compared.", **said)
            if not field.store and name != "id":
                return None, self.env._("%(what)s: “%(name)s” of %(model)s is not stored. Choose a field that is.", **said)
            if number == len(steps) - 1:
                return field, None
            if field.type not in RELATIONS:
                return None, self.env._("%(what)s: “%(name)s” of %(model)s leads nowhere. Correct “%(field)s”.", **said)
            if refused := self._refused_model(field.comodel_name):
                return None, f"{what}: {refused}"
            model = self.env[field.comodel_name]
        return field, None

    def _label(self, name):
        return self._fields[name]._description_string(self.env)

    def _date_problem(self, model):
        what = self._label("date_field")
        field, problem = self._walk(model, self.date_field, what)
        if problem or (field.type in ("date", "datetime") and "." not in self.date_field):
            return problem
        return self.env._("%(what)s: “%(field)s” is no date or time of the model itself.", what=what, field=self.date_field)

    def _measure_problem(self, model):
        if self.aggregate == "count":
            return None
        what = self._label("measure")
        field, problem = self._walk(model, self.measure, what)
        if problem or (field.type in NUMBERS and "." not in self.measure and self.measure != "id"):
            return problem
        return self.env._("%(what)s: “%(field)s” is no number of the model itself.", what=what, field=self.measure)

    def _target_problem(self, model, name, comodel):
        """Paths to departments and companies go over many2one fields only: a record belongs to one."""
        what, path = self._label(name), self[name]
        field, problem = self._walk(model, path, what)
        if problem:
            return problem
        kinds = {self._walk(model, ".".join(path.split(".")[:end]), what)[0].type for end in range(1, path.count(".") + 2)}
        if kinds == {"many2one"} and field.comodel_name == comodel:
            return None
        return self.env._(
            "%(what)s: “%(field)s” does not lead to %(model)s over fields with one value.", what=what, field=path, model=comodel
        )

    def _company_problem(self, model):
        """Where several companies share a database, figures without a company or a department would be those of all."""
        if self.department_path or self._path_to_company(model):
            return None
        # sudo: whether there is another company; which ones is not said
        if self.env["res.company"].sudo().search_count([("parent_id", "=", False)], limit=2) < 2:
            return None
        return self.env._(
            "%(what)s: “%(model)s” does not say of which company a record is, so those of all companies would count. Name the "
            "field that leads to the company, or to the department.", what=self._label("company_path"), model=model._name,
        )

    # -- domain -----------------------------------------------------------------------------------------------------------

    def _domain_list(self):
        """Return the domain as a list of plain values.

        :raise ValueError: when it is none
        """
        if len(self.domain or "") > LONGEST:
            raise ValueError
        try:
            domain = literal_eval((self.domain or "[]").strip() or "[]")
        except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
            raise ValueError from error
        if not isinstance(domain, list):
            raise ValueError
        return domain

    def _domain_problem(self, model):
        what = self._label("domain")
        wrong = self.env._(
            "%(what)s: write a list of conditions with plain values, like [('state', '=', 'done')].", what=what
        )
        try:
            domain = self._domain_list()
        except ValueError:
            return wrong
        need, conditions = 1 if domain else 0, 0
        for item in domain:
            if item in ("&", "|") if isinstance(item, str) else False:
                need += 1
            elif isinstance(item, list | tuple) and len(item) == 3 and all(isinstance(part, str) for part in item[:2]):
                conditions += 1
                if problem := self._condition_problem(model, what, *item):
                    return problem
            elif item != "!":
                return wrong
        return wrong if need > conditions or (domain and domain[-1] == "!") else None

    def _condition_problem(self, model, what, path, operator, value):
        field, problem = self._walk(model, path, what)
        if problem:
            return problem
        values = list(value) if isinstance(value, list | tuple) else [value]
        kind = "relation" if field.type in RELATIONS else "text" if field.type in TEXTS else "other"
        said = {"what": what, "field": path, "operator": operator, "value": value}
        if operator not in OPERATORS[kind]:
            return self.env._("%(what)s: “%(field)s” cannot be compared with “%(operator)s”.", **said)
        many = operator in ("in", "not in") or (operator in ("child_of", "parent_of") and isinstance(value, list | tuple))
        plain = all(item is None or isinstance(item, str | int | float | bool) for item in values)
        by_number = kind != "relation" or all(isinstance(item, int) for item in values)
        if not plain or not by_number or many != isinstance(value, list | tuple):
            return self.env._(
                "%(what)s: “%(field)s %(operator)s %(value)s” compares with plain values only, and records by their number.", **said
            )
        return None
