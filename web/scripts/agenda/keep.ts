import { home, notice, say } from "./page";

// What this device keeps of an event: the panels that were starred, which clock is shown, what was seen. All of it is about
// what is public. The key of a calendar that was made of the stars is kept as well: it opens this list and nothing else.
const prefix = "plenary " + home + " ";

/** What was kept under a name; undefined where nothing was, or the browser keeps nothing. */
export function recall(name: string): unknown {
	try {
		return JSON.parse(localStorage.getItem(prefix + name) ?? "null") ?? undefined;
	} catch {
		return undefined;
	}
}

/** Keeps something. Where the browser refuses, the page goes on without and says so. */
export function keep(name: string, value: unknown): void {
	try {
		if (value === undefined) {
			localStorage.removeItem(prefix + name);
		} else {
			localStorage.setItem(prefix + name, JSON.stringify(value));
		}
	} catch {
		notice("unkept", say("unkept"));
	}
}

/** Tells when another window of this browser has kept something. */
export function onKept(name: string, then: () => void): void {
	addEventListener("storage", (e) => {
		if (e.key === prefix + name) {
			then();
		}
	});
}
