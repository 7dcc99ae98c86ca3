import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { FAIR, GOOD, rateTone } from "../result_badge/rate_tone";
import { WORDS } from "../result_badge/result_badge";
import { CockpitChart } from "./cockpit_chart";
import { CockpitRing } from "./cockpit_ring";

const REFRESH = 10 * 60 * 1000; // milliseconds
const RATES = { on_time: _t("On-Time Rate"), closing: _t("Closing Rate") };
const RESULTS = ["met", "late", "missed", "pending", "held", "waived"];
const TONES = { held: "none", waived: "none" }; // of the results that have no colour of their own

/** How well a year runs, on one screen; every figure opens the list that it counts. */
export class Cockpit extends Component {
    static template = "ops_handbook.Cockpit";
    static components = { CockpitChart, CockpitRing };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.rates = Object.entries(RATES);
        this.good = GOOD;
        this.fair = FAIR;
        const known = this.props.state?.cockpit;
        this.state = useState({
            data: known?.data || null,
            year: known?.year || false,
            department: known?.department || false,
            rate: known?.rate || "on_time",
            loading: false,
            failed: false,
        });
        useSetupAction({
            getLocalState: () => {
                const { data, year, department, rate } = this.state;
                return { cockpit: { data, year, department, rate } };
            },
        });
        this.env.config.setDisplayName(_t("Cockpit"));
        onMounted(() => {
            this.load();
            this.timer = browser.setInterval(() => document.visibilityState === "visible" && this.load(), REFRESH);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    // -- data ---------------------------------------------------------------------------------------------------

    /** What is asked last is shown, whatever is answered last. */
    async load() {
        const asked = (this.asked = {});
        this.state.loading = true;
        try {
            const { year, department } = this.state;
            const data = await this.orm.silent.call("ops.cockpit", "get_data", [year, department]);
            if (asked === this.asked) {
                Object.assign(this.state, { data, year: data.year, department: data.department, failed: false });
            }
        } catch (error) {
            if (asked === this.asked) {
                this.state.failed = true;
            }
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        } finally {
            if (asked === this.asked) {
                this.state.loading = false;
            }
        }
    }

    chooseYear(ev) {
        this.state.year = Number(ev.target.value);
        return this.load();
    }

    chooseDepartment(ev) {
        this.state.department = Number(ev.target.value) || false;
        return this.load();
    }

    async open(figure, row = "", column = "") {
        const { year, department } = this.state.data;
        this.action.doAction(
            await this.orm.call("ops.cockpit", "action_open_figure", [figure, row, column, year, department])
        );
    }

    openMonth(month) {
        return this.open(month.due ? "due" : "coming", "", month.key);
    }

    // -- what is drawn --------------------------------------------------------------------------------------------

    get asOf() {
        return formatDateTime(deserializeDateTime(this.state.data.now));
    }

    percent(rate) {
        return rate === false ? "–" : _t("%s %", rate.toLocaleString(undefined, { maximumFractionDigits: 1 }));
    }

    get tiles() {
        const { total, overdue, charts } = this.state.data;
        const letters = charts.find((chart) => chart.key === "letters");
        return [
            { key: "on_time", label: RATES.on_time, value: this.percent(total.on_time), tone: rateTone(total.on_time), open: () => this.open("due") },
            { key: "closing", label: RATES.closing, value: this.percent(total.closing), tone: rateTone(total.closing), open: () => this.open("due") },
            { key: "due", label: _t("Due by Now"), value: total.due, tone: "none", open: () => this.open("due") },
            { key: "overdue", label: _t("Overdue Now"), value: overdue, tone: overdue ? "missed" : "met", open: () => this.open("overdue") },
            letters && {
                key: "letters", label: letters.title, value: letters.cells.flat().reduce((sum, number) => sum + number, 0),
                tone: "none", open: () => this.open("letters"),
            },
        ].filter(Boolean);
    }

    get ring() {
        const { months, ring } = this.state.data;
        return months.map((month, index) => {
            const { on_time, due, coming } = ring[index];
            const words = due ? _t("%(rate)s of %(due)s in time", { rate: this.percent(on_time), due })
                : coming ? _t("%s still to come", coming) : _t("nothing due");
            return { ...month, due, coming, tone: rateTone(on_time, coming), title: `${month.label}: ${words}` };
        });
    }

    get shownResults() {
        const { total } = this.state.data;
        return RESULTS.filter((key) => total[key]).map((key) => ({
            key, label: WORDS[key], value: total[key], tone: TONES[key] || key,
        }));
    }

    cell(row, figures, month) {
        const rate = figures[this.state.rate];
        const what = figures.due ? _t("%(rate)s of %(due)s", { rate: this.percent(rate), due: figures.due })
            : figures.coming ? _t("%s still to come", figures.coming) : _t("nothing due");
        return {
            tone: rateTone(rate, figures.coming),
            text: figures.due ? String(Math.round(rate)) : figures.coming ? "·" : "",
            title: `${row.name}, ${month ? month.label : this.state.data.year}: ${what}`,
            open: () => this.open(figures.due ? "due" : "coming", row.key, month ? month.key : ""),
            empty: !figures.due && !figures.coming,
        };
    }

    get heat() {
        const { heat, months } = this.state.data;
        return heat.map((row) => ({
            key: row.key,
            name: row.name,
            cells: [this.cell(row, row.year), ...months.map((month, index) => this.cell(row, row.months[index], month))],
        }));
    }
}

registry.category("actions").add("ops_handbook.cockpit", Cockpit);
