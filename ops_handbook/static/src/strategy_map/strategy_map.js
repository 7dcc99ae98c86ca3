import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { BOX, KINDS, buildTree, filterTree, isParent, layout, visible } from "./strategy_tree";

const MODELS = { direction: "ops.direction", kpi: "ops.kpi", goal: "ops.plan.goal", initiative: "ops.plan.initiative" };
const UNFOLDED = 40; // initiatives up to which everything is unfolded at first
const COLUMNS = {
    direction: _t("Directions"),
    kpi: _t("Key Indicators"),
    goal: _t("Goals"),
    initiative: _t("Initiatives"),
    task: _t("Tasks"),
};
const ICONS = { direction: "fa-compass", kpi: "fa-line-chart", goal: "fa-bullseye", initiative: "fa-rocket", task: "fa-check-square-o" };

/** Direction → indicator → goals → initiatives → tasks, as a picture one can walk through; on a phone as a tree. */
export class StrategyMap extends Component {
    static template = "ops_handbook.StrategyMap";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.canvas = useRef("canvas");
        this.columns = KINDS.map((kind) => ({ kind, title: COLUMNS[kind], icon: ICONS[kind] }));
        const known = this.props.state?.map;
        const { context = {}, params = {} } = this.props.action;
        this.state = useState({
            cycles: [],
            cycleId: known?.cycleId || Number(context.active_id || params.active_id || this.props.resId || 0),
            data: null,
            busy: false,
            open: known?.open || {},
            focus: known?.focus || "",
            department: known?.department || 0,
            direction: known?.direction ?? "",
            text: known?.text || "",
        });
        this.keep = Boolean(known);
        useSetupAction({
            getLocalState: () => {
                const { cycleId, open, focus, department, direction, text } = this.state;
                return { map: { cycleId, open: { ...open }, focus, department, direction, text } };
            },
        });
        onWillStart(() => this.start());
        useEffect(
            () => {
                if (this.moveFocus) {
                    this.moveFocus = false;
                    this.canvas.el?.querySelector(`[data-key="${this.state.focus}"]`)?.focus();
                }
            },
            () => [{}] // after each drawing: only then the box is there
        );
    }

    // -- data ---------------------------------------------------------------------------------------------------

    async start() {
        this.state.cycles = await this.orm.call("ops.cycle", "get_strategy_cycles", []);
        if (!this.state.cycles.some((cycle) => cycle.id === this.state.cycleId)) {
            this.state.cycleId = this.state.cycles[0]?.id || 0;
        }
        await this.load();
    }

    async load() {
        if (!this.state.cycleId) {
            return;
        }
        this.state.data = await this.orm.call("ops.cycle", "get_strategy_map", [[this.state.cycleId]]);
        this.props.updateActionState?.({ resId: this.state.cycleId });
        this.env.config.setDisplayName(_t("Strategy Map: %s", this.state.data.cycle.name));
        if (!this.keep) {
            this.unfoldAtFirst();
        }
        this.keep = false;
        this.tree = null;
    }

    /** Fetch what stands below a node where the map is too large to be sent as a whole. */
    async fetch(node) {
        const { data } = this.state;
        if (data.whole || node.loaded || node.fetched || !["direction", "goal"].includes(node.kind)) {
            return;
        }
        this.state.busy = true;
        try {
            const param = node.kind === "direction" ? { direction_id: node.id } : { goal_id: node.id };
            const found = await this.orm.call("ops.cycle", "get_strategy_map", [[this.state.cycleId]], param);
            const known = new Set(data.initiatives.map((item) => item.id));
            const goals = new Set(data.goals.map((item) => item.id));
            data.goals.push(...(found.goals || []).filter((item) => !goals.has(item.id)));
            data.initiatives.push(...(found.initiatives || []).filter((item) => !known.has(item.id)));
            const list = node.kind === "direction" ? data.directions : data.goals;
            const record = list.find((item) => item.id === node.id);
            if (record) {
                record.fetched = true;
            }
        } finally {
            this.state.busy = false;
        }
    }

    unfoldAtFirst() {
        const { data } = this.state;
        this.state.open = {};
        for (const node of this.nodesOf(buildTree(data, this.labels))) {
            if (data.whole && (data.initiatives.length <= UNFOLDED || node.column < 2)) {
                this.state.open[node.key] = true;
            }
        }
    }

    nodesOf(nodes) {
        return nodes.flatMap((node) => [node, ...this.nodesOf(node.children)]);
    }

    get labels() {
        return { noGoal: _t("Without a Goal") };
    }

    // -- what is drawn --------------------------------------------------------------------------------------------

    /** The tree as filtered; an empty map has none. */
    get nodes() {
        const { data, department, direction, text } = this.state;
        if (!data) {
            return [];
        }
        const tree = buildTree(data, this.labels).filter((node) => direction === "" || node.id === Number(direction));
        return filterTree(tree, { department: Number(department), text });
    }

    isOpen(node) {
        // whoever searches sees what was found
        return Boolean(this.state.open[node.key]) || (Boolean(this.state.text.trim()) && node.column < 3);
    }

    get rows() {
        return visible(this.nodes, (node) => this.isOpen(node));
    }

    /** What is drawn, worked out once for each drawing. */
    get seen() {
        const nodes = this.nodes;
        const isOpen = (node) => this.isOpen(node);
        const rows = visible(nodes, isOpen);
        const focused = rows.find((row) => row.node.key === this.state.focus) || rows[0];
        return { nodes, rows, tabKey: focused?.node.key, picture: this.ui.isSmall ? null : layout(nodes, isOpen) };
    }

    boxStyle(place) {
        return `left: ${place.x}px; top: ${place.y}px; width: ${BOX.width}px; height: ${BOX.height}px;`;
    }

    columnStyle(index) {
        return `left: ${index * (BOX.width + BOX.gapX)}px; width: ${BOX.width}px;`;
    }

    canUnfold(node) {
        return isParent({ ...node, loaded: node.loaded || node.fetched }, !this.state.data.whole);
    }

    icon(node) {
        return ICONS[node.kind];
    }

    kindLabel(node) {
        return COLUMNS[node.kind];
    }

    lightLabel(node) {
        return node.light ? this.state.data.lights[node.light] : "";
    }

    departmentName(id) {
        return this.state.data.departments.find((item) => item.id === id)?.name || "";
    }

    /** The second line of a box. */
    details(node) {
        const percent = node.light ? _t("%s %", Math.round(node.progress || 0)) : "";
        const parts = {
            direction: () => [_t("Goals: %s", node.goal_count)],
            kpi: () => [node.target],
            goal: () => [this.departmentName(node.department_id), percent],
            initiative: () => [
                node.owner || this.departmentName(node.department_id),
                node.date_end && formatDate(deserializeDate(node.date_end)),
                percent,
            ],
            task: () => [node.state],
        }[node.kind]();
        return parts.filter(Boolean).join(" · ");
    }

    /** What a reader that sees no picture is told. */
    spoken(node) {
        return [this.kindLabel(node), node.name, this.details(node), this.lightLabel(node)].filter(Boolean).join(", ");
    }

    get empty() {
        const { data, text, department, direction } = this.state;
        if (!this.state.cycles.length) {
            return _t("No annual cycle yet. The GM office opens one under Annual Plan › Cycles.");
        }
        if (data && !data.directions.length) {
            return _t("This cycle has no strategic directions yet. Add them on the cycle.");
        }
        if (text || department || direction !== "") {
            return _t("Nothing fits the search and the filters. Take some of them out.");
        }
        return "";
    }

    // -- what people do -------------------------------------------------------------------------------------------

    async changeCycle(ev) {
        this.state.cycleId = Number(ev.target.value);
        Object.assign(this.state, { department: 0, direction: "", text: "", focus: "" });
        await this.load();
    }

    async toggle(node) {
        if (!this.canUnfold(node)) {
            return;
        }
        const open = !this.isOpen(node);
        if (open) {
            await this.fetch(node);
        }
        this.state.open[node.key] = open;
    }

    unfoldAll() {
        for (const node of this.nodesOf(this.nodes)) {
            if (node.children.length) {
                this.state.open[node.key] = true;
            }
        }
    }

    foldAll() {
        this.state.open = {};
    }

    openRecord(node) {
        const model = node.model || MODELS[node.kind];
        if (!model || !node.id) {
            return this.toggle(node);
        }
        this.state.focus = node.key;
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: node.id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    focusOn(key) {
        if (key) {
            this.moveFocus = true;
            this.state.focus = key;
        }
    }

    async onKeydown(ev, row) {
        const { rows } = this;
        const index = rows.findIndex((other) => other.node.key === row.node.key);
        const { node } = row;
        const moves = {
            ArrowDown: () => this.focusOn(rows[index + 1]?.node.key),
            ArrowUp: () => this.focusOn(rows[index - 1]?.node.key),
            Home: () => this.focusOn(rows[0]?.node.key),
            End: () => this.focusOn(rows[rows.length - 1]?.node.key),
            ArrowRight: async () => {
                if (!this.isOpen(node)) {
                    await this.toggle(node);
                } else {
                    this.focusOn(node.children[0]?.key);
                }
            },
            ArrowLeft: async () => {
                if (this.isOpen(node) && node.children.length && !this.state.text.trim()) {
                    await this.toggle(node);
                } else {
                    this.focusOn(row.parent?.key);
                }
            },
            Enter: () => this.openRecord(node),
            " ": () => this.toggle(node),
        };
        if (moves[ev.key] && ev.target.dataset.key === node.key) {
            ev.preventDefault();
            await moves[ev.key]();
        }
    }
}

registry.category("actions").add("ops_handbook.strategy_map", StrategyMap);
