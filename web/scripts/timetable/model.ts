// What the timetable is made of. Times are whole minutes of the event's own clock, counted from the midnight with which a day
// begins: no Date of the browser and no zone of it is ever used for one.

// Place is where and when a panel is. Without a day it is unscheduled.
export interface Place {
	day: string;
	start: number;
	dur: number;
	room: string; // "" for what spans all rooms, or has no room yet
}

// Part is somebody's part in a panel.
export interface Part {
	id: string;
	role: string;
	status: string;
}

export interface Panel extends Place {
	id: string;
	code: string;
	title: string;
	lang: string;
	format: string;
	track: string;
	all_rooms: boolean;
	people: Part[];
	break: boolean;
	cancelled: boolean;
	unconfirmed: boolean;
	revision: number;
	url: string;
	expected: number; // people; 0: unknown
}

export interface Room {
	id: string;
	name: string;
	lang: string;
	kind: string;
	capacity: number;
	parallel: boolean;
}

export interface Track {
	id: string;
	name: string;
	color: string;
}

// Span is time in which a person or a room is not free.
export interface Span {
	person?: string;
	room?: string;
	day: string;
	start: number;
	dur: number;
}

export interface Conflict {
	kind: string;
	severity: string;
	message?: string;
	panels: string[];
	people: string[];
	rooms: string[];
}

// Data is what the server says of the draft.
export interface Data {
	event: { slug: string; zone: string; start: string; end: string; languages: string[] };
	may_edit: boolean;
	days: string[];
	rooms: Room[];
	tracks: Track[];
	people: { id: string; name: string }[];
	panels: Panel[];
	unavailable: Span[];
	busy: Span[];
	buffer: number; // minutes from one room to another, where walks has none
	walks: { from: string; to: string; minutes: number }[];
	conflicts: Conflict[];
	revision: string;
}

export const DAY = 24 * 60;

// LONGEST is how long a panel may be, in minutes, as the server has it.
export const LONGEST = 36 * 60;

// placeOf gives the place alone.
export function placeOf(p: Place): Place {
	return { day: p.day, start: p.start, dur: p.dur, room: p.room };
}

// samePlace tells whether both are the same. Two that are unscheduled are, whatever else they say.
export function samePlace(a: Place, b: Place): boolean {
	if (a.day === "" || b.day === "") {
		return a.day === b.day;
	}
	return instant(a) === instant(b) && a.dur === b.dur && a.room === b.room;
}

// dayNumber counts the days from a day long ago, so that days can be reckoned with.
export function dayNumber(day: string): number {
	const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
	return Date.UTC(year, month - 1, date) / 86_400_000;
}

// dayOf is the opposite of dayNumber.
export function dayOf(n: number): string {
	return new Date(n * 86_400_000).toISOString().slice(0, 10);
}

// instant gives the minutes of the event's clock from a day long ago: what is past midnight comes to the same as what is
// early on the next day.
export function instant(p: { day: string; start: number }): number {
	return dayNumber(p.day) * DAY + p.start;
}

// clock writes minutes as HH:MM; what is past midnight begins at 00:00 again.
export function clock(minutes: number): string {
	const m = ((minutes % DAY) + DAY) % DAY;
	return String(Math.floor(m / 60)).padStart(2, "0") + ":" + String(m % 60).padStart(2, "0");
}

// range writes from when to when.
export function range(p: { start: number; dur: number }): string {
	return clock(p.start) + "–" + clock(p.start + p.dur);
}

// readClock reads what people type as a time: 9:05, 09:05, 0905, 9h05, 9. It gives undefined for what is none. Hours up to 35 are
// those after the midnight of the day.
export function readClock(text: string): number | undefined {
	const m = /^\s*(\d{1,2})\s*(?:[:.hH]\s*(\d{2})?|(\d{2}))?\s*$/.exec(text);
	if (!m) {
		return undefined;
	}
	const hours = Number(m[1]);
	const minutes = Number(m[2] ?? m[3] ?? 0);
	return hours < 36 && minutes < 60 ? hours * 60 + minutes : undefined;
}

// proper gives the place by the day on which the clock shows its start: what begins after midnight belongs to the next one.
export function proper(p: Place): Place {
	return p.day === "" ? placeOf(p) : { ...placeOf(p), day: dayOf(Math.floor(instant(p) / DAY)), start: ((p.start % DAY) + DAY) % DAY };
}

// wall writes a time as the server reads it: by the event's clock, without an offset. The server has the zone.
export function wall(day: string, minutes: number): string {
	return dayOf(dayNumber(day) + Math.floor(minutes / DAY)) + "T" + clock(minutes) + ":00";
}

// Slot is a place as the API has it.
export interface Slot {
	room?: string;
	start: string;
	end: string;
}

// slotOf gives the place as the API has it.
export function slotOf(p: Place): Slot {
	return { ...(p.room && { room: p.room }), start: wall(p.day, p.start), end: wall(p.day, p.start + p.dur) };
}

// placeAt reads a slot of the API: its times begin with what the event's clock shows.
export function placeAt(slot: Slot | undefined, like: Place): Place {
	if (!slot) {
		return { ...placeOf(like), day: "", room: "" };
	}
	const at = (s: string) => dayNumber(s.slice(0, 10)) * DAY + Number(s.slice(11, 13)) * 60 + Number(s.slice(14, 16));
	const start = at(slot.start);
	const day = slot.start.slice(0, 10);
	return { day, start: start - dayNumber(day) * DAY, dur: at(slot.end) - start, room: slot.room ?? "" };
}

// comes tells whether somebody's time is taken by their part.
export function comes(part: Part): boolean {
	return part.status === "invited" || part.status === "confirmed";
}
