import { Component, markup, onWillStart, useState } from "@odoo/owl";
import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { articlePath } from "../handbook_reader/reader_text";

const NEAR = 2; // unchanged blocks that stay in view beside a change
const WORTH = 3; // unchanged blocks from which on folding them pays

/**
 * Put the rows of a comparison into stretches: those in view, and unchanged ones that are folded.
 *
 * @param {{kind: string}[]} rows
 * @returns {{folded: boolean, first: number, rows: Object[]}[]}
 */
export function stretches(rows) {
    const near = rows.map((_row, index) =>
        rows.slice(Math.max(0, index - NEAR), index + NEAR + 1).some((row) => row.kind !== "same")
    );
    const found = [];
    rows.forEach((row, index) => {
        const last = found.at(-1);
        if (last && last.folded === !near[index]) {
            last.rows.push(row);
        } else {
            found.push({ folded: !near[index], first: index, rows: [row] });
        }
    });
    return found.map((part) => ({ ...part, folded: part.folded && part.rows.length >= WORTH }));
}

/** Two versions of an article side by side; on a phone below each other. */
export class VersionDiff extends Component {
    static template = "ops_handbook.VersionDiff";
    // see the reader's view: no list stands before it
    static path = "handbook-history";
    static displayName = _t("History");
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const { params = {} } = this.props.action;
        this.state = useState({ data: null, open: {}, busy: false });
        const asked = Number(this.props.resId || params.version_id || 0) || null;
        onWillStart(() => this.load(asked, Number(params.other_id || 0) || null));
    }

    async load(version, other) {
        this.state.busy = true;
        try {
            const data = await this.orm.call("ops.article.version", "get_comparison", [version, other]);
            for (const row of data.rows) {
                row.before = markup(row.before);
                row.after = markup(row.after);
            }
            this.state.data = data;
            this.state.open = {};
        } finally {
            this.state.busy = false;
        }
        if (this.state.data.after) {
            this.env.config.setDisplayName(_t("History: %s", this.state.data.article.name));
            this.props.updateActionState?.({ resId: this.state.data.after });
        }
    }

    // -- what is drawn --------------------------------------------------------------------------------------------

    get before() {
        return this.state.data.versions.find((item) => item.id === this.state.data.before);
    }

    get after() {
        return this.state.data.versions.find((item) => item.id === this.state.data.after);
    }

    get parts() {
        const { rows, changed } = this.state.data;
        return changed ? stretches(rows) : [{ folded: false, first: 0, rows }];
    }

    isFolded(part) {
        return part.folded && !this.state.open[part.first];
    }

    unfoldText(part) {
        return _t("%s unchanged paragraphs: show them", part.rows.length);
    }

    label(version) {
        const name = version.version ? _t("Version %s", version.version) : version.state_label;
        return version.published_on ? _t("%(name)s of %(date)s", { name, date: this.date(version.published_on) }) : name;
    }

    date(value) {
        return formatDate(value.length > 10 ? deserializeDateTime(value) : deserializeDate(value));
    }

    kindLabel(kind) {
        return { added: _t("Added"), removed: _t("Removed"), changed: _t("Changed"), same: "" }[kind];
    }

    get articleLink() {
        return articlePath(this.state.data.article.id);
    }

    // -- what people do -------------------------------------------------------------------------------------------

    choose(side, ev) {
        const id = Number(ev.target.value);
        const { before, after } = this.state.data;
        return side === "before" ? this.load(after, id) : this.load(id, before === id ? null : before);
    }

    /** A version against the one before it. */
    pick(version) {
        return this.load(version.id, null);
    }

    openArticle() {
        return this.action.doAction("ops_handbook.ops_article_reader_action", { props: { resId: this.state.data.article.id } });
    }
}

registry.category("actions").add("ops_handbook.version_diff", VersionDiff);
