import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { ProgressHeat } from "../progress_heat/progress_heat";

/** Departments by the last months: how much of what was due is done; a cell opens its completion report. */
export class MonthHeat extends ProgressHeat {
    static template = "ops_handbook.MonthHeat";

    open(cell) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "ops.completion.report",
            res_id: cell.report,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("ops_month_heat", {
    component: MonthHeat,
    displayName: _t("Departments by the last months"),
    supportedTypes: ["json"],
});
