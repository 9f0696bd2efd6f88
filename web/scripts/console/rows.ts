// Rows of a form: add one, move one up, remove one, without asking the server. What a row's fields are called says where it
// stands, so that all are called anew after each change.

/** The attributes in which the place of a row is said. */
const placed = ["name", "id", "for", "value", "aria-describedby"];

/** Lets the buttons of the form's rows work at once. */
export function growRows(form: HTMLFormElement): void {
	for (const group of form.querySelectorAll<HTMLElement>("[data-rows]")) {
		group.addEventListener("click", (event) => {
			const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[name=do]") : null;
			const [does] = (button?.value ?? "").split(" ");
			if (button === null || !act(group, does ?? "", button.closest<HTMLElement>("[data-row]"))) {
				return; // the server does it
			}
			event.preventDefault();
			group.dispatchEvent(new Event("input", { bubbles: true }));
		});
	}
}

/** Does what a button says, or answers that it can't. */
function act(group: HTMLElement, does: string, row: HTMLElement | null): boolean {
	const rows = rowsOf(group);
	const last = rows.at(-1);
	if (does === "more" && last !== undefined) {
		const added = blankOf(last);
		last.after(added);
		number(group);
		focusOn(added);
		return true;
	}
	if (row === null) {
		return false;
	}
	const at = rows.indexOf(row);
	if (does === "up" && at > 0) {
		rows[at - 1]?.before(row);
		number(group);
		focusOn(row);
		return true;
	}
	if (does === "drop" && rows.length > 1) {
		const next = rows[at + 1] ?? rows[at - 1];
		row.remove();
		number(group);
		if (next !== undefined) {
			focusOn(next);
		}
		return true;
	}
	return false;
}

function rowsOf(group: HTMLElement): HTMLElement[] {
	return [...group.querySelectorAll<HTMLElement>("[data-row]")];
}

/** Gives a row like another one in which nothing is typed yet. */
function blankOf(row: HTMLElement): HTMLElement {
	const copy = row.cloneNode(true) as HTMLElement;
	for (const hidden of copy.querySelectorAll("input[type=hidden], .fault")) {
		hidden.remove();
	}
	for (const field of copy.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")) {
		field.value = "";
		field.removeAttribute("aria-invalid");
		field.removeAttribute("autofocus");
	}
	return copy;
}

/** Says anew in each row where it stands. */
function number(group: HTMLElement): void {
	const name = group.dataset["rows"] ?? "";
	rowsOf(group).forEach((row, i) => {
		const before = row.dataset["row"] ?? "";
		const now = `${name}.${i}`;
		for (const element of row.querySelectorAll("*")) {
			for (const attribute of placed) {
				const said = element.getAttribute(attribute);
				if (said !== null && (attribute !== "value" || element instanceof HTMLButtonElement)) {
					element.setAttribute(attribute, moved(said, before, now));
				}
			}
		}
		const was = row.getAttribute("aria-label") ?? "";
		const title = was.replace(/\d+/, String(i + 1));
		row.setAttribute("aria-label", title);
		for (const button of row.querySelectorAll<HTMLButtonElement>("button[name=do]")) {
			button.setAttribute("aria-label", (button.getAttribute("aria-label") ?? "").replace(was, title));
			if (button.value.startsWith("up ")) {
				button.disabled = i === 0;
			}
		}
		row.dataset["row"] = now;
	});
}

/** Puts the new place of a row into what an attribute says: words that are the place, or begin with it. */
function moved(said: string, before: string, now: string): string {
	return said.split(" ").map((word) => (word === before || word.startsWith(before + ".") ? now + word.slice(before.length) : word)).join(" ");
}

function focusOn(row: HTMLElement): void {
	row.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select")?.focus();
}
