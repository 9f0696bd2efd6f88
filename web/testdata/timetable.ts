import { fold } from "./agenda/fold";
import { conflictsOf, keyOf, merge } from "./timetable/conflicts";
import type { Rules } from "./timetable/conflicts";
import { clamp, free, hours, lanes, snap, step, stretch } from "./timetable/geometry";
import { History } from "./timetable/history";
import { clock, dayNumber, dayOf, placeAt, placeOf, proper, readClock, samePlace, slotOf, wall } from "./timetable/model";
import type { Conflict, Panel, Place } from "./timetable/model";

// What the timetable computes, tried with cases and with chance. It runs in Node: see TestTheTimetableComputes.

const faults: string[] = [];
let checks = 0;

function equal(got: unknown, want: unknown, what: string): void {
	checks++;
	if (JSON.stringify(got) !== JSON.stringify(want)) {
		faults.push(`${what}: ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
	}
}

const truth = (is: boolean, what: string) => equal(is, true, what);

// chance gives the same numbers each time (mulberry32).
function chance(seed: number): (n: number) => number {
	let a = seed;
	return (n) => {
		a = (a + 0x6d2b79f5) | 0;
		let t = Math.imul(a ^ (a >>> 15), 1 | a);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
	};
}

const days = ["2027-03-27", "2027-03-28", "2027-03-29"];

function panel(id: string, more: Partial<Panel> = {}): Panel {
	return { id, code: id.toUpperCase(), title: id, lang: "en", format: "talk", track: "", all_rooms: false, people: [], break: false, cancelled: false, unconfirmed: false,
		expected: 0, revision: 1, url: "", day: days[0]!, start: 540, dur: 60, room: "a", ...more };
}

const rules: Rules = {
	event: { slug: "e", zone: "Europe/Paris", start: days[0]!, end: days[2]!, languages: ["en"] },
	rooms: ["a", "b", "c", "yard", "table"].map((id) => ({ id, name: id, lang: "en", kind: id === "table" ? "table" : "hall", capacity: id === "b" ? 50 : 0, parallel: id === "yard" })),
	unavailable: [{ person: "p0", day: days[0]!, start: 0, dur: 540 }, { room: "c", day: days[1]!, start: 600, dur: 120 }],
	busy: [{ person: "p1", day: days[0]!, start: 700, dur: 30 }, { room: "a", day: days[2]!, start: 600, dur: 30 }],
	buffer: 10,
	walks: [{ from: "a", to: "c", minutes: 25 }],
};

const part = (id: string, status = "confirmed") => ({ id, role: "speaker", status });
const kinds = (list: Conflict[]) => list.map((c) => c.kind).sort();

function testClock(): void {
	for (const [text, want] of [["9", 540], ["9:05", 545], ["09:05", 545], ["0905", 545], ["9h05", 545], ["9.30", 570], ["24:30", 1470], ["9:5", undefined], ["99:00", undefined], ["", undefined],
		["9:60", undefined], ["nine", undefined], [" 10:00 ", 600], ["10h", 600]] as const) {
		equal(readClock(text), want, `readClock(${text})`);
	}
	for (let m = 0; m < 1440; m += 7) {
		equal(readClock(clock(m)), m, "a time that is written is read");
	}
	equal(wall("2027-03-27", 1470), "2027-03-28T00:30:00", "past midnight");
	equal(wall("2028-02-29", 1440), "2028-03-01T00:00:00", "past a leap day");
	equal(dayOf(dayNumber("2027-12-31") + 1), "2028-01-01", "the day after");
	equal(fold("Đồng bằng sông Cửu Long, ÉLÈVE"), "dong bang song cuu long, eleve", "fold");
}

function testSlots(): void {
	const next = chance(1);
	for (let i = 0; i < 500; i++) {
		const place: Place = { day: days[next(3)]!, start: next(1800), dur: 1 + next(2000), room: ["", "a"][next(2)]! };
		truth(samePlace(placeAt(slotOf(place), { ...place, day: "", start: 0 }), place), "a slot that is sent is read: " + JSON.stringify(place));
		equal(placeAt(slotOf(place), place), proper(place), "what begins after midnight belongs to the next day");
	}
	// Whatever offset the server writes, the clock of the event counts.
	equal(placeAt({ room: "a", start: "2027-03-28T09:00:00+02:00", end: "2027-03-28T10:30:00+02:00" }, panel("x")), { day: "2027-03-28", start: 540, dur: 90, room: "a" }, "placeAt");
	equal(placeAt(undefined, panel("x")).day, "", "no slot is no day");
}

function testLanes(): void {
	const next = chance(2);
	for (let round = 0; round < 300; round++) {
		const least = 1 + next(30);
		const items = Array.from({ length: next(14) }, (_, i) => ({ id: String(i), start: next(200), dur: 1 + next(90) }));
		const at = lanes(items, least);
		equal(at.size, items.length, "everything has a lane");
		for (const a of items) {
			const mine = at.get(a.id)!;
			truth(mine.lane >= 0 && mine.lane < mine.of && mine.of <= items.length, "a lane is one of those that are there");
			for (const b of items) {
				const theirs = at.get(b.id)!;
				const meet = a.start < b.start + Math.max(b.dur, least) && b.start < a.start + Math.max(a.dur, least);
				if (a !== b && meet) {
					truth(mine.lane !== theirs.lane, `lanes overlap: ${JSON.stringify([a, b, mine, theirs])}`);
					equal(mine.of, theirs.of, "what is beside each other is as wide");
				}
			}
		}
		equal([...lanes([...items].reverse(), least)].sort(), [...at].sort(), "the order does not matter");
	}
}

function testGeometry(): void {
	equal(hours([{ start: 430, dur: 60 }, { start: 1400, dur: 90 }]), { from: 420, to: 1500 }, "hours");
	equal(hours([]), { from: 480, to: 1140 }, "hours of an empty day");
	equal([step(540, 1, 15), step(547, 1, 15), step(547, -1, 15), step(540, -2, 15)], [555, 555, 540, 510], "step");
	equal([snap(547, 15), snap(548, 15), stretch(540, 541, 15), stretch(540, 623, 15)], [540, 555, 15, 90], "snap and stretch");
	const next = chance(3);
	for (let i = 0; i < 500; i++) {
		const h = { from: 60 * next(10), to: 1200 };
		const dur = 1 + next(200);
		const at = clamp(next(3000) - 500, dur, h);
		truth(at >= h.from && at + dur <= h.to, "what is dropped is seen");
		const taken = Array.from({ length: 6 }, (_, n) => panel(String(n), { start: 480 + next(600), dur: 15 + next(60) }));
		const start = free(taken, { day: days[0]!, start: 0, dur, room: "a" }, { from: 480, to: 1140 }, 5);
		truth(taken.every((p) => p.start >= start + dur || p.start + p.dur <= start), "what is free is free");
	}
}

function testRules(): void {
	const two = (a: Partial<Panel>, b: Partial<Panel>) => kinds(conflictsOf(panel("x", a), [panel("y", b)], rules));
	equal(two({}, {}), ["room_taken"], "the same room");
	equal(two({}, { start: 600 }), [], "one after another");
	equal(two({ room: "yard" }, { room: "yard" }), [], "a room for several");
	equal(two({ people: [part("p2")] }, { room: "b", people: [part("p2")] }), ["person_busy"], "the same person");
	equal(two({ people: [part("p2", "declined")] }, { room: "b", people: [part("p2")] }), [], "who declined is free");
	equal(two({ cancelled: true }, {}), [], "what is cancelled takes nothing");
	equal(two({ day: "" }, {}), [], "what has no time takes nothing");
	equal(two({}, { all_rooms: true, room: "" }), ["room_taken"], "a break takes all rooms");
	equal(two({ room: "table" }, { all_rooms: true, room: "" }), [], "but no tables");
	equal(two({ people: [part("p2")] }, { room: "b", start: 605, people: [part("p2")] }), ["walk_too_short"], "the buffer");
	equal(two({ people: [part("p2")] }, { room: "b", start: 610, people: [part("p2")] }), [], "enough of a buffer");
	equal(two({ people: [part("p2")] }, { room: "c", start: 620, people: [part("p2")] }), ["walk_too_short"], "a way of its own");
	equal(two({ room: "c", start: 620, people: [part("p2")] }, { people: [part("p2")] }), ["walk_too_short"], "and back");
	equal(two({ start: 500, people: [part("p0")] }, { room: "b" }), ["person_unavailable"], "a person who is not there");
	equal(two({ start: 690, people: [part("p1")] }, { room: "b" }), ["person_busy"], "a person who is in a meeting");
	equal(two({ day: days[1], room: "c", start: 660 }, { room: "b" }), ["room_unavailable"], "a room that is shut");
	equal(two({ day: days[2], start: 600 }, { room: "b" }), ["room_taken"], "a room in which a meeting is");
	equal(two({ day: "2027-03-30" }, { room: "b" }), ["outside_event"], "another day");
	equal(two({ room: "" }, { room: "b" }), ["no_room"], "no room");
	equal(two({ room: "b", expected: 51 }, {}), ["room_too_small"], "a small room");
	equal(two({ day: days[0], start: 1430, dur: 60 }, { day: days[1], start: 30 }), ["room_taken"], "over midnight");
	const between = [panel("y", { room: "b", start: 605, dur: 30, people: [part("p2")] }), panel("z", { room: "a", start: 600, dur: 5, people: [part("p2")] })];
	equal(kinds(conflictsOf(panel("x", { room: "c", people: [part("p2")] }), between, rules)).filter((k) => k === "walk_too_short").length, 1, "the way leads by what is between");
}

function random(next: (n: number) => number, n: number): Panel[] {
	return Array.from({ length: n }, (_, i) => panel(String(i), {
		day: ["", ...days][next(4)]!, start: 5 * next(280), dur: 5 * (1 + next(30)), room: ["a", "b", "c", "yard", ""][next(5)]!, all_rooms: next(12) === 0, cancelled: next(15) === 0,
		people: Array.from({ length: next(3) }, () => part("p" + next(8), ["confirmed", "invited", "declined"][next(3)]!)),
	}));
}

// A clash of two is found from both sides, and moving one changes only what it has a part in.
function testSymmetry(): void {
	const next = chance(4);
	for (let round = 0; round < 60; round++) {
		const all = random(next, 40);
		const found = new Map(all.map((p) => [p.id, conflictsOf(p, all, rules)]));
		for (const [id, list] of found) {
			equal(new Set(list.map(keyOf)).size, list.length, "no conflict twice");
			for (const c of list) {
				const other = c.panels.find((panel) => panel !== id);
				if (other !== undefined) {
					truth(found.get(other)!.some((d) => keyOf(d) === keyOf(c)), `${keyOf(c)} is not found from ${other}`);
				}
			}
		}
		const whole = merge([], new Set(found.keys()), (id) => found.get(id)!);
		const some = new Set([...found.keys()].filter(() => next(2) === 0));
		equal(merge(whole, some, (id) => found.get(id)!).map(keyOf).sort(), whole.map(keyOf).sort(), "what is found here fits what the server says");
	}
}

// Undo after any moves leads back where it began, redo to where it ended, and nothing of others is undone.
function testHistory(): void {
	const next = chance(5);
	for (let round = 0; round < 100; round++) {
		const at = new Map(Array.from({ length: 5 }, (_, i) => [String(i), placeOf(panel(String(i), { start: 600 + 60 * i }))]));
		const history = new History();
		const go = (id: string, place: Place) => at.set(id, place);
		const begin = JSON.stringify([...at]);
		const moves = 1 + next(20);
		for (let i = 0; i < moves; i++) {
			const id = String(next(5));
			const to = { day: days[next(3)]!, start: 15 * next(90), dur: 15 * (1 + next(8)), room: "abc"[next(3)]! };
			history.add(id, at.get(id)!, to);
			go(id, to);
		}
		const end = JSON.stringify([...at]);
		for (let back; (back = history.undo((id) => at.get(id))); go(back.step.id, back.to)) {
			truth(!back.overtaken, "nobody overtook");
		}
		equal(JSON.stringify([...at]), begin, "undo leads back");
		for (let back; (back = history.redo((id) => at.get(id))); go(back.step.id, back.to)) {
			truth(!back.overtaken, "nobody overtook");
		}
		equal(JSON.stringify([...at]), end, "redo leads forth");
		const last = history.undo((id) => ({ ...at.get(id)!, room: "elsewhere" }));
		truth(last === undefined || last.overtaken, "what somebody else moved is not undone");
	}
	const history = new History(2);
	equal([history.canUndo, history.undo(() => undefined)], [false, undefined], "an empty history");
	history.add("x", panel("x"), panel("x"));
	truth(!history.canUndo, "a move to the same place is none");
	for (const room of ["b", "c", "d"]) {
		history.add("x", panel("x"), panel("x", { room }));
	}
	history.undo(() => panel("x", { room: "d" }));
	history.add("x", panel("x"), panel("x", { room: "e" }));
	truth(!history.canRedo, "a new move ends what could be redone");
	history.forget("x");
	truth(history.canUndo, "one step is forgotten, not all");
}

for (const test of [testClock, testSlots, testLanes, testGeometry, testRules, testSymmetry, testHistory]) {
	test();
}
for (const fault of faults.slice(0, 20)) {
	console.log(fault);
}
console.log(faults.length === 0 ? `ok ${checks}` : `${faults.length} of ${checks} failed`);
