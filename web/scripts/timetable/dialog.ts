import { clock, LONGEST, readClock } from "./model";
import type { Panel, Place } from "./model";
import type { Problem } from "./outbox";
import { graded, tally, where } from "./sentence";
import type { Desk } from "./desk";
import { dayName, el, say } from "./words";

// Windows that ask: where a panel is to go, whose move is to stand, what a new panel is. They are made of elements and text.

let nth = 0;

// open shows a window and gives it; what has the focus gets it back when it is closed.
export function open(title: string, ...inside: (Node | string | false | undefined)[]): HTMLDialogElement {
	const id = "tt-dialog-" + nth++;
	const head = el("h2", { id, tabindex: "-1" }, title);
	const shown = el("dialog", { class: "tt-dialog", "aria-labelledby": id }, head, ...inside);
	document.getElementById("timetable")!.append(shown);
	shown.addEventListener("close", () => shown.remove());
	shown.addEventListener("click", (event) => {
		if (event.target === shown && !shown.classList.contains("must")) {
			shown.close();
		}
	});
	shown.showModal();
	return shown;
}

export function button(label: string, run: () => void, kind = ""): HTMLButtonElement {
	const made = el("button", { type: "button", class: kind }, label);
	made.addEventListener("click", run);
	return made;
}

// Field is a control with its label and what is wrong with it.
class Field<T extends HTMLInputElement | HTMLSelectElement> {
	readonly root: HTMLElement;
	private fault: HTMLElement;

	constructor(readonly control: T, label: string, hint = "") {
		const id = "tt-field-" + nth++;
		control.id = id;
		this.fault = el("span", { class: "tt-fault", id: id + "-fault" });
		control.setAttribute("aria-describedby", id + "-fault" + (hint && " " + id + "-hint"));
		this.root = el("p", { class: "field" }, el("label", { for: id }, label), control,
			hint && el("span", { class: "quiet", id: id + "-hint" }, hint), this.fault);
	}

	wrong(text: string, english = false): void {
		this.fault.textContent = text;
		this.fault.lang = english ? "en" : "";
		if (!english) {
			this.fault.removeAttribute("lang");
		}
		this.control.toggleAttribute("aria-invalid", text !== "");
		if (text !== "") {
			this.control.setAttribute("aria-invalid", "true");
		}
	}
}

function choice(options: [string, string][], value: string): HTMLSelectElement {
	const made = el("select");
	made.append(...options.map(([key, label]) => new Option(label, key, key === value, key === value)));
	return made;
}

// Fields are what says a place.
class PlaceFields {
	readonly day: Field<HTMLSelectElement>;
	readonly room: Field<HTMLSelectElement>;
	readonly start: Field<HTMLInputElement>;
	readonly dur: Field<HTMLInputElement>;
	readonly whole = el("p", { class: "tt-fault", role: "alert" });
	readonly root: HTMLElement;

	constructor(desk: Desk, place: Place, spanning: boolean) {
		const days = new Set([...desk.sheet.data.days, ...(place.day ? [place.day] : [])]);
		this.day = new Field(choice([...days].map((day) => [day, dayName(day, "long")]), place.day), say("day"));
		const rooms: [string, string][] = desk.sheet.data.rooms.map((room) => [room.id, room.name]);
		this.room = new Field(choice([["", spanning ? say("all_rooms") : say("no_room")], ...(spanning ? [] : rooms)], spanning ? "" : place.room), say("room"));
		const start = el("input", { type: "text", inputmode: "numeric", autocomplete: "off", value: clock(place.start), maxlength: "5" });
		this.start = new Field(start, say("start"), say("start_hint"));
		this.dur = new Field(el("input", { type: "text", inputmode: "numeric", autocomplete: "off", value: String(place.dur), maxlength: "4" }), say("length"));
		this.root = el("div", { class: "tt-fields" }, this.day.root, this.room.root, this.start.root, this.dur.root);
	}

	// read gives the place, or says what is wrong and gives nothing.
	read(like: Place, quietly = false): Place | undefined {
		const start = readClock(this.start.control.value);
		const dur = /^\s*\d{1,4}\s*$/.test(this.dur.control.value) ? Number(this.dur.control.value) : 0;
		const good = dur > 0 && dur <= LONGEST;
		if (!quietly) {
			this.start.wrong(start === undefined ? say("start_wrong") : "");
			this.dur.wrong(good ? "" : say("length_wrong", { n: LONGEST }));
			(start === undefined ? this.start : good ? undefined : this.dur)?.control.focus();
		}
		if (start === undefined || !good) {
			return undefined;
		}
		return { day: this.day.control.value, start, dur, room: this.room.control.disabled ? like.room : this.room.control.value };
	}

	// refuse shows what the server found wrong, where it is.
	refuse(problem: Problem): void {
		const rest: string[] = [];
		for (const fault of problem.errors) {
			const name = fault.pointer?.split("/").at(-1);
			const field = name === "start" ? this.start : name === "end" ? this.dur : name === "room" ? this.room : undefined;
			field ? field.wrong(fault.detail, true) : rest.push(fault.detail);
		}
		this.whole.textContent = problem.errors.length > 0 ? rest.join(" ") : problem.detail || say("refused");
		this.root.querySelector<HTMLElement>("[aria-invalid]")?.focus();
	}
}

// openPanel shows one panel, and where it may be moved.
export function openPanel(desk: Desk, p: Panel): void {
	const facts = el("p", { class: "quiet" }, [p.code, say("format_" + p.format), ...p.people.map((part) => desk.sheet.people.get(part.id) ?? "")].filter(Boolean).join(" · "));
	const link = p.url ? el("a", { href: p.url }, say("form")) : undefined;
	const list = el("ul", { class: "tt-reasons", role: "list" });
	const tell = (place: Place) => {
		const found = desk.sheet.at(p.id, place);
		list.replaceChildren(...graded(desk.sheet, found, p.id, "li"));
		return found;
	};
	if (!desk.mayEdit) {
		list.replaceChildren(...graded(desk.sheet, desk.sheet.conflicts(p.id), p.id, "li"));
		const shown = open(p.title || p.code, facts, el("p", {}, where(desk.sheet, p)), list,
			el("p", { class: "actions" }, button(say("close"), () => shown.close()), link));
		return;
	}
	const base = p.revision;
	const from: Place = p.day ? p : desk.suggest(p);
	const fields = new PlaceFields(desk, from, p.all_rooms);
	fields.room.control.disabled = p.all_rooms;
	const move = el("button", { class: "strong" }, say("move"));
	const said = el("p", { class: "tt-preview", role: "status" });
	const form = el("form", { novalidate: true, autocomplete: "off" }, fields.whole, fields.root, said, list, el("p", { class: "actions" }, move,
		p.day !== "" && button(say("unschedule"), () => (shown.close(), desk.move(p.id, { ...from, day: "" }, undefined, base))), button(say("cancel"), () => shown.close()), link));
	const look = () => {
		const place = fields.read(from, true);
		said.textContent = place ? [where(desk.sheet, { ...place, all_rooms: p.all_rooms }), tally(tell(place))].filter(Boolean).join(": ") : "";
	};
	const shown = open(p.title || p.code, facts, form);
	shown.lang = "";
	shown.removeAttribute("lang");
	look();
	form.addEventListener("input", look);
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const place = fields.read(from);
		if (!place || move.getAttribute("aria-disabled") === "true") {
			return;
		}
		move.setAttribute("aria-disabled", "true");
		desk.move(p.id, place, (problem) => {
			move.removeAttribute("aria-disabled");
			problem ? fields.refuse(problem) : shown.close();
		}, base);
	});
	fields.start.control.focus();
	fields.start.control.select();
}

// openChoice asks whose move is to stand.
export function openChoice(desk: Desk, p: Panel, mine: Place, theirs: Place, by: string, keep: () => void): void {
	const both = el("dl", { class: "tt-both" },
		el("dt", {}, say("mine")), el("dd", {}, where(desk.sheet, { ...mine, all_rooms: p.all_rooms })),
		el("dt", {}, by ? say("theirs_by", { name: by }) : say("theirs")), el("dd", {}, where(desk.sheet, { ...theirs, all_rooms: p.all_rooms })));
	const shown = open(say("stale_title"), el("p", {}, say("stale_text", { panel: p.title || p.code })), both, el("p", { class: "actions" },
		button(say("keep_mine"), () => (shown.close(), keep()), "strong"), button(say("take_theirs"), () => (shown.close(), desk.lead(p.id)))));
	shown.classList.add("must");
}

const formats = ["panel", "keynote", "talk", "roundtable", "workshop", "ceremony", "social", "break"];

// openNew asks what a new panel is to be.
export function openNew(desk: Desk, place: Place, spanning = false): void {
	const lang = desk.sheet.data.event.languages[0] ?? "en";
	const title = new Field(el("input", { type: "text", maxlength: "300", autocomplete: "off", lang, dir: "auto" }), say("title"), say("title_hint", { language: languageName(lang) }));
	const format = new Field(choice(formats.map((f) => [f, say("format_" + f)]), spanning ? "break" : "panel"), say("format"));
	const all = el("input", { type: "checkbox", id: "tt-all-rooms" });
	const fields = new PlaceFields(desk, place, false);
	const spans = () => (fields.room.control.disabled = all.checked);
	all.checked = spanning;
	spans();
	all.addEventListener("change", spans);
	const make = el("button", { class: "strong" }, say("make"));
	const form = el("form", { novalidate: true, autocomplete: "off" }, fields.whole, title.root, format.root,
		el("p", { class: "check" }, all, el("label", { for: "tt-all-rooms" }, say("across"))), fields.root,
		el("p", { class: "actions" }, make, button(say("cancel"), () => shown.close())));
	const shown = open(say("new"), form);
	const key = crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now();
	let last = "";
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		title.wrong(title.control.value.trim() === "" ? say("title_wrong") : "");
		const at = fields.read(place);
		if (title.control.value.trim() === "") {
			return title.control.focus();
		}
		if (!at || make.getAttribute("aria-disabled") === "true") {
			return;
		}
		make.setAttribute("aria-disabled", "true");
		const wish = { title: title.control.value.trim(), lang, format: format.control.value, all: all.checked, place: { ...at, room: all.checked ? "" : at.room } };
		// The same wish, sent again, makes nothing a second time.
		last = JSON.stringify(wish);
		const problem = await desk.create(wish, key + "-" + hash(last));
		make.removeAttribute("aria-disabled");
		if (!problem) {
			return shown.close();
		}
		const own = problem.errors.filter((fault) => fault.pointer?.startsWith("#/title"));
		title.wrong(own.map((fault) => fault.detail).join(" "), true);
		fields.refuse({ ...problem, errors: problem.errors.filter((fault) => !own.includes(fault)), detail: own.length > 0 ? " " : problem.detail });
	});
	title.control.focus();
}

function hash(text: string): number {
	return [...text].reduce((sum, c) => (sum * 31 + c.codePointAt(0)!) % 1_000_000_007, 7);
}

function languageName(tag: string): string {
	try {
		return new Intl.DisplayNames(document.documentElement.lang, { type: "language" }).of(tag) ?? tag;
	} catch {
		return tag;
	}
}

// openHelp says which keys there are.
export function openHelp(): void {
	const keys = ["walk", "pick", "step", "far", "length", "day", "drop", "cancel", "unschedule", "open", "new", "undo", "next", "search", "help"];
	const list = el("dl", { class: "tt-keys" }, ...keys.flatMap((key) => [el("dt", {}, say("key_" + key)), el("dd", {}, say("help_" + key))]));
	const shown = open(say("help"), el("p", {}, say("help_lead")), list, el("p", { class: "actions" }, button(say("close"), () => shown.close())));
}

