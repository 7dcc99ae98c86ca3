import { Component, onMounted, onWillUnmount, useExternalListener, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ResultBadge } from "../result_badge/result_badge";
import { TimeLeft } from "../time_left/time_left";

const { DateTime } = luxon;

const MINUTE = 60 * 1000;
const REFRESH = 5 * MINUTE;
const STALE = MINUTE / 2; // coming back to the page after this long asks the server anew
const PAGE = 40; // rows of a list drawn at first
const PULL = 70; // pixels that a finger pulls to refresh

const LISTS = [
    { key: "due", title: _t("Due"), icon: "fa-clock-o" },
    { key: "decision", title: _t("Needs My Review or Decision"), short: _t("Review"), icon: "fa-gavel" },
    { key: "upcoming", title: _t("Upcoming"), icon: "fa-calendar-o" },
];
const EMPTY = {
    due: _t("Nothing is due. Enjoy the quiet, or look at what is coming."),
    decision: _t("Nothing waits for your review or decision."),
    upcoming: _t("Nothing is coming up in the next weeks."),
};

/**
 * Put the rows of a list under their processes: the process of the first row first, so that what is latest stays on top.
 *
 * @param {Object[]} rows
 * @param {[string, string][]} processes keys and labels
 */
export function groupByProcess(rows, processes) {
    const labels = Object.fromEntries(processes);
    const groups = new Map();
    for (const row of rows) {
        if (!groups.has(row.process)) {
            groups.set(row.process, { process: row.process, label: labels[row.process] || row.process, rows: [] });
        }
        groups.get(row.process).rows.push(row);
    }
    return [...groups.values()];
}

/** The first screen: what I owe, what waits for my decision, what comes; and two big buttons. */
export class MyWork extends Component {
    static template = "ops_handbook.MyWork";
    static components = { ResultBadge, TimeLeft };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        const known = this.props.state?.known;
        this.state = useState({
            data: known?.data || null,
            all: known?.all || {}, // lists of which all rows are drawn
            loading: !known,
            failed: false,
            opening: false,
            now: DateTime.now(),
            pull: 0,
        });
        this.ahead = known?.ahead || 0; // how far the server's clock is ahead of this one, in milliseconds
        this.loadedAt = 0;
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({ known: { data: this.state.data, all: this.state.all, ahead: this.ahead } }),
        });
        this.env.config.setDisplayName(_t("My Work"));
        onMounted(() => {
            this.load();
            this.timers = [
                browser.setInterval(() => this.tick(), MINUTE),
                browser.setInterval(() => document.visibilityState === "visible" && this.load(), REFRESH),
            ];
        });
        onWillUnmount(() => this.timers.forEach((timer) => browser.clearInterval(timer)));
        useExternalListener(document, "visibilitychange", this.onReturn.bind(this));
        useExternalListener(window, "focus", this.onReturn.bind(this));
    }

    // -- data ---------------------------------------------------------------------------------------------------

    async load() {
        if (this.request) {
            return this.request;
        }
        this.state.loading = true;
        this.request = this.fetch();
        try {
            await this.request;
        } finally {
            this.request = null;
            this.state.loading = false;
        }
    }

    async fetch() {
        try {
            const data = await this.orm.silent.call("ops.my.work", "get_data", []);
            this.ahead = deserializeDateTime(data.now).toMillis() - Date.now();
            for (const row of Object.values(data.lists).flat()) {
                row.moment = row.due ? deserializeDateTime(row.due) : false;
            }
            this.state.data = data;
            this.state.failed = false;
            this.loadedAt = Date.now();
            this.tick();
        } catch (error) {
            this.state.failed = true;
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    }

    tick() {
        this.state.now = DateTime.fromMillis(Date.now() + this.ahead);
    }

    onReturn() {
        if (document.visibilityState === "visible" && Date.now() - this.loadedAt > STALE) {
            this.load();
        }
    }

    // -- what is drawn --------------------------------------------------------------------------------------------

    get sections() {
        const { data, all } = this.state;
        return LISTS.map((list) => {
            const rows = data.lists[list.key];
            const drawn = all[list.key] ? rows : rows.slice(0, PAGE);
            const late = rows.filter((row) => this.isLate(row)).length;
            const more = rows.length - drawn.length;
            return {
                ...list,
                short: list.short || list.title,
                count: rows.length,
                late,
                lateText: _t("%s late", late),
                more,
                moreText: _t("Show %s more", more),
                groups: groupByProcess(drawn, data.processes),
                empty: EMPTY[list.key],
            };
        });
    }

    get hidden() {
        const { total, lists } = this.state.data;
        return total - Object.values(lists).flat().length;
    }

    get hiddenText() {
        return _t("%s more are not shown here; find all of them under Deadlines.", this.hidden);
    }

    get today() {
        return this.state.now.toLocaleString({ weekday: "long", month: "long", day: "numeric" });
    }

    isLate(row) {
        return Boolean(row.moment) && row.result !== "held" && row.moment < this.state.now;
    }

    /** The tone of a row's edge; the words beside it say the same. */
    tone(row) {
        if (row.result === "missed" || row.urgent) {
            return "missed";
        }
        return this.isLate(row) ? "late" : row.result === "held" ? "held" : "pending";
    }

    heldText(row) {
        return row.held_until
            ? _t("On hold until %s", formatDate(deserializeDateTime(row.held_until)))
            : _t("On hold");
    }

    details(row) {
        return [
            row.department,
            row.company,
            row.behalf && _t("for %s", row.behalf),
            row.role && _t("anyone in %s", row.role),
            row.extended && _t("extended"),
        ].filter(Boolean);
    }

    // -- what people do -------------------------------------------------------------------------------------------

    showAll(key) {
        this.state.all[key] = true;
    }

    async open(row) {
        if (this.state.opening) {
            return;
        }
        this.state.opening = row.id;
        try {
            await this.activateCompany(row.company_id);
            const action = await this.orm.call("ops.obligation", "action_open_form", [[row.id]]);
            await this.action.doAction(action);
        } finally {
            this.state.opening = false;
        }
    }

    /**
     * Take the company of a row into the choice of companies, where the user may choose it. Rows of companies that one does
     * not work for are opened without: Odoo answers a company that it does not allow with the default one alone.
     */
    async activateCompany(companyId) {
        const active = user.activeCompanies.map((company) => company.id);
        if (!active.includes(companyId) && user.allowedCompanies.some((company) => company.id === companyId)) {
            await user.activateCompanies([...active, companyId], { includeChildCompanies: false, reload: false });
        }
    }

    press(button) {
        return this.action.doAction(button.action);
    }

    scrollTo(key) {
        const target = this.root.el.querySelector(`#o_ops_list_${key}`);
        target.scrollIntoView({ behavior: "smooth", block: "start" });
        target.focus({ preventScroll: true });
    }

    // -- pull to refresh ------------------------------------------------------------------------------------------

    onTouchStart(ev) {
        this.pullFrom = this.root.el.scrollTop <= 0 ? ev.touches[0].clientY : null;
    }

    onTouchMove(ev) {
        if (this.pullFrom !== null) {
            this.state.pull = Math.max(0, Math.min(PULL * 1.3, (ev.touches[0].clientY - this.pullFrom) / 2));
        }
    }

    onTouchEnd() {
        if (this.state.pull >= PULL) {
            this.load();
        }
        this.state.pull = 0;
        this.pullFrom = null;
    }

    get pulledEnough() {
        return this.state.pull >= PULL;
    }
}

registry.category("actions").add("ops_handbook.my_work", MyWork);
