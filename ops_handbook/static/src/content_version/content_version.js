import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { addFieldDependencies } from "@web/model/relational_model/utils";
import { formView } from "@web/views/form/form_view";

const VERSION = "content_version";

/** A record that says with each save which version of the content the writer has seen. */
export class VersionedRecord extends RelationalModel.Record {
    _getChanges(changes, { withReadonly } = {}) {
        const result = super._getChanges(...arguments);
        // here, and not in a hook of saving: a page that is closed saves without calling any
        if (this.resId && !withReadonly && VERSION in this.activeFields && Object.keys(result).length) {
            result[VERSION] = this.data[VERSION];
        }
        return result;
    }
}

export class VersionedModel extends RelationalModel {
    static Record = VersionedRecord;

    async load() {
        const { activeFields, fields } = this.config;
        if (activeFields && !(VERSION in activeFields)) {
            addFieldDependencies(activeFields, fields, [{ name: VERSION, type: "integer", readonly: true }]);
        }
        return super.load(...arguments);
    }
}

/** Tells that somebody else was faster, who and when, and lets the writer keep what they typed on the screen. */
export class StaleDialog extends Component {
    static template = "ops_handbook.StaleDialog";
    static components = { Dialog };
    static props = { message: String, onReload: Function, onStay: { type: Function, optional: true }, close: Function };

    async reload() {
        await this.props.onReload();
        this.props.close();
    }

    stay() {
        this.props.onStay?.();
        this.props.close();
    }
}

export class VersionedFormController extends formView.Controller {
    async onSaveError(error, options, leaving) {
        if (!error.data?.context?.ops_stale) {
            return super.onSaveError(...arguments);
        }
        return new Promise((resolve) => {
            this.dialogService.add(
                StaleDialog,
                {
                    message: error.data.message,
                    onReload: async () => {
                        await options.discard();
                        if (!leaving) {
                            await this.model.load();
                        }
                        resolve(Boolean(leaving));
                    },
                    onStay: () => resolve(false),
                },
                { onClose: () => resolve(false) }
            );
        });
    }
}

export const versionedFormView = {
    ...formView,
    Controller: VersionedFormController,
    Model: VersionedModel,
};

registry.category("views").add("ops_form", versionedFormView);
