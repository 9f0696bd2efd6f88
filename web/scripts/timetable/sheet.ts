import { fold } from "../agenda/fold";
import { conflictsOf, keyOf, merge } from "./conflicts";
import type { Conflict, Data, Panel, Place, Room } from "./model";
import { placeOf, samePlace } from "./model";

// Sheet is the draft as this window has it: what the server said, and the moves made here that it does not know yet.
export class Sheet {
	readonly panels = new Map<string, Panel>();
	readonly rooms = new Map<string, Room>();
	readonly people = new Map<string, string>();
	readonly colors = new Map<string, string>(); // of tracks
	shown: Conflict[] = [];
	private byPanel = new Map<string, Conflict[]>();
	private moved = new Set<string>(); // since the server last said which conflicts there are
	private folded = new Map<string, string>(); // what is searched in, by panel

	constructor(public data: Data) {
		this.take(data);
	}

	// take puts what the server says in the place of all that was known; keep are panels with moves of which it has not heard.
	take(data: Data, keep: ReadonlySet<string> = new Set()): void {
		this.data = data;
		const mine = new Map([...keep].flatMap((id) => this.panels.get(id) ?? []).map((p) => [p.id, p]));
		for (const list of [this.panels, this.rooms, this.people, this.colors, this.folded]) {
			list.clear();
		}
		for (const p of data.panels) {
			this.panels.set(p.id, { ...p, ...(mine.has(p.id) && placeOf(mine.get(p.id)!)) });
		}
		for (const room of data.rooms) {
			this.rooms.set(room.id, room);
		}
		for (const person of data.people) {
			this.people.set(person.id, person.name);
		}
		for (const track of data.tracks) {
			this.colors.set(track.id, track.color);
		}
		this.moved = new Set(keep);
		this.recount();
	}

	get(id: string): Panel | undefined {
		return this.panels.get(id);
	}

	conflicts(id: string): readonly Conflict[] {
		return this.byPanel.get(id) ?? [];
	}

	// at gives which conflicts the panel would have at another place.
	at(id: string, place: Place): Conflict[] {
		const p = this.panels.get(id);
		return p ? conflictsOf({ ...p, ...place }, this.panels.values(), this.data) : [];
	}

	// put brings a panel to a place and tells which panels look different now.
	put(id: string, place: Place): Set<string> {
		const p = this.panels.get(id);
		if (!p || samePlace(p, place)) {
			return new Set();
		}
		Object.assign(p, placeOf(place));
		this.moved.add(id);
		return this.around(this.recount(), id);
	}

	// replace takes a panel as the server has it, or adds it.
	replace(panel: Panel): Set<string> {
		const old = this.panels.get(panel.id);
		this.panels.set(panel.id, panel);
		this.folded.delete(panel.id);
		if (!old || !samePlace(old, panel) || old.cancelled !== panel.cancelled || old.people.length !== panel.people.length) {
			this.moved.add(panel.id);
		}
		return this.around(this.recount(), panel.id);
	}

	remove(id: string): Set<string> {
		this.panels.delete(id);
		this.moved.delete(id);
		this.data.conflicts = this.data.conflicts.filter((c) => !c.panels.includes(id));
		return this.recount().add(id);
	}

	// told takes the server's word for which conflicts there are; pending are panels of whose moves it has not heard.
	told(conflicts: Conflict[], pending: ReadonlySet<string>): Set<string> {
		this.data.conflicts = conflicts;
		this.moved = new Set(pending);
		return this.recount();
	}

	// toldOf takes the server's word for the conflicts of one panel.
	toldOf(id: string, conflicts: Conflict[]): Set<string> {
		this.data.conflicts = [...this.data.conflicts.filter((c) => !c.panels.includes(id)), ...conflicts];
		this.moved.delete(id);
		return this.recount();
	}

	// around adds the panel and those that say something of it.
	private around(changed: Set<string>, id: string): Set<string> {
		for (const c of this.conflicts(id)) {
			c.panels.forEach((panel) => changed.add(panel));
		}
		return changed.add(id);
	}

	// recount finds the conflicts anew and tells the panels of which they changed.
	private recount(): Set<string> {
		const find = (id: string) => {
			const p = this.panels.get(id);
			return p ? conflictsOf(p, this.panels.values(), this.data) : [];
		};
		this.shown = merge(this.data.conflicts, this.moved, find);
		const before = this.byPanel;
		this.byPanel = new Map();
		for (const c of this.shown) {
			for (const id of c.panels) {
				const list = this.byPanel.get(id);
				if (list) {
					list.push(c);
				} else {
					this.byPanel.set(id, [c]);
				}
			}
		}
		const changed = new Set<string>();
		for (const id of new Set([...before.keys(), ...this.byPanel.keys()])) {
			if (mark(before.get(id)) !== mark(this.byPanel.get(id))) {
				changed.add(id);
			}
		}
		return changed;
	}

	// matches tells whether a panel is among those that are looked for. What is typed has no accents here.
	matches(p: Panel, words: readonly string[], track: string): boolean {
		if (track !== "" && p.track !== track) {
			return false;
		}
		let text = this.folded.get(p.id);
		if (text === undefined) {
			text = fold([p.code, p.title, ...p.people.map((part) => this.people.get(part.id) ?? "")].join(" "));
			this.folded.set(p.id, text);
		}
		return words.every((word) => text.includes(word));
	}

	// on gives the panels of a day.
	on(day: string): Panel[] {
		return [...this.panels.values()].filter((p) => p.day === day);
	}
}

function mark(list: Conflict[] | undefined): string {
	return list ? list.map(keyOf).sort().join("|") : "";
}
