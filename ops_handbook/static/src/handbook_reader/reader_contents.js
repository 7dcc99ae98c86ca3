import { Component, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { articlePath } from "./reader_text";

const UNFOLDED = 40; // articles up to which the contents are unfolded at first

/**
 * The rows of the contents that are drawn.
 *
 * @param {Object[]} tree articles in reading order, each with `id`, `parent`, `level`
 * @param {(id: number) => boolean} isOpen
 * @returns {{item: Object, isParent: boolean}[]}
 */
export function visibleRows(tree, isOpen) {
    const parents = new Set(tree.map((item) => item.parent).filter(Boolean));
    const shown = new Set();
    return tree
        .filter((item) => {
            const visible = !item.parent || (shown.has(item.parent) && isOpen(item.parent));
            if (visible) {
                shown.add(item.id);
            }
            return visible;
        })
        .map((item) => ({ item, isParent: parents.has(item.id) }));
}

/**
 * The ids of what stands above an article.
 *
 * @param {Object[]} tree
 * @param {number} id
 */
export function pathTo(tree, id) {
    const parents = Object.fromEntries(tree.map((item) => [item.id, item.parent]));
    const path = [];
    for (let key = parents[id]; key && !path.includes(key); key = parents[key]) {
        path.unshift(key);
    }
    return path;
}

/** The contents of a handbook: numbers, what one reads now, what one still has to read. */
export class ReaderContents extends Component {
    static template = "ops_handbook.ReaderContents";
    static props = { tree: Array, current: [Number, Boolean], go: Function };

    setup() {
        this.root = useRef("root");
        this.state = useState({ open: {} });
        this.unfold(this.props);
        onWillUpdateProps((next) => this.unfold(next));
        useEffect(
            () => {
                this.root.el?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
            },
            () => [this.props.current]
        );
    }

    /** What one reads is seen; a small handbook is seen as a whole at first. */
    unfold({ tree, current }) {
        if (this.known !== tree[0]?.id && tree.length <= UNFOLDED) {
            tree.forEach((item) => (this.state.open[item.id] = true));
        }
        this.known = tree[0]?.id;
        for (const id of [...pathTo(tree, current), current]) {
            if (id) {
                this.state.open[id] = true;
            }
        }
    }

    get rows() {
        return visibleRows(this.props.tree, (id) => Boolean(this.state.open[id]));
    }

    toggle(id) {
        this.state.open[id] = !this.state.open[id];
    }

    partsText(item) {
        return _t("Parts of %s", item.name);
    }

    link(id) {
        return articlePath(id);
    }

    onClick(ev, id) {
        if (ev.button || ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return; // a new tab
        }
        ev.preventDefault();
        this.props.go(id);
    }
}
