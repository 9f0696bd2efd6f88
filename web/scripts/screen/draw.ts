import { clockOf, dateOf, dayOf } from "./clock";
import { type Face, type Known, type Options, type Told, say } from "./data";

type Child = Node | string | false | undefined | null;

// el makes an element; its class may be empty.
export function el(name: string, cls: string, ...children: Child[]): HTMLElement {
	const made = document.createElement(name);
	if (cls) {
		made.className = cls;
	}
	for (const child of children) {
		if (child) {
			made.append(child);
		}
	}
	return made;
}

export function told([text, lang]: Told, name = "span"): HTMLElement {
	const made = el(name, "", text);
	if (lang) {
		made.lang = lang;
	}
	return made;
}

// title is what an item is called, struck through when it is cancelled.
export function title(name: Told, cancelled = false): HTMLElement {
	return cancelled ? el("s", "", told(name)) : told(name);
}

const drawing = "http://www.w3.org/2000/svg";

// code draws a QR code: the modules of a square, a bit each.
export function code(bits: string): SVGElement {
	const bytes = Uint8Array.from(atob(bits), (c) => c.charCodeAt(0));
	const size = Math.floor(Math.sqrt(bytes.length * 8));
	const quiet = 4;
	let path = "";
	for (let i = 0; i < size * size; i++) {
		if (bytes[i >> 3] & (0x80 >> (i & 7))) {
			path += `M${(i % size) + quiet} ${Math.floor(i / size) + quiet}h1v1h-1z`;
		}
	}
	const shape = (name: string, attributes: Record<string, string>) => {
		const made = document.createElementNS(drawing, name);
		for (const [key, value] of Object.entries(attributes)) {
			made.setAttribute(key, value);
		}
		return made;
	};
	const whole = String(size + 2 * quiet);
	const svg = shape("svg", { viewBox: `0 0 ${whole} ${whole}`, "aria-hidden": "true", "shape-rendering": "crispEdges" });
	svg.append(shape("rect", { width: whole, height: whole, fill: "#fff" }), shape("path", { d: path, fill: "#000" }));
	return svg as SVGElement;
}

const today = (face: Face, known: Known, now: number) => face.days[dayOf(known.zone, now)] ?? dateOf(face.lang, known.zone, now);

export function clocks(face: Face, known: Known, options: Options, now: number): HTMLElement {
	const one = (time: string, date: string, cls: string) => el("p", cls, el("b", "time", time), " ", el("span", "date", date));
	const place = (zone: string) => (zone.split("/").pop() ?? zone).replaceAll("_", " ");
	return el(
		"div",
		"clocks",
		one(clockOf(known.zone, now), today(face, known, now), "clock"),
		...options.zones.map((zone) => one(clockOf(zone, now), place(zone), "clock other")),
	);
}

export function foot(face: Face, known: Known, options: Options, now: number, silent: number): HTMLElement {
	const test = options.at && el("p", "test", say(face, "test", { day: today(face, known, now), time: clockOf(known.zone, now) }));
	const offline = el("p", "offline", silent > 0 && say(face, "offline", { time: clockOf(known.zone, silent) }));
	offline.setAttribute("role", "status");
	return el("footer", "foot", el("p", "edition", face.note), test || undefined, offline);
}

// same says whether that is what there is.
export const same = (there: ArrayLike<Element>, parts: HTMLElement[]) => there.length === parts.length && parts.every((part, i) => part.isEqualNode(there[i]));

// show puts what was drawn in the place of what is there, if it is anything else. It gives whether it did.
export function show(root: HTMLElement, face: Face, parts: HTMLElement[]): boolean {
	if (document.documentElement.lang === face.lang && same(root.children, parts)) {
		return false;
	}
	document.documentElement.lang = face.lang;
	root.replaceChildren(...parts);
	return true;
}

// fit shrinks what is on the stage until it fits.
export function fit(root: HTMLElement) {
	const stage = root.querySelector<HTMLElement>(".stage");
	if (!stage) {
		return;
	}
	const overflows = () => [stage, ...stage.querySelectorAll<HTMLElement>(".now, .beside, .next")].some((part) => part.scrollHeight > part.clientHeight + 1);
	root.classList.remove("short");
	for (let size = 100; size >= 40; size -= 5) {
		root.style.setProperty("--fit", String(size / 100));
		root.classList.toggle("short", size < 55);
		if (!overflows()) {
			return;
		}
	}
}
