import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { downscale } from "@ops_handbook/quick_report/photo";

/**
 * Return what is sent of a file: of a picture its pixels only, smaller; of anything else all.
 *
 * @param {File} file
 * @returns {Promise<{name: string, data: string}>} data in base64
 */
export async function evidenceOf(file) {
    const picture = file.type.startsWith("image/");
    const url = picture ? await downscale(file) : await getDataURLFromFile(file);
    const name = picture ? file.name.replace(/\.\w+$/, "") + ".jpg" : file.name;
    return { name, data: url.slice(url.indexOf(",") + 1) };
}

/** Adds photos and files to a task that is locked to all but its people, straight from the camera of a phone. */
export class TaskEvidence extends Component {
    static template = "ops_handbook.TaskEvidence";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.input = useRef("input");
        this.state = useState({ busy: false });
    }

    get count() {
        return this.props.record.data.message_attachment_count || 0;
    }

    get countText() {
        return this.count === 1 ? _t("1 file attached") : _t("%s files attached", this.count);
    }

    async onChosen() {
        const { record } = this.props;
        const chosen = [...this.input.el.files];
        this.input.el.value = "";
        if (!chosen.length || this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            if (!(await record.save())) {
                return;
            }
            const files = await this.read(chosen);
            if (files.length) {
                await this.orm.call(record.resModel, "add_evidence", [[record.resId], files]);
                await record.load();
                this.notification.add(_t("Attached."), { type: "success" });
            }
        } finally {
            this.state.busy = false;
        }
    }

    /** One file after the other, for a phone has little room; one that cannot be read does not keep the others back. */
    async read(chosen) {
        const files = [];
        for (const file of chosen) {
            try {
                files.push(await evidenceOf(file));
            } catch {
                this.notification.add(_t("“%s” is not a picture that can be read here. Choose a JPEG or PNG picture.", file.name), {
                    type: "warning",
                });
            }
        }
        return files;
    }
}

registry.category("view_widgets").add("ops_task_evidence", {
    component: TaskEvidence,
    fieldDependencies: [{ name: "message_attachment_count", type: "integer", readonly: true }],
});
