import type { Desk } from "./desk";
import { openHelp, openNew } from "./dialog";
import { ZOOMS } from "./grid";
import { dayName, el, say } from "./words";

// Bar holds what one needs besides the cards: days, search, zoom, rooms, undo and the rest.
export class Bar {
	readonly root = el("div", { class: "tt-bar" });
	readonly search = el("input", { type: "search", id: "tt-search", autocomplete: "off", placeholder: say("search_hint") });
	private days = el("div", { class: "tt-days", role: "group", "aria-label": say("days") });
	private undo = this.button("↶", say("undo"), () => this.desk.undo());
	private redo = this.button("↷", say("redo"), () => this.desk.redo());
	private conflict = this.button(say("next_conflict"), "", () => this.desk.notes.hear(this.desk.lists.next()));
	private track = el("select", { id: "tt-track" });
	private rooms = el("details", { class: "tt-menu" });
	private boxes = el("div");
	private timer = 0;

	constructor(private readonly desk: Desk) {
		this.search.addEventListener("input", () => this.seek());
		this.track.addEventListener("change", () => this.desk.seek(this.search.value, this.track.value));
		const edit = desk.mayEdit;
		this.root.append(this.days,
			el("div", { class: "tt-seek" }, el("label", { for: "tt-search", class: "tt-far" }, say("search")), this.search,
				el("label", { for: "tt-track", class: "tt-far" }, say("track")), this.track),
			el("div", { class: "tt-tools" }, edit && this.undo, edit && this.redo, this.conflict, this.view(), this.rooms,
				edit && this.button("+ " + say("new"), "", () => this.create(false)), edit && this.button("+ " + say("new_break"), "", () => this.create(true)),
				this.button("?", say("help"), openHelp)));
		this.rooms.append(el("summary", {}, say("rooms")), this.boxes);
		for (const menu of this.root.querySelectorAll("details")) {
			menu.addEventListener("keydown", (event) => {
				if (event.key === "Escape") {
					menu.open = false;
					menu.querySelector("summary")!.focus();
				}
			});
			document.addEventListener("pointerdown", (event) => !menu.contains(event.target as Node) && (menu.open = false));
		}
		this.shape();
	}

	// shape offers the days, tracks and rooms that there are.
	shape(): void {
		const { desk } = this;
		this.days.replaceChildren(...desk.sheet.data.days.map((day) => {
			const made = el("button", { type: "button", "data-day": day }, dayName(day));
			made.addEventListener("click", () => {
				desk.showDay(day);
				desk.tellDay();
			});
			return made;
		}), el("span", { class: "quiet" }, say("zone", { zone: desk.sheet.data.event.zone })));
		const track = this.track.value;
		this.track.replaceChildren(new Option(say("all_tracks"), ""), ...desk.sheet.data.tracks.map((t) => new Option(t.name, t.id, false, t.id === track)));
		this.listRooms();
	}

	private button(text: string, label: string, run: () => void): HTMLButtonElement {
		const made = el("button", { type: "button", "aria-label": label || null, title: label || null }, text);
		made.addEventListener("click", run);
		return made;
	}

	private seek(): void {
		clearTimeout(this.timer);
		this.timer = window.setTimeout(() => this.desk.seek(this.search.value, this.track.value), 150);
	}

	private create(spanning: boolean): void {
		const { grid } = this.desk;
		openNew(this.desk, { day: grid.day, start: spanning ? 12 * 60 : 9 * 60, dur: 60, room: spanning ? "" : (grid.rooms[0] ?? "") }, spanning);
	}

	// view offers how the grid is drawn.
	private view(): HTMLElement {
		const { desk } = this;
		const zoom = (by: number) => {
			const before = desk.grid.pixels;
			desk.grid.zoom = Math.max(0, Math.min(ZOOMS.length - 1, desk.grid.zoom + by));
			const { root, pixels } = desk.grid;
			const middle = (root.scrollTop + root.clientHeight / 2) / before;
			desk.draw();
			root.scrollTop = middle * pixels - root.clientHeight / 2;
			desk.notes.hear(say("zoomed", { n: desk.grid.zoom + 1, all: ZOOMS.length }));
		};
		const lines = el("select", { id: "tt-lines" });
		lines.append(...[5, 15, 30].map((n) => new Option(say("minutes", { n }), String(n), n === desk.step, n === desk.step)));
		lines.addEventListener("change", () => {
			desk.step = Number(lines.value);
			desk.grid.root.style.setProperty("--grid", lines.value);
		});
		desk.grid.root.style.setProperty("--grid", String(desk.step));
		const whole = el("input", { type: "checkbox", id: "tt-whole" });
		whole.addEventListener("change", () => {
			desk.grid.whole = whole.checked;
			desk.draw();
			desk.grid.root.scrollTop = (8 * 60 - desk.grid.hours.from) * desk.grid.pixels;
		});
		return el("details", { class: "tt-menu" }, el("summary", {}, say("view")), el("div", {},
			el("div", { class: "tt-zoom", role: "group", "aria-label": say("zoom") }, el("span", {}, say("zoom")),
				this.button("−", say("smaller"), () => zoom(-1)), this.button("+", say("larger"), () => zoom(1))),
			desk.mayEdit && el("p", {}, el("label", { for: "tt-lines" }, say("lines")), " ", lines),
			el("p", { class: "check" }, whole, el("label", { for: "tt-whole" }, say("whole_day")))));
	}

	private listRooms(): void {
		const { desk } = this;
		const boxes = desk.sheet.data.rooms.map((room, i) => {
			const box = el("input", { type: "checkbox", id: "tt-room-" + i, checked: !desk.grid.hidden.has(room.id), "data-room": room.id });
			box.addEventListener("change", () => {
				box.checked ? desk.grid.hidden.delete(room.id) : desk.grid.hidden.add(room.id);
				desk.draw();
			});
			return el("p", { class: "check" }, box, el("label", { for: "tt-room-" + i, lang: room.lang || null }, room.name));
		});
		this.boxes.replaceChildren(...boxes);
	}

	// draw shows which day it is and what can be done.
	draw(): void {
		for (const day of this.days.querySelectorAll<HTMLElement>("[data-day]")) {
			day.setAttribute("aria-pressed", String(day.dataset["day"] === this.desk.grid.day));
		}
		this.undo.setAttribute("aria-disabled", String(!this.desk.history.canUndo));
		this.redo.setAttribute("aria-disabled", String(!this.desk.history.canRedo));
		const errors = this.desk.sheet.shown.length;
		this.conflict.textContent = say("next_conflict") + (errors > 0 ? ` (${errors})` : "");
		this.conflict.setAttribute("aria-disabled", String(errors === 0));
		for (const box of this.rooms.querySelectorAll<HTMLInputElement>("[data-room]")) {
			box.checked = !this.desk.grid.hidden.has(box.dataset["room"]!);
		}
	}
}
