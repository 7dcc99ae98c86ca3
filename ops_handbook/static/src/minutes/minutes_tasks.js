import { Component, useState } from "@odoo/owl";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { _t } from "@web/core/l10n/translation";

const FIRST = 12; // tasks shown before the rest is asked for

/** The tasks below an item of the agenda; a note on one goes to the task itself. */
export class MinutesTasks extends Component {
    static template = "ops_handbook.MinutesTasks";
    // typed: task id → what stands in its field and is not saved; whatever is drawn anew would wipe it otherwise
    static props = { tasks: { type: Array }, typed: { type: Object }, onType: { type: Function }, save: { type: Function } };

    setup() {
        this.state = useState({ all: false, errors: {}, saved: {} });
        this.typed = useState(this.props.typed); // the screen's: as long as something is in it, nothing is distributed
    }

    get shown() {
        return this.state.all ? this.props.tasks : this.props.tasks.slice(0, FIRST);
    }

    get more() {
        return this.props.tasks.length - this.shown.length;
    }

    value(task) {
        return this.typed[task.id] ?? task.note;
    }

    type(task, text) {
        this.typed[task.id] = text;
        this.props.onType();
        delete this.state.saved[task.id];
    }

    async write(task, note) {
        delete this.state.errors[task.id];
        if (note.trim() === task.note) {
            delete this.typed[task.id];
            return;
        }
        this.typed[task.id] = note;
        try {
            Object.assign(task, await this.props.save(task, note));
            // unless it was typed on while it was being saved
            if (this.typed[task.id] === note) {
                delete this.typed[task.id];
                this.state.saved[task.id] = true;
            }
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                this.state.errors[task.id] = _t("No connection: nothing was saved. Try again in a moment.");
            } else if (error instanceof RPCError) {
                this.state.errors[task.id] = error.data?.message || error.message;
            } else {
                throw error;
            }
        }
    }
}
