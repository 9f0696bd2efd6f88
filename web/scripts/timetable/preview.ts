import { lanes } from "./geometry";
import type { Grid } from "./grid";
import type { Conflict, Panel, Place } from "./model";
import { comes, dayNumber, DAY, instant, range } from "./model";
import { apart, reasons, tally, titled } from "./sentence";
import type { Sheet } from "./sheet";
import { el, say } from "./words";

// Preview shows where a panel would come to, and when the people in it are not free.
export class Preview {
	readonly mark = el("button", { type: "button", class: "tt-drop", tabindex: "-1" });
	private bands = el("div", { class: "tt-bands", "aria-hidden": "true" });
	private drawn = ""; // of which panel and day the bands are

	constructor(private readonly sheet: Sheet, private readonly grid: Grid) {}

	// show draws the panel at a place and gives the conflicts that it would have there.
	show(p: Panel, place: Place): Conflict[] {
		const found = this.sheet.at(p.id, place);
		const over = this.grid.over;
		if (this.mark.parentElement !== over) {
			over.replaceChildren(this.bands, this.mark);
		}
		if (this.drawn !== p.id + place.day) {
			this.drawn = p.id + place.day;
			this.bands.replaceChildren(...this.engaged(p, place.day));
		}
		const index = this.grid.index({ ...place, all_rooms: p.all_rooms });
		this.grid.spot(this.mark, place, Math.max(0, index), index < 0 ? this.grid.rooms.length : 1);
		this.mark.hidden = false;
		this.mark.classList.toggle("bad", found.some((c) => c.severity === "error"));
		const why = reasons(this.sheet, found, p.id);
		this.mark.replaceChildren(el("b", {}, range(place)), " ", el("bdi", { lang: p.lang || null }, p.title), " ",
			el("span", { class: found.some((c) => c.severity === "error") ? "tt-why bad" : "tt-why" }, [tally(found), ...why].filter(Boolean).join(" · ")));
		return found;
	}

	// away hides the mark alone.
	away(): void {
		this.mark.hidden = true;
	}

	hide(): void {
		this.drawn = "";
		this.grid.over.replaceChildren();
	}

	// engaged draws when the people of a panel are somewhere else, or not there, with their names and why.
	private engaged(p: Panel, day: string): HTMLElement[] {
		const spans: { id: string; day: string; start: number; dur: number; text: string }[] = [];
		const add = (span: { day: string; start: number; dur: number }, text: string) => {
			spans.push({ id: String(spans.length), day, start: instant(span) - dayNumber(day) * DAY, dur: span.dur, text });
		};
		const people = new Set(p.people.filter(comes).map((part) => part.id));
		const name = (id: string) => apart(this.sheet.people.get(id) ?? say("somebody"));
		for (const span of this.sheet.data.unavailable) {
			if (span.person && people.has(span.person)) {
				add(span, say("band_unavailable", { person: name(span.person) }));
			}
		}
		for (const span of this.sheet.data.busy) {
			if (span.person && people.has(span.person)) {
				add(span, say("band_busy", { person: name(span.person) }));
			}
		}
		for (const q of this.sheet.panels.values()) {
			const shared = q.id === p.id || q.day === "" || q.cancelled ? [] : q.people.filter((part) => comes(part) && people.has(part.id));
			if (shared.length > 0) {
				add(q, say("band_in", { person: shared.map((part) => name(part.id)).join(", "), panel: titled(q) }));
			}
		}
		const beside = lanes(spans);
		return spans.flatMap((span) => {
			const band = this.grid.band(span, 0, this.grid.rooms.length, span.text);
			band?.style.setProperty("--l", String(beside.get(span.id)!.lane));
			return band ?? [];
		});
	}
}
