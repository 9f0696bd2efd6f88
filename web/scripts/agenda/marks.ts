/** What a device remembers of an item of the agenda. */
export interface Mark {
	id: string;
	mark: string; // what a reader sees of it, in short
	place: string; // when and where
	off: boolean; // cancelled
}

/** What has become of an item since a reader looked. */
export type Change = "new" | "moved" | "changed" | "cancelled";

/** As it is kept, by id. */
export type Seen = Record<string, string>;

export function noteOf(m: Mark): string {
	return `${m.mark} ${m.off ? "-" : "+"}${m.place}`;
}

/** Reads what was kept; null when nothing was, which is a first visit. */
export function seenOf(kept: unknown): Seen | null {
	if (typeof kept !== "object" || kept === null || Array.isArray(kept)) {
		return null;
	}
	return Object.fromEntries(Object.entries(kept).filter((e): e is [string, string] => typeof e[1] === "string"));
}

/** What changed since then. On a first visit nothing did. */
export function changes(seen: Seen | null, now: Mark[]): Map<string, Change> {
	const found = new Map<string, Change>();
	for (const m of seen ? now : []) {
		const before = Object.hasOwn(seen!, m.id) ? seen![m.id]! : "";
		const [mark, place = ""] = before.split(" ");
		if (!before) {
			found.set(m.id, "new");
		} else if (mark !== m.mark) {
			const cancelled = m.off && place[0] === "+";
			found.set(m.id, cancelled ? "cancelled" : place.slice(1) === m.place ? "changed" : "moved");
		}
	}
	return found;
}
