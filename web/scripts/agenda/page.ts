import type { Span } from "./overlap";

const html = document.documentElement.dataset;

/** What the page says of its event: the path of its address, its zone. */
export const home = html.home ?? "/";
export const zone = html.zone ?? "UTC";

/** Where the controls of this script stand. */
export const bar = document.querySelector<HTMLElement>("[data-reader]")!;

const words: Record<string, string> = JSON.parse(bar.dataset.words!);

/** The words for a key, with what stands in their braces. */
export function say(key: string, put: Record<string, string | number> = {}): string {
	return (words["reader_" + key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(put[name] ?? ""));
}

/** The words for so many, in the plural of the page's language. */
export function count(key: string, n: number, put: Record<string, string | number> = {}): string {
	const lang = document.documentElement.lang;
	return say(key + ((lang === "en" && n === 1) || (lang === "fr" && n < 2) ? "_one" : "_other"), { n, ...put });
}

/** By what the form of the agenda narrows it, besides words. */
export const names = ["track", "room", "language", "format"] as const;

/** What the address asks for. */
export const asked = new URLSearchParams(location.search);

/** Whether the server has left items out, which therefore can't be shown here. The copy of a page that is kept has all of them,
 * whatever its address asks for. */
export const narrowed = document.querySelector(".found") !== null;

/** An item of the agenda on the page. */
export interface Item extends Span {
	el: HTMLElement;
	code: string;
	mark: string;
	title: string;
}

export const items: Item[] = [...document.querySelectorAll<HTMLElement>("[data-panel]")].map((el) => {
	const [from, to] = el.querySelectorAll<HTMLTimeElement>("time[datetime]");
	const d = el.dataset;
	return {
		el, id: d.panel!, code: d.code!, mark: d.mark!, room: d.room ?? "", off: el.matches(".off, :has(h1 > s)"),
		start: Date.parse(from?.dateTime ?? ""), end: Date.parse(to?.dateTime ?? ""),
		title: (el.querySelector("h1") ?? el.querySelector("h3 a, h4 a"))?.firstChild?.textContent?.trim() ?? d.code!,
	};
});

/** Puts a badge on an item, before what it says first; a kind of badge is there once. */
export function badge(item: Item, kind: string, text: string): void {
	item.el.querySelector("." + kind)?.remove();
	if (text) {
		(item.el.querySelector(".kind") ?? item.el.querySelector("h1, h3, h4"))?.prepend(make("strong", "badge " + kind, text), " ");
	}
}

/** Scrolls to an item and puts the focus on it. */
export function go(el: HTMLElement): void {
	el.scrollIntoView({ block: "center" });
	el.querySelector<HTMLElement>("h3 a, h4 a")?.focus({ preventScroll: true });
}

/** Makes an element. */
export function make<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, ...inner: (Node | string)[]): HTMLElementTagNameMap[K] {
	const el = document.createElement(tag);
	el.className = name;
	el.append(...inner);
	return el;
}

export function button(text: string, name: string, act: () => void): HTMLButtonElement {
	const b = make("button", name, text);
	b.type = "button";
	b.addEventListener("click", act);
	return b;
}

const status = bar.querySelector("[role=status]")!;

/** Says something to who does not see the page. */
export function announce(text: string): void {
	status.textContent = text;
}

const notices = bar.querySelector(".notices")!;

/** Shows a notice of a kind above the controls, in the place of the one of its kind before; it can be put away. */
export function notice(kind: string, text: string, ...inner: Node[]): HTMLElement {
	hush(kind);
	const close = button("×", "close", () => {
		el.remove();
		bar.querySelector<HTMLElement>(".tools button, .tools a")?.focus();
	});
	close.ariaLabel = say("close");
	const el = make("div", "told", make("p", "", text), ...inner, close);
	el.dataset.kind = kind;
	notices.append(el);
	announce(text);
	return el;
}

/** Takes the notice of a kind away. */
export function hush(kind: string): void {
	notices.querySelector(`[data-kind=${kind}]`)?.remove();
}
