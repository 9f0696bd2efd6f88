import { fold } from "../agenda/fold";
import { free } from "./geometry";
import { Grid } from "./grid";
import { Hearing } from "./hearing";
import { History } from "./history";
import type { Back } from "./history";
import { Lists } from "./lists";
import type { Conflict, Data, Panel, Place } from "./model";
import { placeAt, placeOf, proper, samePlace, slotOf } from "./model";
import { Notes } from "./notes";
import { Outbox, problemOf, request } from "./outbox";
import type { PanelBody, Problem } from "./outbox";
import { Preview } from "./preview";
import { apart, reasons, titled, where } from "./sentence";
import { Sheet } from "./sheet";
import { Tray } from "./tray";
import { openChoice } from "./dialog";
import { count, dayName, say } from "./words";

// Wish is a panel that is to be made.
export interface Wish {
	title: string;
	lang: string;
	format: string;
	all: boolean;
	place: Place;
}

// Desk is where it comes together: every move goes through here, by whatever it was made.
export class Desk {
	readonly sheet: Sheet;
	readonly grid: Grid;
	readonly tray: Tray;
	readonly notes = new Notes();
	readonly history = new History();
	readonly preview: Preview;
	readonly lists: Lists;
	readonly outbox: Outbox;
	readonly hearing = new Hearing(this);
	step = 15;
	onDraw: () => void = () => undefined; // the bar says what there is
	onRetry: () => void = () => undefined; // whoever was signed out is back
	onShape: () => void = () => undefined; // there are other days, rooms or tracks
	private truth = new Map<string, { place: Place; revision: number }>(); // what the server is known to have
	private waiting = new Map<string, (problem?: Problem) => void>();
	late = new Map<string, { panel: Panel; by: string }>(); // what was heard of panels that are on their way
	private words: string[] = [];
	private track = "";

	constructor(data: Data, readonly at: { api: string; data: string; signIn: string }) {
		this.sheet = new Sheet(data);
		this.grid = new Grid(this.sheet);
		this.tray = new Tray(this.sheet);
		this.preview = new Preview(this.sheet, this.grid);
		this.lists = new Lists(this.sheet, this.grid, (id) => this.lead(id));
		this.outbox = new Outbox(at.api, {
			settled: (id, revision, place, conflicts) => this.settled(id, revision, place, conflicts),
			stale: (id, mine, theirs, revision) => this.stale(id, mine, theirs, revision),
			refused: (id, problem) => this.refused(id, problem),
			away: (waiting, seconds) => this.away(waiting, seconds),
			signedOut: () => this.signedOut(),
		});
		this.learn(data.panels);
	}

	// signedOut says that nothing can be saved now. In another tab one signs in; what waits here is sent then.
	signedOut(): void {
		const again = () => {
			this.notes.warn("");
			this.outbox.retry();
			this.onRetry();
		};
		this.notes.warn(say("signed_out"), { label: say("sign_in"), run: () => window.open(this.at.signIn, "_blank", "noopener") }, { label: say("retry"), run: again });
	}

	get mayEdit(): boolean {
		return this.sheet.data.may_edit;
	}

	// learn notes what the server has.
	learn(panels: readonly Panel[]): void {
		for (const p of panels) {
			this.truth.set(p.id, { place: placeOf(p), revision: p.revision });
		}
	}

	// draw makes everything anew.
	draw(): void {
		this.grid.draw();
		this.tray.draw();
		this.lists.draw();
		this.light();
		this.onDraw();
	}

	// refresh draws what changed.
	refresh(changed: ReadonlySet<string>): void {
		this.grid.update(changed);
		this.tray.update(changed);
		this.lists.draw();
		this.light(changed);
		this.onDraw();
	}

	// showDay turns to another day.
	showDay(day: string): void {
		if (day !== this.grid.day && this.sheet.data.days.includes(day)) {
			this.grid.day = day;
			this.grid.draw();
			this.light();
			this.onDraw();
			history.replaceState(null, "", "#" + day); // a reload leads back here
		}
	}

	// lead shows a panel and brings the keyboard to it.
	lead(id: string): void {
		const p = this.sheet.get(id);
		if (!p) {
			return;
		}
		if (p.day === "") {
			this.tray.root.open = true;
			this.seek("", "");
		} else {
			this.grid.hidden.delete(p.room);
			this.grid.day = p.day;
			this.grid.draw();
			this.light();
			this.lists.draw();
			this.onDraw();
		}
		const card = this.grid.cards.get(id) ?? this.tray.cards.get(id);
		card?.button.scrollIntoView({ block: "center", inline: "center" });
		card?.button.focus({ preventScroll: true });
	}

	// seek marks what is looked for, and tells how much was found.
	seek(text: string, track: string): void {
		this.words = fold(text).split(/\s+/).filter(Boolean);
		this.track = track;
		this.tray.sift((p) => this.sheet.matches(p, this.words, this.track));
		this.light();
		const found = [...this.sheet.panels.values()].filter((p) => this.sheet.matches(p, this.words, this.track));
		if (this.words.length > 0 || track !== "") {
			this.notes.hear(count("found", found.length));
		}
	}

	private light(ids: Iterable<string> = this.grid.cards.keys()): void {
		const all = this.words.length === 0 && this.track === "";
		for (const id of ids) {
			const p = this.sheet.get(id);
			const set = this.grid.cards.get(id)?.button.classList;
			if (p && set) {
				const matches = all || this.sheet.matches(p, this.words, this.track);
				set.toggle("dim", !matches);
				set.toggle("found", matches && !all);
			}
		}
	}

	// suggest gives a place for what has none.
	suggest(p: Panel): Place {
		const room = p.all_rooms ? "" : (this.grid.rooms.find((id) => id !== "") ?? "");
		const place = { day: this.grid.day, start: 0, dur: p.dur || 60, room };
		return { ...place, start: free(this.sheet.on(this.grid.day), place, this.grid.hours, this.step) };
	}

	// move brings a panel to another place. Whoever waits is told when the server has it, or what it says against it.
	// The base is the revision that was seen when the move began: what others did since is not run over.
	move(id: string, place: Place, waits?: (problem?: Problem) => void, base?: number): void {
		const p = this.sheet.get(id);
		if (!p || !this.mayEdit) {
			return;
		}
		const before = placeOf(p);
		const to = place.day === "" ? { ...before, day: "", room: "" } : proper(place);
		if (samePlace(before, to)) {
			waits?.();
			return;
		}
		this.history.add(id, before, to);
		this.go(p, to, waits, base);
		const text = to.day === "" ? say("unscheduled_now", { panel: titled(p) }) : say("moved", { panel: titled(p), place: where(this.sheet, p) });
		const why = reasons(this.sheet, this.sheet.conflicts(id), id);
		this.notes.toast(to.day === "" ? text : [text, ...why].join(" "), { label: say("take_back"), run: () => this.undo() });
	}

	private go(p: Panel, to: Place, waits?: (problem?: Problem) => void, base = p.revision): void {
		this.notes.drop(say("take_back")); // undo is of the last move alone
		this.waiting.get(p.id)?.();
		this.waiting.delete(p.id);
		if (waits) {
			this.waiting.set(p.id, waits);
		}
		const begin = performance.now();
		this.refresh(this.sheet.put(p.id, to));
		performance.measure("timetable-move", { start: begin });
		this.outbox.send(p.id, placeOf(to), base);
	}

	undo(): void {
		this.turn(this.history.undo((id) => this.sheet.get(id)), "undone", "undo_none");
	}

	redo(): void {
		this.turn(this.history.redo((id) => this.sheet.get(id)), "redone", "redo_none");
	}

	private turn(back: Back | undefined, done: string, none: string): void {
		const p = back && this.sheet.get(back.step.id);
		if (!back || back.overtaken || !p) {
			const text = back ? say("overtaken", { panel: titled(p), place: p ? where(this.sheet, p) : "" }) : say(none);
			back ? this.notes.toast(text, undefined, true) : this.notes.hear(text);
			return this.onDraw();
		}
		this.go(p, back.to);
		if (p.day !== "" && p.day !== this.grid.day) {
			this.showDay(p.day);
		}
		this.notes.hear(say(done, { panel: titled(p), place: where(this.sheet, p) }));
	}

	// create makes a panel; what the server says against it is given back.
	async create(wish: Wish, key: string): Promise<Problem | undefined> {
		this.making = true; // what is new in the meantime is this one
		try {
			return await this.post(wish, key);
		} finally {
			this.making = false;
		}
	}

	making = false;

	private async post(wish: Wish, key: string): Promise<Problem | undefined> {
		let answer: Response;
		let body: unknown;
		try {
			answer = await request(this.at.api + "panels", "POST",
				{ title: { [wish.lang]: wish.title }, format: wish.format, all_rooms: wish.all, slot: slotOf(wish.place) }, { "Idempotency-Key": key });
			body = await answer.json().catch(() => undefined);
		} catch {
			return { status: 0, detail: say("offline_new"), errors: [] };
		}
		if (!answer.ok) {
			return answer.status === 401 ? { status: 401, detail: say("signed_out"), errors: [] } : problemOf(answer.status, body);
		}
		const made = body as PanelBody & { code: string };
		if (!this.sheet.get(made.id)) {
			this.hearing.hear({ panels: [{ ...placeAt(made.slot, wish.place), id: made.id, code: made.code, title: wish.title, lang: wish.lang, format: wish.format, track: "",
				all_rooms: wish.all, people: [], break: wish.format === "break", cancelled: false, unconfirmed: false, expected: 0, revision: made.revision, url: "" }] });
		}
		this.notes.hear(say("made", { panel: apart(wish.title) }));
		setTimeout(() => {
			this.lead(made.id);
			void this.hearing.resync(); // for what is known of it there only
		}, 0);
		return undefined;
	}

	private settled(id: string, revision: number, place: Place, conflicts: Conflict[] | undefined): void {
		const p = this.sheet.get(id);
		this.truth.set(id, { place, revision });
		if (p) {
			p.revision = revision;
			const changed = this.sheet.put(id, place);
			const told = conflicts ? this.sheet.toldOf(id, conflicts) : [];
			this.refresh(new Set([...changed, ...told]));
		}
		this.waiting.get(id)?.();
		this.waiting.delete(id);
		const late = this.late.get(id);
		this.late.delete(id);
		if (late && late.panel.revision > revision) {
			this.hearing.hear({ by: late.by ? [{ name: late.by, panel: id }] : [], panels: [late.panel] });
		}
	}

	private stale(id: string, mine: Place, theirs: Place, revision: number): void {
		const p = this.sheet.get(id);
		this.waiting.get(id)?.();
		this.waiting.delete(id);
		if (!p) {
			return;
		}
		this.history.forget(id);
		this.notes.drop(say("take_back"));
		this.truth.set(id, { place: theirs, revision });
		const late = this.late.get(id);
		this.late.delete(id);
		if (late && late.panel.revision >= revision) {
			this.sheet.replace({ ...late.panel, ...theirs });
		}
		const now = this.sheet.get(id)!;
		now.revision = revision;
		this.refresh(this.sheet.put(id, theirs).add(id));
		this.notes.hear(say("stale_title"), true);
		const last = this.hearing.last.get(id);
		openChoice(this, now, mine, theirs, last?.revision === revision ? last.by : "", () => {
			this.move(id, mine);
			this.lead(id);
		});
	}

	private refused(id: string, problem: Problem): void {
		const truth = this.truth.get(id);
		const p = this.sheet.get(id);
		const waits = this.waiting.get(id);
		this.waiting.delete(id);
		this.history.forget(id);
		this.notes.drop(say("take_back"));
		if (p && truth) {
			p.revision = truth.revision;
			this.refresh(this.sheet.put(id, truth.place).add(id));
		}
		if (waits) {
			return waits(problem);
		}
		const why = [problem.detail, ...problem.errors.map((fault) => fault.detail)].filter(Boolean).join(" ");
		this.notes.toast(say("refused_move", { panel: titled(p), why }), undefined, true);
	}

	private away(waiting: number, seconds: number): void {
		if (waiting === 0) {
			this.notes.warn("");
			this.notes.toast(say("online"));
			return;
		}
		this.notes.warn(count("offline", waiting, { seconds }), { label: say("retry"), run: () => this.outbox.retry() });
		for (const [id, waits] of this.waiting) {
			this.waiting.delete(id);
			waits();
		}
	}

	dayBeside(by: number, from = this.grid.day): string {
		const days = this.sheet.data.days;
		return days[days.indexOf(from) + by] ?? from;
	}

	tellDay(): void {
		this.notes.hear(count("day_shown", this.grid.cards.size, { day: dayName(this.grid.day, "long") }));
	}
}
