import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export const WORDS = {
    pending: _t("Pending"),
    met: _t("Met"),
    late: _t("Late"),
    missed: _t("Missed"),
    held: _t("On Hold"),
    waived: _t("Waived"),
    cancelled: _t("Cancelled"),
};

/** What has become of an obligation: a colour, always with the word. */
export class ResultBadge extends Component {
    static template = "ops_handbook.ResultBadge";
    static props = { result: { type: String }, word: { type: String, optional: true } };

    get word() {
        return this.props.word || WORDS[this.props.result] || this.props.result;
    }
}

export class ResultBadgeField extends Component {
    static template = "ops_handbook.ResultBadgeField";
    static components = { ResultBadge };
    static props = { ...standardFieldProps };

    get result() {
        return this.props.record.data[this.props.name];
    }

    get word() {
        // "late" is also what is still open after its due time; nothing has been handed in yet
        if (this.result === "late" && ["open", "held"].includes(this.props.record.data.state)) {
            return _t("Overdue");
        }
        const { selection } = this.props.record.fields[this.props.name];
        return selection?.find(([value]) => value === this.result)?.[1];
    }
}

registry.category("fields").add("ops_result_badge", {
    component: ResultBadgeField,
    displayName: _t("Result with colour and word"),
    supportedTypes: ["selection"],
});
