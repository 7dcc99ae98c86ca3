import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const WORDS = { green: _t("Green"), amber: _t("Amber"), red: _t("Red") };

/** Departments by months: how much of the plan is attained, as a colour with its figure; a cell opens its report. */
export class ProgressHeat extends Component {
    static template = "ops_handbook.ProgressHeat";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get map() {
        return this.props.record.data[this.props.name] || { months: [], rows: [] };
    }

    /** What a screen reader says of a cell, and the tooltip. */
    title(row, month, cell) {
        const light = !cell ? _t("no report") : cell.light ? `${cell.attainment} %, ${WORDS[cell.light]}` : "–";
        return `${row.department}, ${month}: ${light}`;
    }

    open(cell) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "ops.progress.report",
            res_id: cell.report,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("ops_progress_heat", {
    component: ProgressHeat,
    displayName: _t("Departments by months"),
    supportedTypes: ["json"],
});
