import { announce, asked, bar, button, count, hush, items, names, narrowed, notice, say, type Item } from "./page";
import { fold, has } from "./fold";
import { isStarred, onStars } from "./star";

const field = document.querySelector<HTMLInputElement>("input[name=q]");
const form = field?.form;
const mineButton = bar.querySelector<HTMLElement>("button[data-do=mine]");
let mine = false;

const texts = new Map<Item, string>();

function textOf(item: Item): string {
	let text = texts.get(item);
	if (text === undefined) {
		texts.set(item, (text = fold(`${item.code} ${item.el.textContent}`)));
	}
	return text;
}

function chosen(name: string): string {
	return form?.querySelector<HTMLSelectElement>(`select[name=${name}]`)?.value ?? "";
}

/** Shows what is wanted of what is on the page, and says how much it is. */
function show(): void {
	const query = fold(field?.value.trim() ?? ""), want = Object.fromEntries(names.map((name) => [name, chosen(name)]));
	const narrow = !narrowed && (query || names.some((name) => want[name]));
	const shown = new Set<string>(), all = new Set<string>();
	for (const item of items) {
		const d = item.el.dataset;
		// What was starred until now stays while the focus is on it.
		item.el.hidden = (mine && !isStarred(item.id) && !item.el.contains(document.activeElement)) || (query !== "" && !has(textOf(item), query)) ||
			names.some((name) => want[name] && (name === "language" ? !(d.language + " " + (d.into ?? "")).split(" ").includes(want[name]!) : d[name] !== want[name] && (name !== "room" || d.room)));
		all.add(item.id);
		if (!item.el.hidden) {
			shown.add(item.id);
		}
	}
	for (const part of document.querySelectorAll<HTMLElement>("section.day, section.place")) {
		const within = [...part.querySelectorAll<HTMLElement>("[data-panel]")];
		part.hidden = (!!narrow || mine || query !== "") && within.every((el) => el.hidden);
		const link = document.querySelector<HTMLElement>(`.days a[href="#${part.getAttribute("aria-labelledby")}"]`)?.parentElement;
		if (link) {
			link.hidden = part.hidden;
		}
	}
	if (narrow || (mine && !shown.size) || (query && field?.value !== field?.defaultValue)) {
		found(shown.size, all.size);
	} else {
		hush("found");
		announce(mine ? count("found", shown.size, { all: all.size }) : count("all", all.size));
	}
}

function found(n: number, all: number): void {
	const text = mine && n === 0 && !field?.value ? say("mine_none") : n ? count("found", n, { all }) : say("found_none");
	const clear = button(say("clear"), "tool", () => {
		form?.querySelectorAll<HTMLSelectElement>("select").forEach((select) => (select.value = ""));
		if (field) {
			field.value = "";
		}
		setMine(false);
	});
	notice("found", text, clear).querySelector(".close")?.remove();
}

function setMine(is: boolean): void {
	mine = is;
	if (mineButton) {
		mineButton.ariaPressed = String(is);
		document.documentElement.toggleAttribute("data-mine", is);
	}
	show();
}

/** Narrows the agenda while one types and chooses, and to what is starred. */
export function startFind(): void {
	let late = 0;
	field?.addEventListener("input", () => {
		clearTimeout(late);
		late = setTimeout(show, 120);
	});
	for (const select of form?.querySelectorAll("select") ?? []) {
		select.addEventListener("change", () => (narrowed ? form!.requestSubmit() : show()));
	}
	addEventListener("keydown", (e) => {
		if (field && e.key === "/" && !e.ctrlKey && !e.metaKey && !e.altKey && !(e.target as Element).closest("input, select, textarea")) {
			e.preventDefault();
			const box = field.closest("details");
			if (box) {
				box.open = true;
			}
			field.select();
			field.focus();
		}
	});
	mineButton?.addEventListener("click", () => {
		if (narrowed) {
			location.href = bar.dataset.agenda + "#mine";
		} else {
			setMine(!mine);
		}
	});
	onStars(() => mine && show());
	const open = () => {
		if (mineButton && location.hash === "#mine") {
			setMine(true);
		}
	};
	addEventListener("hashchange", open);
	open();
	if (!narrowed) { // a copy: what its address asks for is left to do here
		for (const input of form?.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[name=q], select") ?? []) {
			input.value = asked.get(input.name) ?? input.value;
		}
	}
	if (!narrowed && (field?.value || names.some(chosen))) { // what browsers fill in again when one comes back
		show();
	}
}
