import { Component, markup, onMounted, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { hasTouch } from "@web/core/browser/feature_detection";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const PAUSE = 300; // milliseconds without a key before the server is asked
const ICONS = { article: "fa-book", case: "fa-lightbulb-o", form: "fa-file-text-o" };

/** Search over the handbook, its cases and forms: what somebody may read of what they look for, grouped by kind. */
export class HandbookSearch extends Component {
    static template = "ops_handbook.HandbookSearch";
    static props = { ...standardActionServiceProps, query: { type: String, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.input = useRef("input");
        const known = this.props.state?.search;
        const { context = {}, params = {} } = this.props.action;
        const asked = this.props.query || params.query || context.search_query || router.current.q || "";
        this.state = useState({
            query: known?.query ?? String(asked),
            answered: known?.answered ?? "", // the question to which the groups are the answer
            groups: known?.groups ?? null,
            kind: known?.kind ?? "", // shown alone; empty: all
            loading: false,
            failed: false,
        });
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({ search: { ...this.state, loading: false } }),
        });
        this.env.config.setDisplayName(_t("Search"));
        this.asked = 0;
        onWillStart(() => (this.state.query.trim() && !this.state.groups ? this.ask() : undefined));
        onMounted(() => {
            // on a phone the keyboard would cover half of the results
            if (!this.state.query || !hasTouch()) {
                this.input.el.focus();
            }
        });
        useExternalListener(window, "keydown", this.onWindowKey.bind(this));
    }

    // -- data -------------------------------------------------------------------------------------------------------

    onInput() {
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.ask(), PAUSE);
    }

    async ask() {
        browser.clearTimeout(this.timer);
        const query = this.state.query.trim();
        const turn = ++this.asked;
        if (!query) {
            Object.assign(this.state, { groups: null, answered: "", loading: false, failed: false });
            this.props.updateActionState?.({ q: undefined });
            return;
        }
        this.state.loading = true;
        try {
            const answer = await this.orm.silent.call("ops.search.entry", "get_results", [query]);
            if (turn !== this.asked) {
                return; // something else was typed meanwhile
            }
            Object.assign(this.state, { groups: answer.groups.map(readGroup), answered: query, failed: false });
            if (!this.shown.length) {
                this.state.kind = "";
            }
            this.props.updateActionState?.({ q: query });
        } catch (error) {
            this.state.failed = turn === this.asked;
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        } finally {
            if (turn === this.asked) {
                this.state.loading = false;
            }
        }
    }

    async more(group) {
        const answer = await this.orm.call("ops.search.entry", "get_results", [
            this.state.answered, [group.kind], group.results.length,
        ]);
        const known = new Set(group.results.map((result) => result.key));
        const added = answer.groups.flatMap((part) => readGroup(part).results).filter((result) => !known.has(result.key));
        group.results.push(...added);
        group.exhausted = !added.length;
    }

    // -- what is drawn ----------------------------------------------------------------------------------------------

    get shown() {
        const { groups, kind } = this.state;
        return (groups || []).filter((group) => group.count && (!kind || group.kind === kind));
    }

    get found() {
        return (this.state.groups || []).filter((group) => group.count);
    }

    get summary() {
        if (!this.state.groups || this.state.loading) {
            return "";
        }
        const count = this.found.reduce((sum, group) => sum + group.count, 0);
        return count ? _t("%s found", count) : "";
    }

    get nothing() {
        return _t("Nothing that you may read holds “%s”.", this.state.answered);
    }

    icon(kind) {
        return ICONS[kind];
    }

    countText(group) {
        return group.more ? _t("more than %s", group.count) : String(group.count);
    }

    hasMore(group) {
        return group.results.length < group.count && !group.exhausted;
    }

    facts(result) {
        return [
            result.kind === "form" ? result.what : "",
            result.state,
            result.date ? formatDate(deserializeDateTime(result.date)) : "",
        ].filter(Boolean);
    }

    href(result) {
        return result.kind === "article" ? `/odoo/handbook/${result.id}` : `/odoo/${result.model}/${result.id}`;
    }

    // -- what people do ---------------------------------------------------------------------------------------------

    choose(kind) {
        this.state.kind = this.state.kind === kind ? "" : kind;
    }

    open(result) {
        if (result.kind === "article") {
            return this.action.doAction({
                type: "ir.actions.client",
                tag: "ops_handbook.reader",
                path: "handbook",
                params: { article_id: result.id },
                context: { active_id: result.id },
            });
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: result.model,
            res_id: result.id,
            views: [[false, "form"]],
        });
    }

    clear() {
        this.state.query = "";
        this.ask();
        this.input.el.focus();
    }

    // -- keyboard ---------------------------------------------------------------------------------------------------

    onKey(ev) {
        const results = [...this.root.el.querySelectorAll(".o_ops_found")];
        const at = results.indexOf(document.activeElement);
        if (ev.key === "ArrowDown" && results.length) {
            results[Math.min(at + 1, results.length - 1)].focus();
        } else if (ev.key === "ArrowUp" && at >= 0) {
            (at ? results[at - 1] : this.input.el).focus();
        } else if (ev.key === "Escape" && at >= 0) {
            this.input.el.focus();
        } else if (ev.key === "Enter" && document.activeElement === this.input.el) {
            this.ask();
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    /** A slash leads back to the question, from anywhere on the page where nothing is typed. */
    onWindowKey(ev) {
        const typing = ev.target.closest?.("input, textarea, select, [contenteditable], .modal");
        if (ev.key === "/" && !typing && !ev.ctrlKey && !ev.metaKey && !ev.altKey) {
            ev.preventDefault();
            this.input.el.focus();
            this.input.el.select();
        }
    }
}

/** Take a group as the server gives it; titles and excerpts are HTML that it has escaped but for the marks. */
export function readGroup(group) {
    return {
        ...group,
        results: group.results.map((result) => ({
            ...result,
            key: `${result.model},${result.id}`,
            title: markup(result.title),
            excerpt: markup(result.excerpt),
        })),
    };
}

registry.category("actions").add("ops_handbook.search", HandbookSearch);
