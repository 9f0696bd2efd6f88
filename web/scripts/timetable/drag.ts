import { clamp, snap, stretch } from "./geometry";
import type { Desk } from "./desk";
import type { Conflict, Panel, Place } from "./model";
import { DAY, placeOf, range } from "./model";
import { graded, roomName, tally } from "./sentence";
import { dayName, el, say } from "./words";

// Moving with a mouse, a pen or a finger. A finger that moves at once scrolls; one that rests first takes what is below it.

const HOLD = 280; // milliseconds
const SLACK = 5; // pixels by which a hand trembles

interface Drag {
	p: Panel;
	pointer: number;
	kind: "move" | "resize";
	x: number;
	y: number;
	grip: number; // minutes from the start of the card to where it is held
	pen: boolean; // it would scroll as a finger does, but needs no hold
	active: boolean;
	timer: number;
	base: number; // the revision that is dragged
	place: Place | undefined; // where it would be put; undefined: nowhere
}

export class Dragging {
	private drag: Drag | undefined;
	private at = { x: 0, y: 0 };
	private tip = el("div", { class: "tt-tip", "aria-hidden": "true", hidden: true });
	private swallow = false; // the click that ends a drag
	private turning = 0; // waits over the name of a day
	private over = "";

	constructor(private readonly desk: Desk, root: HTMLElement) {
		root.append(this.tip);
		root.addEventListener("pointerdown", (event) => this.down(event));
		root.addEventListener("click", (event) => this.click(event), true);
		root.addEventListener("contextmenu", (event) => this.drag && event.preventDefault());
		// It has to be there before the finger is, or the browser has begun to scroll.
		root.addEventListener("touchmove", (event) => (this.drag?.active || this.drag?.pen) && event.preventDefault(), { passive: false });
		document.addEventListener("pointermove", (event) => this.move(event));
		document.addEventListener("pointerup", (event) => this.up(event));
		document.addEventListener("pointercancel", (event) => event.pointerId === this.drag?.pointer && this.end());
		document.addEventListener("keydown", (event) => {
			if (event.key === "Escape" && this.drag?.active) {
				event.preventDefault();
				this.end();
				this.desk.notes.hear(say("cancelled_move"));
			}
		});
	}

	private down(event: PointerEvent): void {
		const target = event.target as HTMLElement;
		const id = target.dataset["grip"] ?? target.closest<HTMLElement>(".tt-card")?.dataset["id"];
		const p = id === undefined ? undefined : this.desk.sheet.get(id);
		this.swallow = false;
		if (!p || event.button !== 0 || !event.isPrimary || !this.desk.mayEdit || this.drag) {
			return;
		}
		const box = target.closest("li")!.getBoundingClientRect();
		const grip = p.day === "" ? 0 : (event.clientY - box.top) / this.desk.grid.pixels;
		this.drag = { p, pointer: event.pointerId, kind: target.dataset["grip"] ? "resize" : "move", x: event.clientX, y: event.clientY, grip, pen: event.pointerType === "pen", active: false, timer: 0, base: p.revision, place: undefined };
		this.at = { x: event.clientX, y: event.clientY };
		if (event.pointerType === "touch") {
			this.drag.timer = window.setTimeout(() => this.begin(), HOLD);
		} else {
			event.preventDefault(); // no text is marked
			(target.closest("li")!.querySelector(".tt-card") as HTMLElement).focus({ preventScroll: true });
		}
	}

	private begin(): void {
		const drag = this.drag!;
		drag.active = true;
		clearTimeout(drag.timer);
		document.documentElement.classList.add("tt-dragging");
		this.fade(true);
		navigator.vibrate?.(15);
		this.follow();
		requestAnimationFrame(() => this.roll());
	}

	private fade(on: boolean): void {
		const { grid, tray } = this.desk;
		const id = this.drag?.p.id ?? "";
		(grid.cards.get(id) ?? tray.cards.get(id))?.item.classList.toggle("moving", on);
	}

	private move(event: PointerEvent): void {
		const drag = this.drag;
		if (!drag || event.pointerId !== drag.pointer) {
			return;
		}
		this.at = { x: event.clientX, y: event.clientY };
		const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > SLACK;
		if (!drag.active && far) {
			if (event.pointerType === "touch" && drag.kind === "move") {
				return this.end(); // it scrolls
			}
			this.begin();
		}
		if (drag.active) {
			this.follow();
		}
	}

	// follow shows what letting go here would do.
	private follow(): void {
		const { x, y } = this.at;
		const drag = this.drag!;
		const under = document.elementFromPoint(x, y);
		this.turn(under?.closest<HTMLElement>("[data-day]")?.dataset["day"] ?? "");
		const tray = drag.kind === "move" && under?.closest(".tt-tray") !== null && under !== null;
		this.desk.tray.root.classList.toggle("target", tray);
		const before = drag.place;
		drag.place = tray ? { ...placeOf(drag.p), day: "" } : this.inside(x, y) ? this.spot(x, y) : undefined;
		if (!drag.place || tray) {
			this.desk.preview.away();
			this.point([tray ? say("drop_tray") : say("drop_nowhere")], []);
			return;
		}
		if (JSON.stringify(before) !== JSON.stringify(drag.place) || this.tip.hidden) {
			const found = this.desk.preview.show(drag.p, drag.place);
			this.say(drag.place, found);
		}
		this.stick();
	}

	private say(place: Place, found: Conflict[]): void {
		const room = roomName(this.desk.sheet, { ...place, all_rooms: this.drag!.p.all_rooms });
		this.point([dayName(place.day), range(place), say("minutes", { n: place.dur }), room], found.length > 0 ? [el("span", {}, tally(found)), ...graded(this.desk.sheet, found, this.drag!.p.id, "span")] : []);
	}

	private point(head: string[], why: HTMLElement[]): void {
		this.tip.replaceChildren(el("b", {}, head.join(" · ")), ...why);
		this.tip.hidden = false;
		this.stick();
	}

	// stick keeps the note at the pointer, and in the window.
	private stick(): void {
		const wide = Math.min(300, innerWidth - 16);
		this.tip.style.setProperty("left", Math.max(8, Math.min(this.at.x + 18, innerWidth - wide - 8)) + "px");
		const below = this.at.y + 22 + this.tip.offsetHeight < innerHeight;
		this.tip.style.setProperty("top", (below ? this.at.y + 22 : Math.max(8, this.at.y - this.tip.offsetHeight - 18)) + "px");
	}

	private inside(x: number, y: number): boolean {
		const box = this.desk.grid.root.getBoundingClientRect();
		return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
	}

	private spot(x: number, y: number): Place {
		const drag = this.drag!;
		const { grid, step } = this.desk;
		const at = grid.pointAt(x, y);
		if (drag.kind === "resize") {
			return { ...placeOf(drag.p), dur: stretch(drag.p.start, at.minutes, step) };
		}
		const dur = drag.p.dur || 60;
		const start = clamp(snap(at.minutes - drag.grip, step), dur, grid.hours);
		return { day: grid.day, start: Math.min(start, DAY - step), dur, room: drag.p.all_rooms ? drag.p.room : at.room };
	}

	// turn shows the day over whose name one waits.
	private turn(day: string): void {
		if (day === this.over) {
			return;
		}
		this.over = day;
		clearTimeout(this.turning);
		if (day !== "" && this.drag?.kind === "move") {
			this.turning = window.setTimeout(() => {
				this.desk.showDay(day);
				this.fade(true);
			}, 450);
		}
	}

	// roll scrolls where one holds something at the edge.
	private roll(): void {
		if (!this.drag?.active) {
			return;
		}
		const root = this.desk.grid.root;
		const box = root.getBoundingClientRect();
		const { x, y } = this.at;
		const pull = (at: number, low: number, high: number) => (at < low + 40 ? -Math.min(14, (low + 40 - at) / 3) : at > high - 40 ? Math.min(14, (at - high + 40) / 3) : 0);
		if (this.inside(x, y)) {
			const head = this.desk.grid.head.offsetHeight;
			const before = root.scrollTop + root.scrollLeft;
			root.scrollBy(pull(x, box.left + 30, box.right), pull(y, box.top + head - 20, Math.min(box.bottom, innerHeight)));
			if (root.scrollTop + root.scrollLeft !== before) {
				this.follow();
			}
		}
		requestAnimationFrame(() => this.roll());
	}

	private up(event: PointerEvent): void {
		const drag = this.drag;
		if (!drag || event.pointerId !== drag.pointer) {
			return;
		}
		const place = drag.active ? drag.place : undefined;
		this.swallow = drag.active;
		this.end();
		if (place) {
			this.desk.move(drag.p.id, place, undefined, drag.base);
			this.desk.grid.roam(drag.p.id);
		}
	}

	private end(): void {
		clearTimeout(this.drag?.timer);
		clearTimeout(this.turning);
		this.fade(false);
		this.drag = undefined;
		this.over = "";
		this.tip.hidden = true;
		this.tip.replaceChildren();
		this.desk.preview.hide();
		this.desk.tray.root.classList.remove("target");
		document.documentElement.classList.remove("tt-dragging");
	}

	private click(event: MouseEvent): void {
		if (this.swallow) {
			this.swallow = false;
			event.preventDefault();
			event.stopPropagation();
		}
	}
}
