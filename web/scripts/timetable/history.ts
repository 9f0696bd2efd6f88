import type { Place } from "./model";
import { placeOf, samePlace } from "./model";

// Step is one move of one panel.
export interface Step {
	id: string;
	before: Place;
	after: Place;
}

// Back is what undoing or redoing came to: the step and where its panel goes, or that somebody else overtook it.
export interface Back {
	step: Step;
	to: Place;
	overtaken: boolean;
}

// History keeps which moves were made here, to take them back and to make them again. It is of this window alone: what others
// moved is theirs to take back.
export class History {
	private done: Step[] = [];
	private undone: Step[] = [];

	constructor(private readonly most = 200) {}

	get canUndo(): boolean {
		return this.done.length > 0;
	}

	get canRedo(): boolean {
		return this.undone.length > 0;
	}

	add(id: string, before: Place, after: Place): void {
		if (samePlace(before, after)) {
			return;
		}
		this.done.push({ id, before: placeOf(before), after: placeOf(after) });
		if (this.done.length > this.most) {
			this.done.shift();
		}
		this.undone = [];
	}

	// undo takes the last step back, if its panel is where the step brought it: now gives where it is. Otherwise the step is
	// forgotten, and whoever asked is told.
	undo(now: (id: string) => Place | undefined): Back | undefined {
		return this.turn(this.done, this.undone, (s) => s.after, (s) => s.before, now);
	}

	redo(now: (id: string) => Place | undefined): Back | undefined {
		return this.turn(this.undone, this.done, (s) => s.before, (s) => s.after, now);
	}

	// forget drops the last step of that panel: it did not come about.
	forget(id: string): void {
		for (const list of [this.done, this.undone]) {
			const at = list.findLastIndex((s) => s.id === id);
			if (at >= 0) {
				list.splice(at, 1);
			}
		}
	}

	private turn(from: Step[], to: Step[], at: (s: Step) => Place, aim: (s: Step) => Place, now: (id: string) => Place | undefined): Back | undefined {
		const step = from.pop();
		if (!step) {
			return undefined;
		}
		const is = now(step.id);
		const overtaken = is === undefined || !samePlace(is, at(step));
		if (!overtaken) {
			to.push(step);
		}
		return { step, to: aim(step), overtaken };
	}
}
