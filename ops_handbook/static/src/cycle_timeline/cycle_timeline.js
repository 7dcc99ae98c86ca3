import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { ResultBadge } from "../result_badge/result_badge";
import { TimeLeft } from "../time_left/time_left";

const SHOWN = 12; // departments named at first
const RUNS_LATE = ["late", "missed"];

/** The steps of an annual cycle on one line: until when, whether done, who is late, and one click to remind. */
export class CycleTimeline extends Component {
    static template = "ops_handbook.CycleTimeline";
    static components = { ResultBadge, TimeLeft };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.state = useState({ steps: [], open: null, all: false, failed: false, busy: false });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((props) => this.load(props.record));
    }

    async load(record) {
        const key = `${record.resId}/${record.data.state}`;
        if (!record.resId || (key === this.key && !this.stale)) {
            return;
        }
        this.key = key;
        this.stale = false;
        let steps;
        try {
            steps = await this.orm.silent.call("ops.cycle", "get_timeline", [[record.resId]]);
        } catch {
            this.state.failed = true;
            return;
        }
        if (this.key !== key) {
            return; // another cycle was opened meanwhile
        }
        for (const step of steps) {
            step.moment = step.due ? deserializeDateTime(step.due) : false;
            step.waiting.sort((a, b) => this.rank(a) - this.rank(b) || a.department.localeCompare(b.department));
        }
        this.state.failed = false;
        this.state.steps = steps;
    }

    rank(row) {
        return RUNS_LATE.includes(row.result) ? 0 : 1;
    }

    // -- words ----------------------------------------------------------------------------------------------------

    /** On a phone the details stand right below their step. */
    get isSmall() {
        return this.ui.isSmall;
    }

    get current() {
        return this.state.steps.find((step) => step.code === this.state.open);
    }

    isLate(step) {
        return !step.settled && RUNS_LATE.includes(step.result);
    }

    /** While a step is asked for, how long is left says more than its result. */
    runs(step) {
        return Boolean(step.moment && step.total && !step.settled);
    }

    day(step) {
        return step.moment ? formatDate(step.moment) : _t("No date");
    }

    progress(step) {
        if (step.total < 2) {
            return "";
        }
        return step.late
            ? _t("%(done)s of %(total)s done, %(late)s late", step)
            : _t("%(done)s of %(total)s done", step);
    }

    meetingText(step) {
        const day = step.meeting.start ? formatDate(deserializeDateTime(step.meeting.start)) : _t("without a date");
        return step.meeting.held ? _t("Meeting held: %s", day) : _t("Meeting planned: %s", day);
    }

    get shown() {
        return this.state.all ? this.current.waiting : this.current.waiting.slice(0, SHOWN);
    }

    get moreText() {
        return _t("Show %s more", this.current.waiting.length - SHOWN);
    }

    get hasMore() {
        return !this.state.all && this.current.waiting.length > SHOWN;
    }

    get hiddenText() {
        return _t("%s more departments have not done it yet.", this.current.hidden);
    }

    lateText(row) {
        return RUNS_LATE.includes(row.result) ? _t("Overdue") : undefined;
    }

    // -- what people do -------------------------------------------------------------------------------------------

    toggle(step) {
        this.state.open = this.state.open === step.code ? null : step.code;
        this.state.all = false;
    }

    async remind(step) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.action.doAction(
                await this.orm.call("ops.cycle", "action_remind_step", [[this.props.record.resId], step.code])
            );
        } finally {
            this.state.busy = false;
        }
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("ops_cycle_timeline", {
    component: CycleTimeline,
    fieldDependencies: [{ name: "state", type: "selection", readonly: true }],
});
