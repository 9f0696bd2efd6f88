/** Something that takes a reader's time. Instants are milliseconds since 1970, the end belongs to the next. */
export interface Span {
	id: string;
	start: number;
	end: number;
	room: string;
	off: boolean; // cancelled: takes no time
}

/** What comes after one of a reader's choice. */
export interface After {
	overlaps: string[]; // in order of their begin, before and after it
	next: string; // the one that follows and does not overlap, "" for none on that day
	minutes: number; // until it
	elsewhere: boolean; // it is in another room
}

const noon = 12 * 36e5;

/** Says of each of a choice what it overlaps with, and how long it is until what follows. */
export function between(chosen: Span[]): Map<string, After> {
	const spans = [...new Map(chosen.filter((s) => !s.off).map((s) => [s.id, s])).values()].sort((a, b) => a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1));
	const said = new Map<string, After>();
	for (const s of spans) {
		const overlaps = spans.filter((o) => o !== s && o.start < s.end && s.start < o.end).map((o) => o.id);
		const next = spans.find((o) => o.start >= s.end && o !== s);
		const near = next && next.start - s.end < noon ? next : undefined;
		said.set(s.id, {
			overlaps, next: near?.id ?? "", minutes: near ? Math.round((near.start - s.end) / 6e4) : 0,
			elsewhere: !!near && !!near.room && !!s.room && near.room !== s.room,
		});
	}
	return said;
}

/** What is on at an instant, and what begins next, within a day: what is months ahead is not next. */
export function around(spans: Span[], at: number): { running: Set<string>; next: Set<string> } {
	const on = spans.filter((s) => !s.off);
	const soonest = Math.min(...on.filter((s) => s.start > at && s.start < at + 2 * noon).map((s) => s.start));
	return {
		running: new Set(on.filter((s) => s.start <= at && at < s.end).map((s) => s.id)),
		next: new Set(on.filter((s) => s.start === soonest).map((s) => s.id)),
	};
}
