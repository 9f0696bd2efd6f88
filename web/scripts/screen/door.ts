import { type Face, type Item, type Painter, type Said, faceAt, say, sceneAt, sentence, when } from "./data";
import { clocks, code, el, fit, foot, show, title, told } from "./draw";

let width = 0;
let height = 0;

export const paintDoor: Painter = (root, known, options, now, silent) => {
	const face = faceAt(known, options, now);
	const scene = sceneAt(known.rooms[0], now);
	const running = scene.now ?? [];
	const next = (scene.next ?? []).slice(0, 3);
	const later = scene.kind === "before" || scene.kind === "evening";
	const coded = options.codes ? known.items[running[0] ?? next[0]]?.code : "";
	const parts = [
		el("header", "board", el("div", "place", el("h1", "", told(face.rooms[0])), el("p", "of", told(face.event))), clocks(face, known, options, now)),
		el(
			"div",
			"stage",
			el("section", "now", scene.kind !== "now" && el("p", "sentence", sentence(face, known, scene)), ...running.map((i) => running1(face, known.items[i], face.items[i], now))),
			el(
				"aside",
				"beside",
				next.length > 0 &&
					el(
						"section",
						"next",
						el("h2", "", later ? (face.days[scene.day ?? ""] ?? "") : say(face, "next")),
						el("ul", "", ...next.map((i) => coming(face, known.items[i], face.items[i], now))),
					),
				coded ? el("figure", "code", code(coded), el("figcaption", "", say(face, "scan"))) : undefined,
			),
		),
		foot(face, known, options, now, silent),
	];
	if (show(root, face, parts) || width !== innerWidth || height !== innerHeight) {
		[width, height] = [innerWidth, innerHeight];
		fit(root);
	}
};

function running1(face: Face, item: Item, said: Said, now: number): HTMLElement {
	const kind = el("p", "kind", el("b", "tag", say(face, "now")), " ", told(said.kind));
	const name = el("h2", "", title(said.title, item.cancelled));
	if (item.cancelled) {
		return el("article", "off", kind, name, el("p", "badge", say(face, "cancelled")), said.why[0] !== "" && el("p", "why", told(said.why)));
	}
	const who = said.who.map((one) => el("li", "", el("b", "", one.name), " ", el("span", "role", one.role), one.from && el("span", "from", one.from)));
	return el(
		"article",
		"",
		kind,
		name,
		el("p", "until", el("span", "hours", `${item.from}–${item.to}`), " ", el("span", "left", when(face, item, now).words)),
		said.spoken && el("p", "spoken", said.spoken),
		who.length > 0 && el("ul", "who", ...who),
	);
}

function coming(face: Face, item: Item, said: Said, now: number): HTMLElement {
	const { words, soon } = when(face, item, now);
	return el(
		"li",
		item.cancelled ? "off" : "",
		el("p", "", el("b", "hours", item.from), " ", el("span", soon ? "left soon" : "left", soon && words)),
		el("p", "what", title(said.title, item.cancelled), item.cancelled && " ", item.cancelled && el("b", "badge", say(face, "cancelled"))),
	);
}
