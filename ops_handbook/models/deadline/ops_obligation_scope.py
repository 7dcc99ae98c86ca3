from functools import cached_property


class Scopes:
    """Those that owe the standards of one company: departments, people, running records.

    What tells whether anything has changed is asked for on every run, so it is ids only; who answers for them is found
    when there is something to make.

    :param engine: ``ops.obligation`` (sudo)
    :param company: the company
    """

    def __init__(self, engine, company):
        self._engine = engine
        self._env = engine.env
        self.company = company
        self._sources = {}

    def signature(self, standard):
        """Return who owes ``standard`` as something short that can be compared."""
        if standard.scope == "company":
            return ""
        if standard.scope == "record":
            return [(source._name, source.ids) for source in self._running(standard)]
        everybody = self._keepers_hash if standard.scope == "department" else self._people_hash
        return everybody, standard.department_ids.ids

    def units(self, standard):
        """Return those that owe ``standard``, each as the columns of an obligation."""
        if standard.scope == "company":
            return [{}]
        if standard.scope == "record":
            return [self._unit_of(standard, source) for sources in self._running(standard) for source in sources]
        everybody = self._departments if standard.scope == "department" else self._people
        chosen = set(standard.department_ids.ids)
        return [unit for unit in everybody if not chosen or unit["department_id"] in chosen]

    # -- departments and people ---------------------------------------------------------------------------------------

    @cached_property
    def _keepers(self):
        return self._env["hr.department"]._ops_keepers(self.company)

    @cached_property
    def _employees(self):
        leaves = [("company_id", "=", self.company.id), ("user_id.active", "=", True)]
        return self._env["hr.employee"].search(leaves, order="id")

    @cached_property
    def _keepers_hash(self):
        return hash(self._keepers._ids)

    @cached_property
    def _people_hash(self):
        return hash(self._employees._ids)

    @cached_property
    def _departments(self):
        heads = self._keepers._ops_heads()
        return [{"department_id": item, "responsible_id": heads[item].id or None} for item in self._keepers.ids]

    @cached_property
    def _people(self):
        return [
            {"department_id": item.department_id.id or None, "employee_id": item.id, "responsible_id": item.user_id.id}
            for item in self._employees
        ]

    # -- records that owe something again and again while they run, such as a collaboration its brief -------------------

    def _running(self, standard):
        """Return the running records that owe ``standard``: a list of recordsets, one for each model."""
        if standard not in self._sources:
            self._sources[standard] = [
                self._env[model._name]._clock_sources(standard.code, self.company)
                for model in self._env.registry.values()
                if not model._abstract and standard.code in getattr(model, "_clock_standards", ())
            ]
        return self._sources[standard]

    def _unit_of(self, standard, source):
        department = source._clock_department()
        role, user = self._engine._answers(standard.role, department, source)
        return {
            "source_model": source._name, "source_id": source.id, "name": source.display_name, "role": role,
            "department_id": department.id or None, "responsible_id": user.id or None, "since": source._clock_since(),
        }
