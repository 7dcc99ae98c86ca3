import { Component, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// from the longest unit down: how long it is, and from which length on it is used
const UNITS = [
    {
        length: DAY,
        left: (n) => (n === 1 ? _t("1 day left") : _t("%s days left", n)),
        late: (n) => (n === 1 ? _t("1 day late") : _t("%s days late", n)),
    },
    {
        length: HOUR,
        left: (n) => (n === 1 ? _t("1 hour left") : _t("%s hours left", n)),
        late: (n) => (n === 1 ? _t("1 hour late") : _t("%s hours late", n)),
    },
    {
        length: MINUTE,
        left: (n) => (n === 1 ? _t("1 minute left") : _t("%s minutes left", n)),
        late: (n) => (n === 1 ? _t("1 minute late") : _t("%s minutes late", n)),
    },
];

/**
 * Say in words how long is left until something is due, or by how much it is late.
 *
 * Whole units are counted, as people count them: what is due tomorrow evening has one day left.
 *
 * @param {DateTime|false} due
 * @param {DateTime} [now]
 * @returns {{text: string, tone: "none"|"calm"|"soon"|"late"}} `soon` is less than a day
 */
export function timeLeft(due, now = DateTime.now()) {
    if (!due) {
        return { text: _t("No deadline"), tone: "none" };
    }
    const distance = due.toMillis() - now.toMillis();
    const late = distance < 0;
    const length = Math.abs(distance);
    const unit = UNITS.find((candidate) => length >= candidate.length) || UNITS.at(-1);
    const count = Math.max(1, Math.floor(length / unit.length));
    const text = (late ? unit.late : unit.left)(count);
    return { text: text.toString(), tone: late ? "late" : length < DAY ? "soon" : "calm" };
}

/** The time left in words, with the exact time beside it for whoever points at it or has it read aloud. */
export class TimeLeft extends Component {
    static template = "ops_handbook.TimeLeft";
    static props = {
        due: { type: [DateTime, { value: false }, { value: null }], optional: true },
        now: { type: DateTime, optional: true },
    };

    get left() {
        return timeLeft(this.props.due, this.props.now);
    }

    get exact() {
        return this.props.due ? formatDateTime(this.props.due, { showSeconds: false }) : "";
    }
}

/** A due time in a list or form: in words while it runs, as a date once nothing runs any more. */
export class TimeLeftField extends Component {
    static template = "ops_handbook.TimeLeftField";
    static components = { TimeLeft };
    static props = { ...standardFieldProps };

    setup() {
        this.clock = useState({ now: DateTime.now() });
        const timer = browser.setInterval(() => (this.clock.now = DateTime.now()), MINUTE);
        onWillUnmount(() => browser.clearInterval(timer));
    }

    get due() {
        return this.props.record.data[this.props.name];
    }

    get isRunning() {
        return !["done", "waived", "cancelled", "held"].includes(this.props.record.data.state);
    }

    get exact() {
        return this.due ? formatDateTime(this.due, { showSeconds: false }) : "";
    }
}

registry.category("fields").add("ops_time_left", {
    component: TimeLeftField,
    displayName: _t("Time left in words"),
    supportedTypes: ["datetime"],
    fieldDependencies: [{ name: "state", type: "selection", readonly: true }],
});
