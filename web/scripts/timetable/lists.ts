import type { Grid } from "./grid";
import type { Conflict, Panel } from "./model";
import { keyOf } from "./conflicts";
import { reason, tally, titled, where } from "./sentence";
import type { Sheet } from "./sheet";
import { count, el, say } from "./words";

// Lists names what one could miss: the conflicts, and what is planned and not on the grid.
export class Lists {
	readonly root = el("div", { class: "tt-lists" });
	private conflicts = el("details", { class: "tt-list" }, el("summary", {}), el("ul", { role: "list" }));
	private unseen = el("details", { class: "tt-list" }, el("summary", {}), el("ul", { role: "list" }));
	private at = ""; // which conflict was shown last
	private timer = 0;

	constructor(private readonly sheet: Sheet, private readonly grid: Grid, private readonly lead: (id: string) => void) {
		this.root.append(this.conflicts, this.unseen);
		this.conflicts.addEventListener("toggle", () => this.fill());
		this.unseen.addEventListener("toggle", () => this.fill());
	}

	// draw says how many there are; the lists themselves are written when there is time.
	draw(): void {
		this.conflicts.firstElementChild!.textContent = this.sheet.shown.length === 0 ? say("conflicts_none") : say("conflicts_list", { tally: tally(this.sheet.shown) });
		const unseen = this.lost();
		this.unseen.hidden = unseen.length === 0;
		this.unseen.firstElementChild!.textContent = count("unseen", unseen.length);
		clearTimeout(this.timer);
		this.timer = window.setTimeout(() => this.fill(), 60);
	}

	// lost gives what is planned and on no day and in no room that is shown.
	lost(): Panel[] {
		const days = new Set(this.sheet.data.days);
		return [...this.sheet.panels.values()].filter((p) => p.day !== "" && (!days.has(p.day) || (!p.all_rooms && this.grid.hidden.has(p.room))));
	}

	private sorted(): Conflict[] {
		const time = (c: Conflict) => {
			const p = this.sheet.get(c.panels[0] ?? "");
			return p ? p.day + String(10_000 + p.start) : "";
		};
		return [...this.sheet.shown].sort((a, b) => (a.severity + time(a) + keyOf(a) < b.severity + time(b) + keyOf(b) ? -1 : 1));
	}

	private fill(): void {
		if (this.conflicts.open) {
			this.conflicts.lastElementChild!.replaceChildren(...this.sorted().slice(0, 300).map((c) => this.conflict(c)));
		}
		if (this.unseen.open) {
			this.unseen.lastElementChild!.replaceChildren(...this.lost().map((p) => this.entry(p, where(this.sheet, p), "")));
		}
	}

	private conflict(c: Conflict): HTMLElement {
		const p = this.sheet.get(c.panels[0] ?? "");
		const kind = say(c.severity === "error" ? "error" : "warning");
		if (!p) {
			return el("li", {}, el("span", { class: "tt-flag" }, kind), " ", c.message ?? c.kind);
		}
		return this.entry(p, c.message ? "" : reason(this.sheet, c, p.id), kind, c.message);
	}

	// entry names a panel by what leads to it: its title, or a sentence that has it.
	private entry(p: Panel, text: string, kind: string, sentence = ""): HTMLElement {
		const button = el("button", { type: "button", class: "tt-link" }, sentence || el("bdi", { lang: p.lang || null }, p.title || p.code));
		button.addEventListener("click", () => this.lead(p.id));
		return el("li", {}, kind && el("span", { class: kind === say("error") ? "tt-flag bad" : "tt-flag" }, kind), " ", button, " ", text);
	}

	// next leads to the next conflict after the one that was shown last, and gives what is to be said of it.
	next(): string {
		const all = this.sorted().filter((c) => this.sheet.get(c.panels[0] ?? ""));
		if (all.length === 0) {
			return say("conflicts_none");
		}
		const i = (all.findIndex((c) => keyOf(c) === this.at) + 1) % all.length;
		const c = all[i]!;
		this.at = keyOf(c);
		const p = this.sheet.get(c.panels[0]!)!;
		this.lead(p.id);
		return say("conflict_at", { n: i + 1, all: all.length, panel: titled(p), reason: reason(this.sheet, c, p.id) });
	}
}
