from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ...tools.ids import one_id

WHOLE = 600  # initiatives up to which the map is sent as a whole; beyond it is asked for direction by direction, goal by goal


class OpsCycle(models.Model):
    """The strategy map: direction → indicator → goals → initiatives → tasks, as far as the current user may read them."""

    _inherit = "ops.cycle"

    def action_open_strategy_map(self):
        """Open the map of this cycle."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.client"]._for_xml_id("ops_handbook.ops_strategy_map_action")
        return {**action, "name": self.display_name, "context": {"active_id": self.id, "active_model": self._name}}

    @api.model
    def get_strategy_cycles(self):
        """Return the cycles that the map can show, the one to begin with first: list of dicts ``id``, ``name``."""
        cycles = self.search([("state", "!=", "cancelled")])
        current = cycles.filtered(lambda cycle: cycle.state == "running") or cycles
        return [{"id": cycle.id, "name": cycle.name} for cycle in current[:1] | cycles]

    def get_strategy_map(self, direction_id=None, department_id=None, goal_id=None):
        """Return the map, or the part of it that unfolds; a constant number of queries.

        :param int direction_id: only the goals of this direction (0: those without one)
        :param int department_id: only of this department
        :param int goal_id: only the initiatives of this goal (0: those without one)
        :return: dict with ``cycle``, ``departments``, ``directions``, ``kpis``, ``goals``, ``initiatives`` (lists of plain
            dicts). ``whole``: everything is in it; otherwise a direction tells how many goals it has, and is asked for by its
            id, and a goal of which no initiatives are sent by its own. What the user may not read is not in it.
        """
        self.ensure_one()
        self.check_access("read")
        for value in (direction_id, department_id, goal_id):
            if value not in (None, False) and not one_id(value) and value != 0:
                raise UserError(self.env._("Strategy map: a direction, department or goal is given by its number."))
        plans = Domain("cycle_id", "=", self.id) & Domain("plan_id.state", "!=", "cancelled")
        if department_id:
            plans &= Domain("department_id", "=", department_id)
        if goal_id is not None and goal_id is not False:
            return {"initiatives": self._map_initiatives(plans & Domain("goal_id", "=", goal_id or False))}
        if direction_id is not None and direction_id is not False:
            return self._map_of_direction(plans, direction_id)
        whole = self.env["ops.plan.initiative"].search_count(plans, limit=WHOLE + 1) <= WHOLE
        return {
            "cycle": {"id": self.id, "name": self.name, "year": self.year, "state": self._state_label(self.state)},
            "lights": dict(self.env["ops.plan.initiative"]._fields["light"]._description_selection(self.env)),
            "departments": self._map_departments(),
            "directions": self._map_directions(plans),
            "kpis": self._map_kpis(),
            "whole": whole,
            "goals": self._map_goals(plans) if whole else [],
            "initiatives": self._map_initiatives(plans) if whole else [],
        }

    def _map_of_direction(self, plans, direction_id):
        """Return the goals of a direction, with their initiatives where they are not too many."""
        own, by_kpi = Domain("direction_id", "=", direction_id or False), Domain("kpi_id.direction_id", "=", direction_id or False)
        if direction_id:
            own |= Domain("direction_id", "=", False) & by_kpi
        else:
            own &= Domain("kpi_id", "=", False) | by_kpi
        goals = self._map_goals(plans & own)
        initiatives = plans & Domain("goal_id", "in", [goal["id"] for goal in goals])
        if not direction_id:
            initiatives = plans & (Domain("goal_id", "in", [goal["id"] for goal in goals]) | Domain("goal_id", "=", False))
        whole = self.env["ops.plan.initiative"].search_count(initiatives, limit=WHOLE + 1) <= WHOLE
        return {"whole": whole, "goals": goals, "initiatives": self._map_initiatives(initiatives) if whole else []}

    def _map_departments(self):
        """Return the departments whose plans the user reads, by name."""
        plans = self.env["ops.plan"].search_fetch([("cycle_id", "=", self.id), ("state", "!=", "cancelled")], ["department_id"])
        departments = plans.department_id.sudo()  # sudo: the name of whose plan one reads
        return sorted(({"id": item.id, "name": item.name} for item in departments), key=lambda item: (item["name"], item["id"]))

    def _map_directions(self, plans):
        """Return the directions with the number of their goals; 0 is what has none."""
        counts, kpis = {}, {}
        for direction, kpi, count in self.env["ops.plan.goal"]._read_group(plans, ["direction_id", "kpi_id"], ["__count"]):
            kpis[kpi.id] = kpi
            key = direction.id or kpi.sudo().direction_id.id or 0  # sudo: the direction of what the goal names
            counts[key] = counts.get(key, 0) + count
        loose = self.env["ops.plan.initiative"].search_count(plans & Domain("goal_id", "=", False), limit=1)
        directions = self.env["ops.direction"].search_fetch([("cycle_id", "=", self.id)], ["name", "description"])
        result = [
            {"id": item.id, "name": item.name, "description": item.description or "", "goal_count": counts.get(item.id, 0)}
            for item in directions
        ]
        if counts.get(0) or loose:
            result.append({
                "id": 0, "name": self.env._("Without a Direction"), "description": "", "goal_count": counts.get(0, 0) + bool(loose),
            })
        return result

    def _map_kpis(self):
        kpis = self.env["ops.kpi"].search_fetch(
            [("cycle_id", "=", self.id)],
            ["name", "code", "direction_id", "department_id", "target", "digits", "unit", "currency_id", "weight"],
        )
        return [
            {
                "id": kpi.id, "name": kpi.name, "direction_id": kpi.direction_id.id or 0,
                "department_id": kpi.department_id.id or False,
                "target": " ".join(filter(None, [
                    formatLang(self.env, kpi.target, digits=kpi.digits), kpi.currency_id.name or kpi.unit or "",
                ])),
            }
            for kpi in kpis
        ]

    def _map_goals(self, domain):
        goals = self.env["ops.plan.goal"].search_fetch(
            domain, ["name", "direction_id", "kpi_id", "department_id", "light", "progress"], order="department_id, sequence, id"
        )
        counts = dict(self.env["ops.plan.initiative"]._read_group(
            Domain("goal_id", "in", goals.ids), ["goal_id"], ["__count"]
        ))
        return [
            {
                "id": goal.id, "name": goal.name, "kpi_id": goal.kpi_id.id or False,
                "direction_id": goal.direction_id.id or goal.sudo().kpi_id.direction_id.id or 0,  # sudo: as above
                "department_id": goal.department_id.id, "light": goal.light or "", "progress": goal.progress,
                "initiative_count": counts.get(goal, 0),
            }
            for goal in goals
        ]

    def _map_initiatives(self, domain):
        initiatives = self.env["ops.plan.initiative"].search_fetch(
            domain, ["name", "goal_id", "department_id", "owner_id", "date_end", "light", "progress"],
            order="department_id, sequence, id",
        )
        owners = {user.id: user.name for user in initiatives.owner_id.sudo()}  # sudo: the name on what one reads
        tasks = initiatives._map_tasks()
        return [
            {
                "id": item.id, "name": item.name, "goal_id": item.goal_id.id or 0, "department_id": item.department_id.id,
                "owner": owners.get(item.owner_id.id, ""), "date_end": item.date_end.isoformat() if item.date_end else False,
                "light": item.light or "", "progress": item.progress, "tasks": tasks.get(item.id, []),
            }
            for item in initiatives
        ]
