"""What Odoo itself does not clean up when the addon goes."""
from odoo.tools import SQL


def uninstall_hook(env):
    """Leave the database as it was: drop the sequences of form numbers, the holidays that we loaded, and what people have made
    that would hold something of ours or point to it: activities of newcomers, favourites."""
    env.cr.execute(r"SELECT relname FROM pg_class WHERE relkind = 'S' AND relname ~ '^ops_number_\d+_\d+_\d{4}$'")
    for (name,) in env.cr.fetchall():
        env.cr.execute(SQL("DROP SEQUENCE %s", SQL.identifier(name)))
    env["ops.obligation.stat"]._uninstall()
    env["resource.calendar.leaves"]._ops_unlink_loaded()
    env["ops.meeting"]._unlink_events()
    env["hr.employee"]._ops_unlink_activities()
    models = [name for name, model in env.registry.items() if (model._original_module or "").startswith("ops_handbook")]
    env["ir.filters"].with_context(active_test=False).search([("model_id", "in", models)]).unlink()
    env["mail.alias"].search([("alias_model_id.model", "=", "ops.problem")]).unlink()
    env["ir.config_parameter"].search([("key", "=like", "ops_handbook.%")]).unlink()
