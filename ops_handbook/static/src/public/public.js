/* Comfort only: the pages work without it. */
(function () {
    "use strict";
    const MOST = 6;
    // the page says it, so that it is said in its language
    const said = (id) => document.getElementById(id)?.textContent || "";
    document.documentElement.classList.add("js");

    // what was chosen, and taken off again: kept in the second field, which is the one that is sent
    function photos() {
        const inputs = ["camera", "photos"].map((id) => document.getElementById(id)).filter(Boolean);
        const list = document.getElementById("preview");
        if (inputs.length < 2 || !list || !window.DataTransfer) {
            document.documentElement.classList.toggle("js", !inputs.length);
            return;
        }
        const [camera, gallery] = inputs;
        let chosen = [];
        const show = () => {
            const transfer = new DataTransfer();
            list.replaceChildren(...chosen.map((file, index) => {
                transfer.items.add(file);
                const item = document.createElement("li");
                const image = document.createElement("img");
                image.src = URL.createObjectURL(file);
                image.alt = file.name;
                image.onload = () => URL.revokeObjectURL(image.src);
                const button = document.createElement("button");
                button.type = "button";
                button.textContent = "×";
                button.setAttribute("aria-label", `${said("say_remove")} ${index + 1}`);
                button.onclick = () => {
                    chosen.splice(index, 1);
                    show();
                    gallery.focus();
                };
                item.append(image, button);
                return item;
            }));
            gallery.files = transfer.files;
            list.hidden = !chosen.length;
        };
        const add = (event) => {
            const files = [...event.target.files];
            if (chosen.length + files.length > MOST) {
                window.alert(said("say_many"));
            }
            chosen = [...chosen, ...files].slice(0, MOST);
            camera.value = "";
            show();
        };
        camera.onchange = add;
        gallery.onchange = add;
    }

    // pressing twice sends once; the server would file it once anyway
    function sending() {
        for (const form of document.querySelectorAll("form")) {
            form.addEventListener("submit", (event) => {
                const button = form.querySelector("button[type=submit]");
                if (button.hasAttribute("aria-disabled")) {
                    event.preventDefault();
                    return;
                }
                button.setAttribute("aria-disabled", "true");
                button.dataset.label = button.textContent;
                button.textContent = said("say_busy");
            });
        }
        window.addEventListener("pageshow", () => {
            for (const button of document.querySelectorAll("button[aria-disabled]")) {
                button.removeAttribute("aria-disabled");
                button.textContent = button.dataset.label;
            }
        });
    }

    function copying() {
        const button = document.getElementById("copy");
        const link = document.getElementById("link");
        if (!button || !link) {
            return;
        }
        button.hidden = false;
        button.onclick = async () => {
            link.select();
            try {
                await navigator.clipboard.writeText(link.value);
            } catch {
                document.execCommand("copy"); // plain http
            }
            button.textContent = said("say_done");
        };
    }

    const error = document.getElementById("error");
    if (error) {
        error.focus();
    }
    photos();
    sending();
    copying();
})();
