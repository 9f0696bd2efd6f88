// What a screen knows: see screenData in internal/server/page_screen_data.go. Instants are Unix milliseconds.

export type Told = [text: string, lang: string];

export interface Item {
	start: number;
	end: number;
	from: string;
	to: string;
	day: string;
	cancelled?: boolean;
	pause?: boolean;
	all?: boolean;
	code?: string;
}

export interface Scene {
	from: number;
	kind: "empty" | "before" | "morning" | "now" | "gap" | "evening" | "over";
	now?: number[];
	next?: number[];
	day?: string;
}

export interface Room {
	id: string;
	scenes: Scene[];
}

export interface Said {
	kind: Told;
	title: Told;
	why: Told;
	spoken: string;
	who: { name: string; role: string; from: string }[];
}

export interface Face {
	lang: string;
	words: Record<string, string>;
	event: Told;
	days: Record<string, string>;
	rooms: Told[];
	items: Said[];
	note: string;
}

export interface Known {
	state: string;
	program: string;
	number: number;
	published: number;
	zone: string;
	items: Item[];
	rooms: Room[];
	whole: Room;
	faces: Face[];
}

export interface Options {
	every: number; // seconds
	at: number; // the moment that is looked at; 0: now
	codes: boolean;
	zones: string[];
}

// A Painter shows what is at a moment; silent is since when the server does not answer, 0 while it does.
export type Painter = (root: HTMLElement, known: Known, options: Options, now: number, silent: number) => void;

// sceneAt gives what there is in a room at a moment. The scenes are in order, and the first is since ever.
export function sceneAt(room: Room, now: number): Scene {
	let found = room.scenes[0];
	for (const scene of room.scenes) {
		if (scene.from > now) {
			break;
		}
		found = scene;
	}
	return found;
}

// faceAt gives the language whose turn it is. It follows from the clock: screens side by side speak the same.
export function faceAt(known: Known, options: Options, now: number): Face {
	return known.faces[Math.floor(now / 1000 / options.every) % known.faces.length];
}

export function say(face: Face, key: string, values: Record<string, string | number> = {}): string {
	return face.words["screen_" + key].replace(/\{([a-z]+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

const soon = 30 * 60_000;

// when says how far off an item is: how much is left of it, or how soon it begins; soon is whether minutes are counted.
export function when(face: Face, item: Item, now: number): { words: string; soon: boolean } {
	if (item.start <= now) {
		const left = Math.ceil((item.end - now) / 60_000);
		return { words: item.end - now < 60_000 ? say(face, "last_minute") : say(face, "left", { n: left }), soon: false };
	}
	const minutes = Math.ceil((item.start - now) / 60_000);
	return item.start - now <= soon ? { words: say(face, "in", { n: minutes }), soon: true } : { words: say(face, "at", { time: item.from }), soon: false };
}

// sentence is what is said while nothing takes place.
export function sentence(face: Face, known: Known, scene: Scene, prefix = ""): string {
	const first = scene.next?.[0];
	return say(face, prefix + scene.kind, { day: face.days[scene.day ?? ""] ?? "", time: first === undefined ? "" : known.items[first].from });
}
