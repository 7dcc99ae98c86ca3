import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { formatFloat } from "@web/core/utils/numbers";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { parseFloat } from "@web/views/fields/parsers";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { decimalsOf, fromSteps, levels, rescale, split, toSteps, yearOf } from "./apportion";

const MODEL = "ops.plan";
const QUARTERS = [0, 1, 2, 3];
const MONTHS_OF = (quarter) => [0, 1, 2].map((month) => quarter * 3 + month);
// what was typed and not saved, while another page of the form is looked at: by plan
const drafts = new Map();

/**
 * The breakdown of a plan: goals and initiatives in rows, months, quarters and the year in columns; on a phone a card for each.
 * Nothing is saved that does not come to the year; how much is missing stands beside it in words.
 */
export class Breakdown extends Component {
    static template = "ops_handbook.Breakdown";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.quarters = QUARTERS;
        this.state = useState({ data: null, failed: "", error: "", busy: false, scope: "", typed: null, said: "" });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((props) => this.follow(props.record));
        onWillUnmount(() => this.keepDraft());
        useBus(this.props.record.model.bus, "NEED_LOCAL_CHANGES", ({ detail }) => {
            if (this.dirty) {
                detail.proms.push(this.saveOrThrow());
            }
        });
        useSetupAction({
            beforeLeave: async ({ forceLeave } = {}) => {
                if (!this.dirty || forceLeave) {
                    return true;
                }
                return this.save();
            },
            beforeUnload: (ev) => {
                if (this.dirty) {
                    ev.preventDefault();
                    ev.returnValue = "Unsaved changes";
                }
            },
        });
    }

    // -- loading ----------------------------------------------------------------------------------------------------

    keyOf(record) {
        return `${record.resId}/${record.data.content_version}/${record.data.state}/${record.data.breakdown_version}`;
    }

    async follow(record) {
        if (this.keyOf(record) !== this.loaded && !this.dirty && !this.state.busy) {
            await this.load(record);
        }
    }

    async load(record) {
        this.loaded = this.keyOf(record);
        this.planId = record.resId;
        if (!this.planId) {
            this.state.data = null;
            return;
        }
        try {
            this.take(await this.orm.call(MODEL, "get_breakdown", [[this.planId]]));
            this.state.failed = "";
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.state.failed = error.data?.message || error.message;
        }
    }

    async reload() {
        drafts.delete(this.planId);
        this.state.error = "";
        await this.load(this.props.record);
    }

    take(data) {
        const draft = drafts.get(data.id);
        for (const row of data.rows) {
            row.saved = row.cells.map((value) => (value === null ? null : toSteps(value, row.step)));
            row.steps = [...row.saved];
            row.total = toSteps(row.year, row.step);
            row.touched = [];
            if (draft?.version === data.version && draft.rows[row.key]) {
                row.steps = draft.rows[row.key];
            }
        }
        this.state.data = data;
        if (!data.rows.some((row) => row.key === this.state.scope)) {
            this.state.scope = "";
        }
    }

    keepDraft() {
        if (this.dirty) {
            const { id, version } = this.state.data;
            drafts.set(id, {
                version, rows: Object.fromEntries(this.rows.filter((row) => this.isDirty(row)).map((row) => [row.key, row.steps])),
            });
        } else {
            drafts.delete(this.planId);
        }
    }

    // -- what there is ----------------------------------------------------------------------------------------------

    get rows() {
        return this.state.data?.rows || [];
    }

    get canEdit() {
        return Boolean(this.state.data?.can_edit);
    }

    get dirty() {
        return this.rows.some((row) => this.isDirty(row));
    }

    isDirty(row) {
        return row.steps.some((value, index) => value !== row.saved[index]);
    }

    isEmpty(row) {
        return row.steps.every((value) => value === null);
    }

    full(row) {
        return row.steps.map((value) => value ?? 0n);
    }

    isOpen(row, month) {
        return row.open.includes(month) || row.steps[month] !== null;
    }

    text(row, value) {
        return value === null || value === undefined
            ? ""
            : formatFloat(fromSteps(value, row.step), { digits: [20, decimalsOf(row.step)], trailingZeros: false });
    }

    quarterOf(row, quarter) {
        const values = MONTHS_OF(quarter).map((month) => row.steps[month]);
        return values.every((value) => value === null) ? null : yearOf(values.map((value) => value ?? 0n), row.additive);
    }

    difference(row) {
        return this.isEmpty(row) ? 0n : yearOf(this.full(row), row.additive) - row.total;
    }

    /** How a line stands, in words: [class of the badge, text]. */
    verdict(row) {
        if (this.isEmpty(row)) {
            return ["o_ops_result_pending", _t("Not broken down yet")];
        }
        const difference = this.difference(row);
        if (!difference) {
            return ["o_ops_result_met", row.additive ? _t("Adds up") : _t("Ends at the year's figure")];
        }
        const amount = this.text(row, difference < 0n ? -difference : difference);
        return [
            "o_ops_result_missed",
            difference < 0n ? _t("%(amount)s too little", { amount }) : _t("%(amount)s too much", { amount }),
        ];
    }

    /** Wide enough for the longest figure, the same for all: columns stay in line. */
    get widths() {
        const longest = (texts) => Math.max(6, ...texts.map((text) => text.length));
        const months = this.rows.flatMap((row) => row.steps.map((value) => this.text(row, value)));
        const quarters = this.rows.flatMap((row) => QUARTERS.map((quarter) => this.text(row, this.quarterOf(row, quarter))));
        return `--ops-month: ${longest(months)}ch; --ops-quarter: ${longest(quarters) + 1}ch`;
    }

    cellLabel(row, column) {
        return _t("%(line)s, %(column)s", { line: row.name, column });
    }

    quarterLabel(quarter) {
        return _t("Q%(number)s", { number: quarter + 1 });
    }

    monthsOf(quarter) {
        return MONTHS_OF(quarter);
    }

    // -- typing -----------------------------------------------------------------------------------------------------

    read(row, text) {
        if (!text.trim()) {
            return 0n;
        }
        return toSteps(parseFloat(text.replace(/[\s%]/g, "")), row.step);
    }

    commit(row, kind, index, input) {
        const shown = kind === "month" ? row.steps[index] : this.quarterOf(row, index);
        if (input.value === this.text(row, shown)) {
            return;
        }
        let value;
        try {
            value = this.read(row, input.value);
        } catch {
            this.state.error = _t("“%(text)s” is no number.", { text: input.value });
            input.value = this.text(row, shown);
            return;
        }
        this.state.error = "";
        kind === "month" ? this.setMonth(row, index, value) : this.setQuarter(row, index, value);
        input.value = this.text(row, kind === "month" ? row.steps[index] : this.quarterOf(row, index));
    }

    setMonth(row, month, value) {
        row.steps[month] = value;
        if (!row.touched.includes(month)) {
            row.touched.push(month);
        }
        this.fill(row);
    }

    /** A quarter goes to its months in proportion; of a level it is that of its last month. */
    setQuarter(row, quarter, value) {
        const months = MONTHS_OF(quarter).filter((month) => this.isOpen(row, month));
        if (!months.length) {
            return;
        }
        if (!row.additive) {
            return this.setMonth(row, months.at(-1), value);
        }
        const inside = months.map((month) => row.steps[month] ?? 0n);
        rescale(inside, value, inside.map((_value, index) => index)).forEach((part, index) => {
            this.setMonth(row, months[index], part);
        });
    }

    /** A goal has all of its months, or none. */
    fill(row) {
        if (row.field === "goal_id") {
            row.steps = this.full(row);
        }
    }

    /** Put what is missing on the months that were not typed by hand; on all of them when there are no others. */
    putRest(row) {
        const open = row.open.filter((month) => this.isOpen(row, month));
        if (!row.additive) {
            row.steps[11] = row.total;
            this.fill(row);
            return;
        }
        const others = open.filter((month) => !row.touched.includes(month));
        const result = rescale(this.full(row), row.total, others.length ? others : open);
        if (result) {
            row.steps = row.steps.map((value, month) => (value === null && !result[month] ? null : result[month]));
        }
    }

    // -- keyboard and clipboard -------------------------------------------------------------------------------------

    onKeydown(ev) {
        const input = ev.target;
        if (ev.isComposing || !input.matches("input.o_ops_cell")) {
            return;
        }
        const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
        const moves = {
            Enter: [ev.shiftKey ? -1 : 1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0],
            ArrowRight: whole || input.selectionStart === input.value.length ? [0, 1] : null,
            ArrowLeft: whole || input.selectionEnd === 0 ? [0, -1] : null,
        };
        if (ev.key === "Escape") {
            // not defaultValue: Owl draws the property, the attribute behind it stays empty
            input.value = input.dataset.shown ?? "";
        }
        if (moves[ev.key]) {
            ev.preventDefault();
            ev.stopPropagation();
            this.move(input, ...moves[ev.key]);
        }
    }

    move(input, down, right) {
        const [row, column] = [Number(input.dataset.row), Number(input.dataset.column)];
        const cells = [...this.root.el.querySelectorAll("input.o_ops_cell")];
        const found = down
            ? cells.filter((cell) => Number(cell.dataset.column) === column && (Number(cell.dataset.row) - row) * down > 0)
            : cells.filter((cell) => Number(cell.dataset.row) === row && (Number(cell.dataset.column) - column) * right > 0);
        const next = down + right > 0 ? found[0] : found.at(-1);
        if (next) {
            next.focus();
            next.select();
        } else {
            input.blur();
        }
    }

    /** A block of cells from a spreadsheet: into the months from here to the right, and into the lines below. */
    paste(row, month, ev) {
        const text = ev.clipboardData?.getData("text/plain") || "";
        const block = text.replace(/[\r\n]+$/, "").split(/\r?\n/).map((line) => line.split("\t"));
        if (block.length === 1 && block[0].length === 1) {
            return;
        }
        ev.preventDefault();
        if (this.state.busy) {
            return; // what is pasted reaches a field that cannot be typed into, too
        }
        const first = this.rows.indexOf(row);
        try {
            const values = [];
            block.forEach((line, down) => {
                const target = this.rows[first + down];
                line.forEach((cell, right) => {
                    const index = month + right;
                    if (target && index < 12 && cell.trim() && this.isOpen(target, index)) {
                        values.push([target, index, this.read(target, cell)]);
                    }
                });
            });
            values.forEach(([target, index, value]) => this.setMonth(target, index, value));
            this.state.error = "";
            this.state.said = _t("%(count)s figures were pasted.", { count: values.length });
        } catch {
            this.state.error = _t("What was pasted holds something that is no number. Nothing was taken over.");
        }
    }

    // -- splitting --------------------------------------------------------------------------------------------------

    get scoped() {
        return this.state.scope ? this.rows.filter((row) => row.key === this.state.scope) : this.rows;
    }

    get hasLastYear() {
        return this.scoped.some((row) => row.last_year);
    }

    typeWeights() {
        this.state.typed = this.state.typed ? null : Array(12).fill("1");
    }

    splitBy(kind) {
        let weights = null;
        if (kind === "typed") {
            try {
                weights = this.state.typed.map((text) => parseFloat(text || "0"));
            } catch {
                weights = [-1];
            }
            if (weights.some((weight) => weight < 0)) {
                this.state.error = _t("Weights: type twelve numbers that are not negative.");
                return;
            }
        } else if (kind === "workdays") {
            weights = this.state.data.workdays;
        }
        this.state.error = "";
        for (const row of this.scoped) {
            // a level does not follow the days that are worked
            this.splitRow(row, kind === "actuals" ? row.last_year : kind === "workdays" && !row.additive ? null : weights);
        }
        this.state.said = _t("%(count)s lines were split. Save when they are right.", { count: this.scoped.length });
    }

    splitRow(row, weights) {
        const shares = weights && row.open.map((month) => weights[month]);
        const values = (row.additive ? split : levels)(row.total, shares, row.open.length);
        row.steps = row.steps.map((value) => (value === null ? null : 0n));
        row.open.forEach((month, index) => (row.steps[month] = values[index]));
        row.touched = [];
    }

    // -- saving -----------------------------------------------------------------------------------------------------

    changes() {
        return this.rows.flatMap((row) =>
            row.steps.flatMap((value, month) =>
                value === null || value === row.saved[month]
                    ? []
                    : [{ [row.field]: row.id, month: this.state.data.months[month].key, value: fromSteps(value, row.step) }]
            )
        );
    }

    async saveOrThrow() {
        this.state.busy = true;
        try {
            const data = await this.orm.call(MODEL, "save_breakdown", [[this.planId], this.changes(), this.state.data.version]);
            drafts.delete(this.planId);
            this.take(data);
            this.state.error = "";
            this.state.said = _t("The breakdown is saved.");
        } finally {
            this.state.busy = false;
        }
    }

    async save() {
        try {
            await this.saveOrThrow();
            return true;
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.state.error = error.data?.message || error.message;
            return false;
        }
    }

    discard() {
        for (const row of this.rows) {
            row.steps = [...row.saved];
            row.touched = [];
        }
        this.state.typed = null;
        this.state.error = "";
    }
}

export const breakdownWidget = {
    component: Breakdown,
    fieldDependencies: [
        { name: "breakdown_version", type: "integer", readonly: true },
        { name: "content_version", type: "integer", readonly: true },
        { name: "state", type: "selection", readonly: true },
    ],
};

registry.category("view_widgets").add("ops_breakdown", breakdownWidget);
