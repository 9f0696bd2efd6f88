import { announce, bar, button, count, hush, items, make, notice, say, type Item } from "./page";
import { keep, onKept, recall } from "./keep";
import { between } from "./overlap";
import { listOf } from "./stars";

let stars = new Set(listOf(recall("stars")));
const then: (() => void)[] = [];

/** The ids of the panels that this device has starred, some of which may not be on the page. */
export function starred(): string[] {
	return [...stars];
}

export function isStarred(id: string): boolean {
	return stars.has(id);
}

/** Asks to be told after each change of the stars. */
export function onStars(f: () => void): void {
	then.push(f);
}

/** Puts other stars in the place of those that are. */
export function setStars(ids: string[]): void {
	stars = new Set(ids);
	keep("stars", ids);
	show();
}

const buttons = new Map<Item, HTMLButtonElement>();

function toggle(item: Item): void {
	const ids = stars.has(item.id) ? starred().filter((id) => id !== item.id) : [...stars, item.id];
	setStars(ids);
	const clash = between(items.filter((i) => stars.has(i.id))).get(item.id)?.overlaps ?? [];
	if (stars.has(item.id) && clash.length) {
		notice("clash", overlap(clash));
	} else {
		hush("clash");
		announce(say(stars.has(item.id) ? "starred" : "unstarred", { title: item.title }) + " " + count("chosen", stars.size));
	}
}

function titleOf(id: string): string {
	return items.find((i) => i.id === id)?.title ?? "";
}

function overlap(ids: string[]): string {
	return say("overlaps", { titles: ids.map(titleOf).join(" · ") });
}

/** Says below each starred item what it clashes with, and how long it is until the next. */
function show(): void {
	for (const el of document.querySelectorAll(".after")) {
		el.remove();
	}
	const said = between(items.filter((i) => stars.has(i.id)));
	for (const [item, b] of buttons) {
		b.ariaPressed = String(stars.has(item.id));
		item.el.classList.toggle("starred", stars.has(item.id));
		const after = said.get(item.id);
		if (!after || item.el.tagName === "ARTICLE") {
			continue;
		}
		const into = item.el.querySelector(".what") ?? item.el;
		if (after.overlaps.length) {
			into.append(make("p", "after clash", overlap(after.overlaps)));
		}
		if (after.next && (after.minutes || after.elsewhere) && !said.get(item.id)!.overlaps.length) {
			const h = Math.floor(after.minutes / 60), m = after.minutes % 60;
			const until = h ? say("hours", { h, m: String(m).padStart(2, "0") }) : say("minutes", { m });
			into.append(make("p", "after gap", say(after.elsewhere ? "until_elsewhere" : "until", { until, title: titleOf(after.next) })));
		}
	}
	for (const el of bar.querySelectorAll(".count")) {
		el.textContent = String(stars.size);
	}
	for (const f of then) {
		f();
	}
}

/** Puts a star on each item. Styles keep its place free, so that nothing moves. */
export function startStars(): void {
	for (const item of items) {
		const b = button("", "star", () => toggle(item));
		b.ariaLabel = say("star", { title: item.title });
		buttons.set(item, b);
		(item.el.querySelector("h1, h3, h4") ?? item.el).after(b);
	}
	onKept("stars", () => {
		stars = new Set(listOf(recall("stars")));
		show();
	});
	show();
}
