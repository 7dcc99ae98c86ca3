/** The text of an article in the page: links, anchors, tables. No component: what it does to the text can be tested alone. */

import { browser } from "@web/core/browser/browser";

export const PATH = "/odoo/handbook";

/**
 * The address of an article, or of a heading in it.
 *
 * @param {number|null} id null: the handbook
 * @param {string} [hash] anchor of a heading
 */
export function articlePath(id, hash = "") {
    return (id ? `${PATH}/${id}` : PATH) + (hash ? `#${encodeURIComponent(hash)}` : "");
}

/**
 * The article to which a link leads.
 *
 * @param {string} href an absolute address
 * @param {Location|URL} [here] where the page is
 * @returns {{id: number, hash: string}|null} null when it leads elsewhere
 */
export function articleOfLink(href, here = browser.location) {
    let url;
    try {
        url = new URL(href, here.href);
    } catch {
        return null;
    }
    const found = url.origin === here.origin && url.pathname.match(/^\/odoo\/(?:handbook|ops\.article)\/(\d+)$/);
    if (!found || url.pathname === here.pathname) {
        return null; // within this article the browser knows the way
    }
    let hash = url.hash.slice(1);
    try {
        hash = decodeURIComponent(hash);
    } catch {
        hash = "";
    }
    return { id: Number(found[1]), hash };
}

/**
 * Give a text what only the screen needs: a button beside each heading that copies its link, and tables that scroll in themselves.
 *
 * @param {HTMLElement} root
 * @param {{copy: string, table: string, onCopy: (hash: string) => void}} options words for the buttons and tables
 * @returns {() => void} takes it away again
 */
export function decorate(root, { copy, table, onCopy }) {
    const added = [];
    for (const heading of root.querySelectorAll(":is(h1, h2, h3, h4, h5, h6)[id]")) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn o_ops_anchor";
        button.title = copy;
        button.setAttribute("aria-label", `${copy}: ${heading.textContent.trim()}`);
        const icon = document.createElement("i");
        icon.className = "fa fa-link";
        icon.setAttribute("aria-hidden", "true");
        button.append(icon);
        button.addEventListener("click", () => onCopy(heading.id));
        heading.append(button);
        added.push(button);
    }
    for (const found of root.querySelectorAll("table")) {
        if (found.parentElement.closest("table, .o_ops_wide")) {
            continue;
        }
        const box = document.createElement("div");
        box.className = "o_ops_wide";
        box.tabIndex = 0; // the keyboard scrolls it too
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", found.caption?.textContent.trim() || table);
        found.before(box);
        box.append(found);
    }
    for (const image of root.querySelectorAll("img")) {
        image.loading = "lazy";
        if (!image.hasAttribute("alt")) {
            image.alt = "";
        }
    }
    return () => added.forEach((button) => button.remove());
}
