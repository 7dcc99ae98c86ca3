import { FilePlugin } from "@html_editor/main/media/file_plugin";
import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { registry } from "@web/core/registry";
import { STANDARD_EMBEDDINGS } from "./live_standard";
import { StandardPlugin } from "./standard_plugin";

// a saved text keeps no embedded parts but ours: what it would drop without a word is not offered; a file is a link
const DROPPED = new Set(["embeddedFile", "embeddedVideo", "embeddedYoutube", "toggleBlock", "tableOfContent"]);
const DROPPED_PARTS = new Set(["file", "video", "toggleBlock", "tableOfContent"]); // pasted from elsewhere nothing here would run them

/** The editor of the handbook's texts: Odoo's own, with live standards. */
export class ArticleHtmlField extends HtmlField {
    getConfig() {
        const config = super.getConfig();
        config.Plugins = [...config.Plugins.filter((plugin) => !DROPPED.has(plugin.id)), FilePlugin, StandardPlugin];
        config.allowVideo = false;
        const kept = config.resources.embedded_components.filter((part) => !DROPPED_PARTS.has(part.name));
        config.resources.embedded_components = [...kept, ...STANDARD_EMBEDDINGS];
        return config;
    }

    getReadonlyConfig() {
        const config = super.getReadonlyConfig();
        config.embeddedComponents = [...config.embeddedComponents, ...STANDARD_EMBEDDINGS];
        return config;
    }
}

export const articleHtmlField = {
    ...htmlField,
    component: ArticleHtmlField,
    extractProps() {
        return { ...htmlField.extractProps(...arguments), embeddedComponents: true };
    },
};

registry.category("fields").add("ops_article_html", articleHtmlField);
