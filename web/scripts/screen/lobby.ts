import { dayOf } from "./clock";
import { type Face, type Known, type Painter, faceAt, say, sceneAt, sentence, when } from "./data";
import { clocks, el, fit, foot, same, title, told } from "./draw";

let picture: SVGElement | null = null; // of the agenda's code, which the server has drawn
let drawn: HTMLElement[] = []; // before rows were hidden in it
let size = "";

export const paintLobby: Painter = (root, known, options, now, silent) => {
	picture ??= root.querySelector(".code svg");
	const face = faceAt(known, options, now);
	const whole = sceneAt(known.whole, now);
	const stage = el("div", "stage");
	const rows = ["before", "evening", "over", "empty"].includes(whole.kind) ? [] : rowsOf(face, known, now);
	if (rows.length === 0) {
		stage.append(el("p", "sentence", sentence(face, known, whole, "lobby_")), rest(face, known, whole.next ?? []));
	} else {
		stage.append(...banners(face, known, whole.now ?? []), table(face, rows));
	}
	const mark = picture ? el("figure", "code", picture.cloneNode(true), el("figcaption", "", say(face, "scan_agenda"))) : undefined;
	const parts = [el("header", "board", el("div", "place", el("h1", "", told(face.event))), clocks(face, known, options, now), mark), stage, foot(face, known, options, now, silent)];
	const measure = `${innerWidth} ${innerHeight}`;
	if (measure !== size || !same(drawn, parts)) {
		size = measure;
		drawn = parts.map((part) => part.cloneNode(true) as HTMLElement);
		document.documentElement.lang = face.lang;
		root.replaceChildren(...parts);
		if (rows.length === 0) {
			fit(root);
		} else {
			grow(root);
		}
	}
	turn(root, face, Math.floor(now / 1000 / options.every));
};

// grow makes few rows larger, as far as all of them are seen, and many somewhat smaller: from there on they take turns.
function grow(root: HTMLElement) {
	const stage = root.querySelector<HTMLElement>(".stage");
	for (let size = 160; size >= 70; size -= 10) {
		root.style.setProperty("--fit", String(size / 100));
		if (stage && stage.scrollHeight <= stage.clientHeight + 1) {
			return;
		}
	}
}

// turn shows of the rows as many as fit, and the next ones when it is their turn.
function turn(root: HTMLElement, face: Face, page: number) {
	const stage = root.querySelector<HTMLElement>(".stage");
	const rows = [...root.querySelectorAll<HTMLElement>("tbody tr")];
	if (!stage || rows.length === 0) {
		return;
	}
	for (const row of rows) {
		row.hidden = false;
	}
	root.querySelector(".pages")?.remove();
	const over = () => stage.scrollHeight > stage.clientHeight + 1;
	if (!over()) {
		return;
	}
	// Pages are filled greedily: a row that is high has fewer beside it.
	const pages: HTMLElement[][] = [];
	let rest = rows;
	while (rest.length > 0) {
		for (const row of rows) {
			row.hidden = true;
		}
		let n = 0;
		while (n < rest.length) {
			rest[n].hidden = false;
			if (over() && n > 0) {
				rest[n].hidden = true;
				break;
			}
			n++;
		}
		pages.push(rest.slice(0, n));
		rest = rest.slice(n);
	}
	const shown = pages[page % pages.length];
	for (const row of rows) {
		row.hidden = !shown.includes(row);
	}
	root.querySelector(".foot")?.append(el("p", "pages", say(face, "page", { n: (page % pages.length) + 1, all: pages.length })));
}

function rest(face: Face, known: Known, next: number[]): HTMLElement {
	return el("ul", "coming", ...next.map((i) => el("li", known.items[i].cancelled ? "off" : "", el("b", "hours", known.items[i].from), " ", el("span", "what", title(face.items[i].title, known.items[i].cancelled)))));
}

function banners(face: Face, known: Known, now: number[]): HTMLElement[] {
	return now
		.filter((i) => known.items[i].all)
		.map((i) => {
			const item = known.items[i];
			return el("p", item.cancelled ? "banner off" : "banner", el("b", "tag", say(face, "all_rooms")), " ", el("span", "what", title(face.items[i].title, item.cancelled)), " ", el("b", "hours", `${item.from}–${item.to}`));
		});
}

function rowsOf(face: Face, known: Known, now: number): HTMLElement[] {
	const today = dayOf(known.zone, now);
	const rows: HTMLElement[] = [];
	known.rooms.forEach((room, at) => {
		const scene = sceneAt(room, now);
		if (scene.kind === "empty") {
			return;
		}
		const here = (scene.now ?? []).filter((i) => !known.items[i].all);
		const coming = scene.day === today ? (scene.next ?? []) : [];
		const next = coming.slice(0, coming[0] !== undefined && known.items[coming[0]].all ? 2 : 1); // what follows on a break, too
		const head = el("th", "", told(face.rooms[at]));
		head.setAttribute("scope", "row");
		const after = next.length > 0 ? next.map((i) => cell(face, known, i, now)) : [el("span", "quiet", say(face, "nothing"))];
		rows.push(el("tr", "", head, el("td", "", ...here.map((i) => cell(face, known, i, now))), el("td", "", ...after)));
	});
	return rows;
}

function cell(face: Face, known: Known, i: number, now: number): HTMLElement {
	const item = known.items[i];
	const { words, soon } = when(face, item, now);
	const left = item.cancelled ? say(face, "cancelled") : soon && words;
	return el(
		"div",
		item.cancelled ? "cell off" : "cell",
		el("p", "times", el("b", "hours", `${item.from}–${item.to}`), " ", el("span", soon ? "left soon" : "left", left)),
		el("p", "what", title(face.items[i].title, item.cancelled)),
	);
}

function table(face: Face, rows: HTMLElement[]): HTMLElement {
	const heads = ["room", "now", "next"].map((key) => {
		const head = el("th", "", say(face, key));
		head.setAttribute("scope", "col");
		return head;
	});
	return el("table", "", el("thead", "", el("tr", "", ...heads)), el("tbody", "", ...rows));
}
