import type { Conflict, Data, Panel, Room, Span } from "./model";
import { comes, instant } from "./model";

// The rules that can be applied without asking the server, so that what a move would do is said while it is made. The server
// knows more (how long each way is, moderators), and what it says replaces what is found here.

// known are the kinds of conflict that are found here. Of the others the server's word stays.
export const known = new Set([
	"room_taken", "person_busy", "person_unavailable", "room_unavailable", "outside_event", "walk_too_short", "room_too_small", "no_room",
]);

const mild = new Set(["walk_too_short", "room_too_small", "no_moderator", "no_room"]);

// Rules is what the rules need to know.
export type Rules = Pick<Data, "event" | "rooms" | "unavailable" | "busy" | "buffer" | "walks">;

function make(kind: string, panels: string[], people: string[] = [], rooms: string[] = []): Conflict {
	return { kind, severity: mild.has(kind) ? "warning" : "error", panels, people, rooms };
}

// takes tells whether the panel holds anybody's time.
function takes(p: Panel): boolean {
	return p.day !== "" && !p.cancelled;
}

function meet(from: number, to: number, start: number, dur: number): boolean {
	return start < to && start + dur > from;
}

// roomsOf gives which rooms a panel takes: one that spans all takes the halls, not the tables.
function roomsOf(p: Panel, rooms: readonly Room[]): Set<string> {
	const taken = new Set(p.all_rooms ? rooms.filter((r) => r.kind !== "table").map((r) => r.id) : []);
	if (p.room) {
		taken.add(p.room);
	}
	return taken;
}

function peopleOf(p: Panel): string[] {
	return [...new Set(p.people.filter(comes).map((part) => part.id))];
}

// conflictsOf gives what the panel clashes with, or would at the place that it has here, among the others.
export function conflictsOf(p: Panel, others: Iterable<Panel>, rules: Rules): Conflict[] {
	if (!takes(p)) {
		return [];
	}
	const found = alone(p, rules);
	const people = new Set(peopleOf(p));
	const mine = roomsOf(p, rules.rooms);
	const parallel = new Set(rules.rooms.filter((r) => r.parallel).map((r) => r.id));
	const from = instant(p);
	const to = from + p.dur;
	const reach = rules.walks.reduce((most, w) => Math.max(most, w.minutes), rules.buffer);
	const near: Panel[] = [];
	for (const q of others) {
		if (q.id === p.id || !takes(q)) {
			continue;
		}
		const start = instant(q);
		if (!meet(from - reach, to + reach, start, q.dur)) {
			continue;
		}
		near.push(q);
		if (!meet(from, to, start, q.dur)) {
			continue;
		}
		const shared = [...roomsOf(q, rules.rooms)].filter((room) => mine.has(room) && !parallel.has(room));
		if (shared.length > 0) {
			found.push(make("room_taken", [p.id, q.id], [], shared));
		}
		for (const person of peopleOf(q)) {
			if (people.has(person)) {
				found.push(make("person_busy", [p.id, q.id], [person]));
			}
		}
	}
	return found.concat(ways(p, near, people, rules));
}

// alone gives what is wrong with the place of the panel whatever else there is.
function alone(p: Panel, rules: Rules): Conflict[] {
	const found: Conflict[] = [];
	const from = instant(p);
	const hit = (span: Span) => meet(from, from + p.dur, instant(span), span.dur);
	for (const person of peopleOf(p)) {
		if (rules.unavailable.some((span) => span.person === person && hit(span))) {
			found.push(make("person_unavailable", [p.id], [person]));
		}
		if (rules.busy.some((span) => span.person === person && hit(span))) {
			found.push(make("person_busy", [p.id], [person]));
		}
	}
	for (const room of roomsOf(p, rules.rooms)) {
		if (rules.busy.some((span) => span.room === room && hit(span)) && !rules.rooms.find((r) => r.id === room)?.parallel) {
			found.push(make("room_taken", [p.id], [], [room]));
		}
	}
	if (p.room && rules.unavailable.some((span) => span.room === p.room && hit(span))) {
		found.push(make("room_unavailable", [p.id], [], [p.room]));
	}
	if (p.day < rules.event.start || p.day > rules.event.end) {
		found.push(make("outside_event", [p.id]));
	}
	if (!p.room && !p.all_rooms) {
		found.push(make("no_room", [p.id]));
	}
	const room = rules.rooms.find((r) => r.id === p.room);
	if (room && room.capacity > 0 && p.expected > room.capacity) {
		found.push(make("room_too_small", [p.id], [], [room.id]));
	}
	return found;
}

// walk gives how long it takes from one room to another. It counts in both directions; the longer one holds.
function walk(a: string, b: string, rules: Rules): number {
	const found = rules.walks.filter((w) => (w.from === a && w.to === b) || (w.from === b && w.to === a));
	return found.length > 0 ? Math.max(...found.map((w) => w.minutes)) : rules.buffer;
}

// ways gives who has too little time to get from one room to another. What comes between two panels is where the way leads.
function ways(p: Panel, near: readonly Panel[], people: ReadonlySet<string>, rules: Rules): Conflict[] {
	const found: Conflict[] = [];
	for (const q of near) {
		if (p.room === "" || q.room === "" || q.room === p.room) {
			continue;
		}
		const [first, second] = instant(p) < instant(q) ? [p, q] : [q, p];
		const left = instant(first) + first.dur;
		const gap = instant(second) - left;
		if (gap < 0 || gap >= walk(p.room, q.room, rules)) {
			continue;
		}
		for (const person of peopleOf(q)) {
			const between = (r: Panel) => r !== q && r.room !== "" && instant(r) >= left && instant(r) + r.dur <= instant(second) && peopleOf(r).includes(person);
			if (people.has(person) && !near.some(between)) {
				found.push(make("walk_too_short", [p.id, q.id], [person], [first.room, second.room]));
			}
		}
	}
	return found;
}

// keyOf names a conflict by what it is about, whichever of its panels it was found for.
export function keyOf(c: Conflict): string {
	return [c.kind, [...c.panels].sort().join(","), [...c.people].sort().join(","), [...c.rooms].sort().join(",")].join("/");
}

// merge gives what is to be shown: what the server said, but of panels that were moved since, what is found here.
export function merge(said: readonly Conflict[], moved: ReadonlySet<string>, find: (id: string) => Conflict[]): Conflict[] {
	const shown = said.filter((c) => !known.has(c.kind) || !c.panels.some((id) => moved.has(id)));
	const seen = new Set<string>();
	for (const id of moved) {
		for (const c of find(id)) {
			const key = keyOf(c);
			if (!seen.has(key)) {
				seen.add(key);
				shown.push(c);
			}
		}
	}
	return shown;
}
