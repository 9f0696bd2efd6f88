/** Reads a list of ids as it was kept; what is none is an empty one. */
export function listOf(kept: unknown): string[] {
	return Array.isArray(kept) ? [...new Set(kept.filter((id): id is string => typeof id === "string"))] : [];
}

/** What two who changed a list without knowing of each other want it to be: base is what both knew. */
export function merge(base: string[], mine: string[], theirs: string[]): string[] {
	const kept = theirs.filter((id) => mine.includes(id) || !base.includes(id));
	return [...kept, ...mine.filter((id) => !base.includes(id) && !kept.includes(id))];
}

/** Whether two lists have the same ids, in whatever order. */
export function same(a: string[], b: string[]): boolean {
	return a.length === b.length && a.every((id) => b.includes(id));
}

const name = "#stars=";

/** The fragment of an address that takes the codes of panels to another device. Browsers send no fragment to any server. */
export function fragmentOf(codes: string[]): string {
	return name + codes.join(".");
}

/** The codes in a fragment, or null where it is about something else. */
export function codesIn(fragment: string): string[] | null {
	if (!fragment.startsWith(name)) {
		return null;
	}
	return listOf(fragment.slice(name.length).split(".").filter((code) => /^[A-Z0-9]{3,12}$/.test(code))).slice(0, 1000);
}
