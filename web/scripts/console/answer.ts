// What the page of imports asks the API, and what it says.

// Asked is a request that the form made.
export interface Asked {
	token: string;
	slug: string;
	query: Record<string, string>;
	body: ArrayBuffer | null;
	edits: number; // how often the form had been changed
}

// Part is one thing that did not work: said of a field, of a column of the table, or of none.
export interface Part {
	id?: string;
	header?: string;
	text: string;
	english?: boolean;
}

export interface Fault {
	pointer?: string;
	parameter?: string;
	detail: string;
}

// pathOf reads a JSON pointer that is a URI fragment.
export function pathOf(pointer = ""): string[] {
	const path = pointer.split("/").slice(1);
	return path.map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"));
}

// readJSON gives what a text says, null when it is no JSON.
export function readJSON(text: string): any {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
