import { Bar } from "./timetable/bar";
import { Desk } from "./timetable/desk";
import { openNew, openPanel } from "./timetable/dialog";
import { Dragging } from "./timetable/drag";
import { snap } from "./timetable/geometry";
import type { Heard } from "./timetable/hearing";
import { Keyboard } from "./timetable/keyboard";
import type { Data } from "./timetable/model";
import { Stream } from "./timetable/stream";
import { el, say, speak } from "./timetable/words";

// The organizers' timetable: one day on a grid of rooms, and what is not planned yet beside it.

const root = document.getElementById("timetable")!;

function build(data: Data): void {
	const desk = new Desk(data, { api: root.dataset["api"]!, data: root.dataset["state"]!, signIn: location.href });
	const bar = new Bar(desk);
	desk.onDraw = () => bar.draw();
	desk.onShape = () => bar.shape();
	root.replaceChildren(bar.root, desk.notes.banner, ...(data.may_edit ? [] : [el("p", { class: "quiet" }, say("read_only"))]),
		el("div", { class: "tt-desk" }, desk.tray.root, el("div", { class: "tt-frame" }, desk.grid.root)), desk.lists.root, desk.notes.toasts, desk.notes.live, desk.notes.alert);
	if (matchMedia("(max-width: 48rem)").matches) {
		desk.tray.root.open = false;
	}
	desk.draw();
	new Dragging(desk, root);
	new Keyboard(desk, root, () => bar.search.focus());
	root.addEventListener("click", (event) => {
		const card = (event.target as HTMLElement).closest<HTMLElement>(".tt-card");
		const p = card && desk.sheet.get(card.dataset["id"]!);
		p && openPanel(desk, p);
	});
	desk.grid.body.addEventListener("dblclick", (event) => {
		if (data.may_edit && !(event.target as HTMLElement).closest(".tt-item")) {
			const at = desk.grid.pointAt(event.clientX, event.clientY);
			openNew(desk, { day: desk.grid.day, start: snap(at.minutes - desk.step / 2, desk.step), dur: 60, room: at.room });
		}
	});
	const stream = new Stream(root.dataset["stream"]!, () => desk.sheet.data.revision, (event, text) => {
		if (event === "resync") {
			void desk.hearing.resync();
		} else if (event === "change") {
			desk.hearing.hear(JSON.parse(text) as Heard);
		} else if (event === "end" && (JSON.parse(text) as { reason: string }).reason === "refused") {
			stream.stop();
			desk.signedOut();
		}
	});
	desk.onRetry = () => stream.reopen();
}

async function start(): Promise<void> {
	speak(JSON.parse(root.dataset["words"] ?? "{}") as Record<string, string>, document.documentElement.lang);
	try {
		const answer = await fetch(root.dataset["state"]!, { headers: { Accept: "application/json" } });
		if (!answer.ok) {
			throw new Error(String(answer.status));
		}
		const data = (await answer.json()) as Data;
		performance.mark("timetable-begin");
		build(data);
		performance.mark("timetable-end");
		requestAnimationFrame(() => setTimeout(() => performance.mark("timetable-painted"), 0));
	} catch (error) {
		const again = el("button", { type: "button" }, say("retry"));
		again.addEventListener("click", () => void start());
		root.replaceChildren(el("p", { role: "alert", class: "notice" }, say("load_failed")), again);
		throw error;
	}
}

void start();
