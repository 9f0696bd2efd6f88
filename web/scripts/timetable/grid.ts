import { fillCard, newCard } from "./card";
import type { Card } from "./card";
import { hours, lanes, least } from "./geometry";
import type { Hours } from "./geometry";
import type { Panel, Place } from "./model";
import { clock, dayNumber, instant } from "./model";
import type { Sheet } from "./sheet";
import { el, say } from "./words";

// Column is a room on the grid; "" holds what has no room yet, and "*" what spans all.
interface Column {
	id: string;
	list: HTMLUListElement;
}

// ZOOMS are how many pixels a minute can be high.
export const ZOOMS = [0.6, 0.9, 1.3, 1.9, 2.8];

const ALL = "*";

// today gives the day that it is where the event is.
function today(zone: string): string {
	try {
		return new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date());
	} catch {
		return ""; // the browser does not know the zone
	}
}

// Grid draws one day: a column for each room, and cards in it.
export class Grid {
	readonly root = el("div", { class: "tt-scroll", role: "group", "aria-label": say("grid") });
	readonly head = el("div", { class: "tt-head" });
	readonly body = el("div", { class: "tt-body" });
	readonly over = el("div", { class: "tt-over" });
	private times = el("div", { class: "tt-times", "aria-hidden": "true" });
	private shade = el("div", { class: "tt-shades", "aria-hidden": "true" });
	readonly cards = new Map<string, Card>();
	private columns = new Map<string, Column>();
	rooms: string[] = []; // of the columns, in their order
	hidden = new Set<string>();
	hours: Hours = { from: 0, to: 0 };
	whole = false;
	zoom = 2;
	day: string;
	private focus = ""; // the card that the keyboard comes to

	constructor(private readonly sheet: Sheet) {
		const { days, event } = sheet.data;
		this.day = [location.hash.slice(1), today(event.zone)].find((day) => days.includes(day)) ?? days[0] ?? "";
		this.root.append(this.head, el("div", { class: "tt-field" }, this.times, this.body));
		this.body.append(this.shade, this.over);
		for (const room of sheet.data.rooms) {
			// Tables are for meetings; one is shown when a panel is at it.
			if (room.kind === "table" && ![...sheet.panels.values()].some((p) => p.room === room.id)) {
				this.hidden.add(room.id);
			}
		}
	}

	get pixels(): number {
		return ZOOMS[this.zoom]!;
	}

	// columnOf gives the column in which a place is shown, undefined when it is not shown.
	columnOf(p: Place & { all_rooms?: boolean }): string | undefined {
		if (p.day !== this.day) {
			return undefined;
		}
		const column = p.all_rooms ? ALL : this.sheet.rooms.has(p.room) ? p.room : "";
		return column === ALL || this.rooms.includes(column) ? column : undefined;
	}

	// draw makes the day anew.
	draw(): void {
		const panels = this.sheet.on(this.day);
		this.hours = hours(panels, this.whole);
		this.rooms = this.sheet.data.rooms.map((room) => room.id).filter((id) => !this.hidden.has(id));
		if (panels.some((p) => !p.all_rooms && !this.sheet.rooms.has(p.room)) || this.rooms.length === 0) {
			this.rooms.push("");
		}
		this.columns.clear();
		this.cards.clear();
		// What lies over the grid stays: the focus may be in it.
		this.body.querySelectorAll(":scope > ul").forEach((list) => list.remove());
		for (const id of [ALL, ...this.rooms]) {
			const name = id === ALL ? say("all_rooms") : (this.sheet.rooms.get(id)?.name ?? say("no_room"));
			const list = el("ul", { class: id === ALL ? "tt-all" : "tt-column", role: "list", "aria-label": name, "data-room": id });
			list.style.setProperty("--i", String(Math.max(0, this.rooms.indexOf(id))));
			this.columns.set(id, { id, list });
		}
		for (const p of panels) {
			this.shelve(p);
		}
		this.frame();
		for (const column of this.columns.values()) {
			this.arrange(column);
			this.body.insertBefore(column.list, this.over);
		}
		this.root.tabIndex = this.cards.size > 0 ? -1 : 0; // or nobody could scroll it by keyboard
		this.shades();
		this.roam();
	}

	// frame draws what depends on the hours, the rooms and the zoom.
	private frame(): void {
		const style = this.root.style;
		style.setProperty("--ppm", this.pixels + "px");
		style.setProperty("--from", String(this.hours.from));
		style.setProperty("--to", String(this.hours.to));
		style.setProperty("--rooms", String(this.rooms.length));
		this.times.replaceChildren();
		for (let at = Math.ceil(this.hours.from / 60) * 60; at < this.hours.to; at += 60) {
			const hour = el("span", {}, clock(at));
			hour.style.setProperty("--s", String(at));
			this.times.append(hour);
		}
		const names = this.rooms.map((id) => {
			const room = this.sheet.rooms.get(id);
			return el("div", { class: "tt-room" }, el("bdi", { lang: room?.lang || null }, room?.name ?? say("no_room")),
				room && room.capacity > 0 && el("span", {}, say("seats", { n: room.capacity })), room?.parallel && el("span", {}, say("parallel")));
		});
		this.head.replaceChildren(el("div", { class: "tt-corner" }), ...names);
	}

	// shelve puts a panel's card into the column where it belongs and gives the columns that it concerns.
	private shelve(p: Panel): Column[] {
		const concerned: Column[] = [];
		const to = this.columnOf(p);
		let card = this.cards.get(p.id);
		if (card && card.column !== to) {
			concerned.push(this.columns.get(card.column)!);
			if (to === undefined) {
				card.item.remove();
				this.cards.delete(p.id);
			}
		}
		if (to !== undefined) {
			if (!card) {
				card = newCard(p.id, this.sheet.data.may_edit);
				this.cards.set(p.id, card);
			}
			if (card.column !== to || !card.item.parentElement) {
				this.columns.get(to)!.list.append(card.item);
				card.column = to;
			}
			concerned.push(this.columns.get(to)!);
		}
		return concerned;
	}

	// arrange puts the cards of a column beside each other, and in the order of their times.
	private arrange(column: Column): void {
		const inside: Panel[] = [];
		for (const item of column.list.children) {
			const p = this.sheet.get((item.firstElementChild as HTMLElement).dataset["id"]!);
			if (p) {
				inside.push(p);
			}
		}
		inside.sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
		const places = lanes(inside, least(this.pixels));
		const spanning = column.id === ALL ? [] : this.sheet.on(this.day).filter((p) => p.all_rooms && !p.cancelled);
		inside.forEach((p, i) => {
			const card = this.cards.get(p.id)!;
			const at = places.get(p.id)!;
			const style = card.item.style;
			style.setProperty("--s", String(p.start));
			style.setProperty("--d", String(p.dur));
			style.setProperty("--l", String(at.lane));
			style.setProperty("--n", String(at.of));
			card.item.classList.toggle("upon", spanning.some((q) => q.start < p.start + p.dur && q.start + q.dur > p.start));
			fillCard(card, this.sheet, p, Math.max(24, p.dur * this.pixels), at.of > 1);
			if (column.list.children[i] !== card.item) {
				column.list.insertBefore(card.item, column.list.children[i] ?? null);
			}
		});
	}

	// update draws what changed, and no more.
	update(ids: Iterable<string>): void {
		const concerned = new Set<Column>();
		const active = document.activeElement;
		for (const id of ids) {
			const p = this.sheet.get(id);
			if (!p) {
				const card = this.cards.get(id);
				card?.item.remove();
				this.cards.delete(id);
				continue;
			}
			if (p.day === this.day && this.outgrown(p)) {
				this.draw();
				this.refocus(active);
				return;
			}
			this.shelve(p).forEach((column) => concerned.add(column));
			if (p.all_rooms) {
				this.columns.forEach((column) => concerned.add(column));
			}
		}
		concerned.forEach((column) => this.arrange(column));
		this.refocus(active);
		this.roam();
	}

	// widen draws more of the day, so that what is carried is seen.
	widen(place: Place): void {
		const more = hours([{ start: this.hours.from, dur: this.hours.to - this.hours.from }, place], this.whole);
		this.hours = { from: Math.min(more.from, this.hours.from), to: more.to };
		this.frame();
	}

	private outgrown(p: Panel): boolean {
		const missing = !p.all_rooms && !this.sheet.rooms.has(p.room) && !this.rooms.includes("");
		return missing || p.start < this.hours.from || p.start + p.dur > this.hours.to;
	}

	private refocus(active: Element | null): void {
		const id = active instanceof HTMLElement && active.classList.contains("tt-card") ? active.dataset["id"] : undefined;
		if (id && document.activeElement !== active) {
			this.cards.get(id)?.button.focus({ preventScroll: true });
		}
	}

	// roam lets the keyboard come to one card of the grid; the arrows lead to the others.
	roam(id?: string): void {
		this.focus = id ?? this.focus;
		if (!this.cards.has(this.focus)) {
			this.focus = this.ordered()[0]?.id ?? "";
		}
		for (const [key, card] of this.cards) {
			card.button.tabIndex = key === this.focus ? 0 : -1;
		}
	}

	// ordered gives the panels on the grid by column, then by time.
	ordered(): Panel[] {
		return [...this.cards.keys()].flatMap((id) => this.sheet.get(id) ?? []).sort((a, b) => this.index(a) - this.index(b) || a.start - b.start);
	}

	// index gives the number of a panel's column; what spans all rooms is before the first.
	index(p: Place & { all_rooms?: boolean }): number {
		return p.all_rooms ? -1 : this.rooms.indexOf(this.sheet.rooms.has(p.room) ? p.room : "");
	}

	// shades draws when rooms are not free.
	private shades(): void {
		const made = [...this.sheet.data.unavailable, ...this.sheet.data.busy].flatMap((span) => {
			const i = span.room ? this.rooms.indexOf(span.room) : -1;
			return i < 0 ? [] : (this.band(span, i, 1, "") ?? []);
		});
		this.shade.replaceChildren(...made);
	}

	// band makes a hatched part of the day, undefined when it is not on it.
	band(span: { day: string; start: number; dur: number }, index: number, width: number, text: string): HTMLElement | undefined {
		const from = instant(span) - dayNumber(this.day) * 1440;
		const start = Math.max(from, this.hours.from);
		const end = Math.min(from + span.dur, this.hours.to);
		if (end <= start) {
			return undefined;
		}
		const made = el("div", { class: "tt-band" }, text && el("span", {}, text));
		this.spot(made, { start, dur: end - start }, index, width);
		return made;
	}

	// spot puts something over the grid.
	spot(on: HTMLElement, at: { start: number; dur: number }, index: number, width: number): void {
		for (const [name, value] of [["--s", at.start], ["--d", at.dur], ["--i", index], ["--w", width]] as const) {
			on.style.setProperty(name, String(value));
		}
	}

	// pointAt gives the time and the room that are at a point of the window.
	pointAt(x: number, y: number): { minutes: number; room: string } {
		const box = this.body.getBoundingClientRect();
		const wide = box.width / Math.max(1, this.rooms.length);
		const i = Math.max(0, Math.min(this.rooms.length - 1, Math.floor((x - box.left) / wide)));
		return { minutes: this.hours.from + (y - box.top) / this.pixels, room: this.rooms[i] ?? "" };
	}

	// reveal scrolls to a place.
	reveal(at: HTMLElement): void {
		at.scrollIntoView({ block: "nearest", inline: "nearest" });
	}
}
