import { Component, markup, onMounted, onWillStart, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ReaderContents } from "./reader_contents";
import { rateTone } from "../result_badge/rate_tone";
import { articleOfLink, articlePath, decorate } from "./reader_text";

const PASSAGE = 2000; // characters of a selected passage that go into a proposal

/** The handbook as people read it: contents, text, the rules behind it, and what the reader can do about it. */
export class HandbookReader extends Component {
    static template = "ops_handbook.HandbookReader";
    // opened by its address the web client would look for a list before it, and leave that without a name in the breadcrumb
    static path = "handbook";
    static displayName = _t("Handbook");
    static components = { ReaderContents };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.text = useRef("text");
        this.main = useRef("main");
        const known = this.props.state?.reader;
        const { context = {}, params = {} } = this.props.action;
        this.asked = {
            article: Number(this.props.resId || known?.article || params.article_id || 0) || null,
            handbook: Number(known?.handbook || params.handbook_id || context.default_handbook_id || 0) || null,
            lang: known?.lang || null,
        };
        this.state = useState({ page: null, drawn: 0, busy: false, drawer: false, query: "", here: "" });
        this.passage = "";
        this.scrollAtFirst = known?.scroll;
        // links in mails: /odoo/handbook/12?compare=34 shows what changed; asked now, the address is written anew at once
        const compare = known ? 0 : Number(router.current.compare) || 0;
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({ reader: { ...this.asked, scroll: this.main.el?.scrollTop } }),
        });
        useExternalListener(document, "selectionchange", this.onSelect.bind(this));
        useExternalListener(window, "hashchange", () => this.scrollToHash());
        onWillStart(() => this.load());
        useEffect(
            () => this.dress(),
            () => [this.state.page, this.text.el]
        );
        useEffect(
            () => this.enterDrawer(),
            () => [this.state.drawer]
        );
        onMounted(() => {
            if (compare) {
                this.compare(compare, { stackPosition: "replaceCurrentAction" });
            } else if (!this.scrollToHash() && this.scrollAtFirst) {
                this.main.el.scrollTop = this.scrollAtFirst;
            }
        });
    }

    // -- data ---------------------------------------------------------------------------------------------------

    async load() {
        this.state.busy = true;
        try {
            const { article, handbook, lang } = this.asked;
            const page = await this.orm.call("ops.article", "get_page", [article, handbook, lang]);
            if (page.article.text) {
                page.article.text.body = markup(page.article.text.body);
            }
            this.state.page = page;
            this.state.drawn++; // what is done to the text by hand goes with its element
            this.state.here = "";
            this.passage = "";
        } finally {
            this.state.busy = false;
        }
        const { article, handbook } = this.state.page;
        this.env.config.setDisplayName(article ? this.titleOf(article) : handbook.name || _t("Handbook"));
        // without the id by which another screen called us: the address names the article alone
        this.props.updateActionState?.({ resId: article ? article.id : false, active_id: false });
    }

    /** Show another article, or the cover of a handbook; the address follows. */
    async go(article, { handbook = null, hash = "", lang = null } = {}) {
        this.state.drawer = false;
        this.asked = { article, handbook, lang };
        await this.load();
        if (hash) {
            // after the router, which writes its address at the next turn
            browser.setTimeout(() => {
                browser.history.replaceState(browser.history.state, "", `#${encodeURIComponent(hash)}`);
                this.scrollToHash();
            });
        } else if (this.main.el) {
            this.main.el.scrollTop = 0;
            this.main.el.querySelector("h1")?.focus({ preventScroll: true });
        }
    }

    // -- what is drawn --------------------------------------------------------------------------------------------

    get article() {
        return this.state.page.article;
    }

    titleOf(article) {
        return [article.number, article.name].filter(Boolean).join(" ");
    }

    /** An article of the contents by its id. */
    entry(id) {
        return this.state.page.tree.find((item) => item.id === id);
    }

    get parts() {
        return this.article.parts.map((id) => this.entry(id));
    }

    get path() {
        return this.article.path.map((id) => this.entry(id));
    }

    get toRead() {
        return this.state.page.tree.filter((item) => item.unread);
    }

    get unreadText() {
        return _t("%s to be confirmed", this.state.page.unread);
    }

    get chapters() {
        return this.state.page.tree.filter((item) => item.level === 1);
    }

    link(id, hash = "") {
        return articlePath(id, hash);
    }

    /** "Version 3 · 5 March 2027 · published by …" */
    get facts() {
        const { text } = this.article;
        return [
            _t("Version %s", text.version),
            text.published_on && formatDate(deserializeDateTime(text.published_on)),
            text.published_by && _t("published by %s", text.published_by),
            this.article.owner && _t("kept by %s", this.article.owner),
        ].filter(Boolean).join(" · ");
    }

    /** The name of a language in that language: "Chinese, Simplified / 简体中文" → "简体中文". */
    langName(lang) {
        return lang.name.split("/").at(-1).trim();
    }

    date(value) {
        return formatDate(deserializeDateTime(value));
    }

    get headingLevel() {
        return Math.min(...this.article.text.headings.map((heading) => heading.level));
    }

    rateTone(rate) {
        return rateTone(rate);
    }

    rateText(rate) {
        return _t("%s % in time", rate.toLocaleString(undefined, { maximumFractionDigits: 1 }));
    }

    // -- the text ---------------------------------------------------------------------------------------------------

    /** Give the text what only the screen needs: buttons beside headings, tables that scroll, the heading one reads. */
    dress() {
        const el = this.text.el;
        if (!el) {
            return;
        }
        const undress = decorate(el, {
            copy: _t("Copy the link to this heading"),
            table: _t("Table"),
            onCopy: (hash) => this.copyLink(hash),
        });
        const headings = [...el.querySelectorAll("[id^='s-']")];
        const observer = new IntersectionObserver(() => this.markHere(headings), {
            root: this.main.el, rootMargin: "0px 0px -70% 0px",
        });
        headings.forEach((heading) => observer.observe(heading));
        return () => {
            observer.disconnect();
            undress();
        };
    }

    markHere(headings) {
        const top = this.main.el?.getBoundingClientRect().top ?? 0;
        const passed = headings.filter((heading) => heading.getBoundingClientRect().top - top < 120);
        this.state.here = passed.at(-1)?.id || "";
    }

    /** Bring the heading that the address names into view. Returns whether there is one. */
    scrollToHash() {
        let hash = browser.location.hash.slice(1);
        try {
            hash = decodeURIComponent(hash);
        } catch {
            return false; // not an address of ours
        }
        const target = hash && this.text.el?.querySelector(`#${CSS.escape(hash)}`);
        if (target) {
            target.scrollIntoView({ block: "start" });
            target.setAttribute("tabindex", "-1");
            target.focus({ preventScroll: true });
        }
        return Boolean(target);
    }

    onSelect() {
        const selection = document.getSelection();
        if (!selection.rangeCount || !this.text.el?.contains(selection.getRangeAt(0).commonAncestorContainer)) {
            return; // what was selected stays so while one presses a button
        }
        this.passage = selection.toString().trim().slice(0, PASSAGE);
    }

    /** Links to other articles open here, without leaving the screen. */
    onTextClick(ev) {
        const anchor = ev.target.closest("a[href]");
        if (!anchor || ev.button || ev.ctrlKey || ev.metaKey || ev.shiftKey || anchor.target === "_blank") {
            return;
        }
        const found = articleOfLink(anchor.href);
        if (found) {
            ev.preventDefault();
            this.go(found.id, { hash: found.hash });
        }
    }

    onLink(ev, id, options) {
        if (ev.button || ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return; // a new tab
        }
        ev.preventDefault();
        return this.go(id, options);
    }

    // -- what people do -------------------------------------------------------------------------------------------

    async copyLink(hash = "") {
        const url = browser.location.origin + this.link(this.article.id, hash);
        try {
            await browser.navigator.clipboard.writeText(url);
            this.notification.add(_t("The link is in the clipboard."), { type: "success" });
        } catch {
            this.notification.add(url, { title: _t("Copy this link"), sticky: true });
        }
    }

    async confirm() {
        this.state.busy = true;
        try {
            await this.orm.call("ops.article.reading", "action_confirm", [[this.article.reading.id]]);
            this.notification.add(_t("Thank you. It is noted that you have read this."), { type: "success" });
        } finally {
            this.state.busy = false;
        }
        await this.load();
    }

    async propose() {
        const action = await this.orm.call("ops.article", "action_propose", [[this.article.id]]);
        const passage = this.passage ? { default_passage: this.passage } : {};
        return this.action.doAction({ ...action, context: { ...action.context, ...passage } });
    }

    async revise() {
        const code = this.article.langs.find((lang) => lang.current)?.code;
        return this.action.doAction(await this.orm.call("ops.article", "action_revise", [[this.article.id]], code ? { lang: code } : {}));
    }

    /** Show what a version changed. */
    compare(version, options = {}) {
        return this.action.doAction("ops_handbook.ops_article_version_diff_action", { props: { resId: version }, ...options });
    }

    history() {
        return this.compare(this.article.text.id);
    }

    async openRule(code) {
        return this.action.doAction(await this.orm.call("ops.standard", "action_open_live", [code]));
    }

    print(name, id) {
        return this.action.doAction(name, { additionalContext: { active_id: id, active_ids: [id] } });
    }

    printSheet() {
        return this.print("ops_handbook.ops_article_qr_action", this.article.id);
    }

    search() {
        const query = this.state.query.trim();
        return this.action.doAction(this.state.page.search, {
            additionalContext: { search_query: query }, props: { query },
        });
    }

    chooseHandbook(ev) {
        return this.go(null, { handbook: Number(ev.target.value) });
    }

    chooseLang(code) {
        return this.go(this.article.id, { lang: code });
    }

    toggleDrawer(open = !this.state.drawer) {
        this.state.drawer = open;
        if (!open) {
            this.root.el.querySelector(".o_ops_reader_menu")?.focus();
        }
    }

    /** Whoever opens the contents with the keyboard goes on there. */
    enterDrawer() {
        if (this.state.drawer) {
            const side = this.root.el.querySelector(".o_ops_reader_side");
            (side.querySelector("[aria-current]") || side.querySelector("a"))?.focus();
        }
    }

    onKeydown(ev) {
        if (ev.key === "Escape" && this.state.drawer) {
            ev.preventDefault();
            this.toggleDrawer(false);
        }
    }
}

registry.category("actions").add("ops_handbook.reader", HandbookReader);
