import type { Panel } from "./model";
import { clock, comes, range } from "./model";
import { reasons, roomName, tally } from "./sentence";
import type { Sheet } from "./sheet";
import { el, say } from "./words";

// Card is how a panel looks, on the grid or in the tray.
export interface Card {
	item: HTMLLIElement;
	button: HTMLButtonElement;
	column: string; // where it is on the grid
	drawn: string; // what it was drawn of
}

// LINE is the height of a line of a card and EDGE what its border and padding take, in pixels at the usual size of letters.
const LINE = 17;
const EDGE = 7;

export function newCard(id: string, resizable: boolean): Card {
	const button = el("button", { type: "button", class: "tt-card", "data-id": id, tabindex: "-1" });
	const item = el("li", { class: "tt-item" }, button, resizable && el("span", { class: "tt-grip", "data-grip": id, "aria-hidden": "true" }));
	return { item, button, column: "", drawn: "" };
}

// stateOf gives what is said of a panel besides its place: in words, never by its looks alone.
function stateOf(p: Panel): string[] {
	return [p.cancelled && say("cancelled"), p.unconfirmed && !p.cancelled && say("unconfirmed")].filter((s): s is string => s !== false);
}

// fillCard writes what stands on a card, if it is not what stands there. Its height is in pixels, in the tray it has none; one that
// shares its column with others is narrow.
export function fillCard(card: Card, sheet: Sheet, p: Panel, height: number | undefined, narrow = false): void {
	const found = sheet.conflicts(p.id);
	const said = reasons(sheet, found, p.id);
	const lines = height === undefined ? 6 : Math.max(1, Math.floor((height - EDGE) / (LINE * rem())));
	const drawn = JSON.stringify([p.title, p.lang, p.code, p.day, p.start, p.dur, p.room, p.track, p.cancelled, p.unconfirmed, p.people, said, lines, narrow]);
	if (drawn === card.drawn) {
		return;
	}
	card.drawn = drawn;
	const who = p.people.filter(comes).map((part) => sheet.people.get(part.id) ?? "").filter(Boolean);
	const state = stateOf(p);
	const flag = found.length > 0 && el("span", { class: "tt-flag" + (found.some((c) => c.severity === "error") ? " bad" : "") },
		...(narrow ? [String(found.length), el("span", { class: "tt-far" }, " " + tally(found))] : [tally(found)]));
	const time = p.day === "" ? (p.dur > 0 ? say("minutes", { n: p.dur }) : "") : lines > 2 && !narrow ? range(p) : clock(p.start);
	let left = lines - 1 - (lines > 2 && state.length > 0 ? 1 : 0);
	const why = lines > 3 && said.length > 0 && p.day !== "" ? Math.min(3, Math.max(1, Math.floor((left - 1) / 2.5))) : 0;
	left -= why;
	const names = who.length > 0 && left > 1 ? 1 : 0;
	const title = el("bdi", { class: "tt-title", lang: p.lang || null }, p.title || p.code);
	title.style.setProperty("--lines", String(Math.max(1, left - names)));
	const reasonText = el("span", { class: found.some((c) => c.severity === "error") ? "tt-why bad" : "tt-why" }, said.join(" · "));
	reasonText.style.setProperty("--lines", String(Math.max(1, why)));
	card.button.replaceChildren(
		el("span", { class: "tt-when" }, time && el("span", { class: "tt-time" }, time), " ", el("span", { class: flag || narrow ? "tt-far" : "tt-code" }, p.code), " ", flag || ""),
		" ", title,
		" ", el("span", { class: names > 0 ? "tt-who" : "tt-far" }, who.join(", ")),
		" ", el("span", { class: lines > 2 ? "tt-state" : "tt-far" }, state.join(" · ")),
		" ", why > 0 ? reasonText : el("span", { class: "tt-far" }, said.join(". ")),
	);
	const set = card.button.classList;
	set.toggle("short", lines < 2);
	set.toggle("narrow", narrow);
	set.toggle("break", p.break);
	set.toggle("cancelled", p.cancelled);
	set.toggle("unconfirmed", p.unconfirmed && !p.cancelled);
	set.toggle("clash", found.some((c) => c.severity === "error"));
	card.button.title = [p.title, p.day === "" ? "" : range(p) + " " + roomName(sheet, p), who.join(", "), ...state, ...said].filter(Boolean).join("\n");
	const color = sheet.colors.get(p.track);
	card.button.style.setProperty("--track", color || "var(--quiet)");
}

let size = 0;

// rem tells how much larger than usual letters are.
function rem(): number {
	size ||= parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
	return size;
}
