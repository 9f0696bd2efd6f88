import { step } from "./geometry";
import type { Desk } from "./desk";
import { openHelp, openNew, openPanel } from "./dialog";
import type { Panel, Place } from "./model";
import { LONGEST, placeOf, proper } from "./model";
import { reasons, tally, titled, where } from "./sentence";
import { say } from "./words";

// Everything by keyboard. The keys count while a card has the focus, and no longer: nothing that is typed elsewhere moves a panel.

export class Keyboard {
	private moving: { p: Panel; place: Place; base: number } | undefined;

	constructor(private readonly desk: Desk, root: HTMLElement, private readonly search: () => void) {
		root.addEventListener("keydown", (event) => this.key(event));
		root.addEventListener("focusin", (event) => {
			const id = (event.target as HTMLElement).dataset["id"];
			if (id && desk.grid.cards.has(id)) {
				desk.grid.roam(id);
			} else if (id) {
				desk.tray.roam(id);
			}
		});
		desk.preview.mark.addEventListener("keydown", (event) => this.carry(event));
		desk.preview.mark.addEventListener("blur", () => setTimeout(() => this.moving && document.activeElement !== desk.preview.mark && this.put(false), 0));
		document.addEventListener("keydown", (event) => this.everywhere(event));
	}

	// everywhere takes back, also while nothing has the focus; in a field that is the field's business.
	private everywhere(event: KeyboardEvent): void {
		const target = event.target as HTMLElement;
		if (!(event.ctrlKey || event.metaKey) || event.altKey || this.moving || target.closest("dialog, textarea, input:not([type=checkbox])")) {
			return;
		}
		const key = event.key.toLowerCase();
		if (key === "z" || key === "y") {
			event.preventDefault();
			key === "y" || event.shiftKey ? this.desk.redo() : this.desk.undo();
		}
	}

	private key(event: KeyboardEvent): void {
		const target = event.target as HTMLElement;
		const id = target.classList.contains("tt-card") ? target.dataset["id"] : undefined;
		const p = id === undefined ? undefined : this.desk.sheet.get(id);
		if (!p || event.ctrlKey || event.metaKey || event.altKey) {
			return;
		}
		if (this.act(event.key, p)) {
			event.preventDefault();
		}
	}

	// act does what a key on a card does, and tells whether it does anything.
	private act(key: string, p: Panel): boolean {
		const edit = this.desk.mayEdit;
		switch (key.length === 1 ? key.toLowerCase() : key) {
			case "ArrowUp": case "ArrowDown": case "ArrowLeft": case "ArrowRight": case "Home": case "End":
				this.walk(key, p);
				return true;
			case "PageUp": case "PageDown":
				this.day(key === "PageUp" ? -1 : 1);
				return true;
			case "Enter": case "m":
				edit ? this.pick(p) : openPanel(this.desk, p);
				return true;
			case "e": case " ":
				openPanel(this.desk, p);
				return true;
			case "n":
				edit && openNew(this.desk, this.beside(p));
				return true;
			case "c":
				this.desk.notes.hear(this.desk.lists.next());
				return true;
			case "/":
				this.search();
				return true;
			case "?":
				openHelp();
				return true;
			case "Delete": case "Backspace":
				if (edit && p.day !== "") {
					this.unschedule(p);
				}
				return true;
		}
		return false;
	}

	// beside gives the place after a panel.
	private beside(p: Panel): Place {
		if (p.day === "") {
			return this.desk.suggest(p);
		}
		return { day: p.day, start: p.start + p.dur, dur: 60, room: p.room || (this.desk.grid.rooms[0] ?? "") };
	}

	private unschedule(p: Panel): void {
		const next = this.desk.grid.ordered();
		const after = next[next.findIndex((q) => q.id === p.id) + 1] ?? next.at(-2);
		this.desk.move(p.id, { ...placeOf(p), day: "" });
		const card = this.desk.grid.cards.get(after?.id ?? "") ?? this.desk.tray.cards.get(p.id);
		card?.button.focus();
	}

	private day(by: number): void {
		this.desk.showDay(this.desk.dayBeside(by));
		this.desk.tellDay();
		this.desk.grid.cards.get(this.desk.grid.ordered()[0]?.id ?? "")?.button.focus();
	}

	// walk leads to the card that is next in that direction.
	private walk(key: string, p: Panel): void {
		const to = p.day === "" ? this.inTray(key, p) : this.onGrid(key, p);
		const card = to && (this.desk.grid.cards.get(to) ?? this.desk.tray.cards.get(to));
		card && card.button.focus();
		card && card.button.scrollIntoView({ block: "nearest", inline: "nearest" });
	}

	private inTray(key: string, p: Panel): string | undefined {
		const ids = [...this.desk.tray.cards.keys()];
		const at = ids.indexOf(p.id);
		const by = key === "ArrowUp" || key === "ArrowLeft" ? -1 : 1;
		return key === "Home" ? ids[0] : key === "End" ? ids.at(-1) : ids[at + by];
	}

	private onGrid(key: string, p: Panel): string | undefined {
		const { grid } = this.desk;
		const all = grid.ordered();
		const mine = grid.index(p);
		const own = all.filter((q) => grid.index(q) === mine);
		const at = own.findIndex((q) => q.id === p.id);
		switch (key) {
			case "ArrowUp":
				return own[at - 1]?.id;
			case "ArrowDown":
				return own[at + 1]?.id;
			case "Home":
				return own[0]?.id;
			case "End":
				return own.at(-1)?.id;
		}
		const by = key === "ArrowLeft" ? -1 : 1;
		for (let i = mine + by; i >= -1 && i < grid.rooms.length; i += by) {
			const there = all.filter((q) => grid.index(q) === i);
			if (there.length > 0) {
				return there.reduce((a, b) => (Math.abs(b.start - p.start) < Math.abs(a.start - p.start) ? b : a)).id;
			}
		}
		return undefined;
	}

	// pick takes a panel up: from now on the arrows carry it.
	private pick(p: Panel): void {
		const place = p.day === "" ? this.desk.suggest(p) : placeOf(p);
		this.moving = { p, place, base: p.revision };
		this.show(false);
		this.desk.notes.hear(say("picked", { panel: titled(p), place: where(this.desk.sheet, { ...place, all_rooms: p.all_rooms }) }));
	}

	private show(tell = true): void {
		const { p, place } = this.moving!;
		const { grid, preview, sheet, tray } = this.desk;
		if (place.day !== grid.day) {
			this.desk.showDay(place.day);
		}
		if (place.start < grid.hours.from || place.start + place.dur > grid.hours.to) {
			grid.widen(place);
		}
		const found = preview.show(p, place);
		(grid.cards.get(p.id) ?? tray.cards.get(p.id))?.item.classList.add("moving");
		preview.mark.focus({ preventScroll: true });
		grid.reveal(preview.mark);
		if (tell) {
			const why = reasons(sheet, found, p.id);
			this.desk.notes.hear([where(sheet, { ...place, all_rooms: p.all_rooms }) + ".", found.length > 0 ? tally(found) + ":" : "", why.join(". ")].filter(Boolean).join(" "));
		}
	}

	// carry moves what was taken up.
	private carry(event: KeyboardEvent): void {
		const moving = this.moving;
		if (!moving || event.ctrlKey || event.metaKey || event.altKey) {
			return;
		}
		const key = event.key;
		if (key === "Tab") {
			return; // it is put back, and the focus goes on
		}
		event.preventDefault();
		event.stopPropagation();
		if (key === "Enter" || key === " " || key.toLowerCase() === "m") {
			return this.put(true);
		}
		if (key === "Escape") {
			return this.put(false);
		}
		if (key === "Delete" || key === "Backspace") {
			moving.place = { ...moving.place, day: "" };
			return this.put(true);
		}
		if (key === "?") {
			this.desk.notes.hear(say("help_carry"));
			return;
		}
		const next = this.next(moving.place, moving.p, key, event.shiftKey);
		if (next) {
			moving.place = next;
			this.show();
		}
	}

	// next gives where a key brings what is carried, undefined where it can't.
	private next(at: Place, p: Panel, key: string, far: boolean): Place | undefined {
		const lines = this.desk.step;
		const { rooms } = this.desk.grid;
		const sideways = (by: number) => {
			const room = rooms[rooms.indexOf(at.room) + by];
			return p.all_rooms || room === undefined || room === at.room ? undefined : { ...at, room };
		};
		const by = (minutes: number) => {
			const start = far ? at.start + minutes : step(at.start, Math.sign(minutes), lines);
			const to = proper({ ...at, start });
			return this.desk.sheet.data.days.includes(to.day) ? to : undefined;
		};
		switch (key) {
			case "ArrowUp":
				return by(-30);
			case "ArrowDown":
				return by(30);
			case "ArrowLeft":
				return sideways(-1);
			case "ArrowRight":
				return sideways(1);
			case "+": case "=":
				return { ...at, dur: Math.min(LONGEST, step(at.dur, 1, lines)) };
			case "-": case "_":
				return { ...at, dur: Math.max(Math.min(lines, at.dur), step(at.dur, -1, lines)) };
			case "PageUp":
				return { ...at, day: this.desk.dayBeside(-1, at.day) };
			case "PageDown":
				return { ...at, day: this.desk.dayBeside(1, at.day) };
		}
		return undefined;
	}

	// put lets go of what is carried: where it is, or back where it was.
	private put(here: boolean): void {
		const { p, place, base } = this.moving!;
		const { grid, tray, preview, notes } = this.desk;
		const focused = document.activeElement === preview.mark;
		this.moving = undefined;
		preview.hide();
		(grid.cards.get(p.id) ?? tray.cards.get(p.id))?.item.classList.remove("moving");
		if (here) {
			this.desk.move(p.id, place, undefined, base);
		} else {
			notes.hear(say("cancelled_move"));
		}
		const day = this.desk.sheet.get(p.id)?.day ?? "";
		if (day !== "" && day !== grid.day && focused) {
			this.desk.showDay(day);
		}
		if (focused) {
			const card = grid.cards.get(p.id) ?? tray.cards.get(p.id);
			card?.button.focus({ preventScroll: true });
			card && grid.reveal(card.button);
		}
	}
}
