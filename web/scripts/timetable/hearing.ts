import type { Desk } from "./desk";
import type { Data } from "./model";
import { samePlace } from "./model";
import { apart, titled, where } from "./sentence";
import { count, say } from "./words";

// Heard is what the server tells of what somebody did.
export interface Heard extends Partial<Data> {
	by?: { name: string; panel?: string }[];
	removed?: string[];
}

// shape are the parts of the draft that everything else is drawn with.
const shape = ["event", "may_edit", "days", "rooms", "tracks", "people", "unavailable", "busy", "buffer", "walks"] as const;

// Hearing takes in what others do.
export class Hearing {
	// whose is each panel's last change, as far as it was told
	readonly last = new Map<string, { by: string; revision: number }>();

	constructor(private readonly desk: Desk) {}

	// hear takes what the server tells of others, and of oneself in another window.
	hear(heard: Heard): void {
		const pending = this.desk.outbox.pending;
		const changed = new Set<string>();
		const who = (id: string) => (heard.by ?? []).filter((b) => b.panel === id && b.name !== "").map((b) => b.name).join(", ");
		this.reshape(heard);
		for (const panel of heard.panels ?? []) {
			const old = this.desk.sheet.get(panel.id);
			this.last.set(panel.id, { by: who(panel.id), revision: panel.revision });
			if (pending.has(panel.id)) {
				this.desk.late.set(panel.id, { panel, by: who(panel.id) });
				continue;
			}
			if (old && panel.revision < old.revision) {
				continue;
			}
			this.desk.learn([panel]);
			this.desk.sheet.replace(panel).forEach((id) => changed.add(id));
			if (old ? panel.revision > old.revision : !this.desk.making) {
				this.seen.push([panel.id, who(panel.id), !old || !samePlace(old, panel)]);
			}
		}
		for (const id of heard.removed ?? []) {
			this.desk.sheet.remove(id).forEach((other) => changed.add(other));
		}
		this.desk.sheet.told(heard.conflicts ?? this.desk.sheet.data.conflicts, pending).forEach((id) => changed.add(id));
		this.desk.sheet.data.revision = heard.revision ?? this.desk.sheet.data.revision;
		this.desk.refresh(changed);
		this.flash();
	}

	// reshape takes what is new of days, rooms and all that panels are drawn with.
	private reshape(heard: Heard): void {
		const parts = shape.filter((name) => heard[name] !== undefined);
		if (parts.length > 0) {
			const data = { ...this.desk.sheet.data, ...Object.fromEntries(parts.map((name) => [name, heard[name]])), panels: [...this.desk.sheet.panels.values()] };
			this.desk.sheet.take(data, this.desk.outbox.pending);
			this.desk.onShape();
			this.desk.draw();
		}
	}

	private seen: [string, string, boolean][] = [];

	// flash shows what somebody else did, with their name.
	private flash(): void {
		const all = this.seen.splice(0);
		if (all.length > 3) {
			this.desk.notes.toast(count("changed_many", all.length, { name: [...new Set(all.map(([, by]) => apart(by || say("somebody"))))].join(", ") }));
		}
		for (const [id, by, moved] of all) {
			const p = this.desk.sheet.get(id);
			const card = this.desk.grid.cards.get(id) ?? this.desk.tray.cards.get(id);
			if (card) {
				card.item.dataset["by"] = by || say("somebody");
				card.item.classList.add("flash");
				setTimeout(() => {
					card.item.classList.remove("flash");
					delete card.item.dataset["by"];
				}, 6000);
			}
			if (p && all.length <= 3) {
				const text = say(moved ? "moved_by" : "changed_by", { name: apart(by || say("somebody")), panel: titled(p), place: where(this.desk.sheet, p) });
				this.desk.notes.toast(text, { label: say("show"), run: () => this.desk.lead(id) });
			}
		}
	}

	// resync asks for everything: what was missed, or made elsewhere.
	async resync(): Promise<void> {
		try {
			const answer = await fetch(this.desk.at.data, { headers: { Accept: "application/json" } });
			if (!answer.ok) {
				return;
			}
			const data = (await answer.json()) as Data;
			this.desk.sheet.take(data, this.desk.outbox.pending);
			this.desk.learn(data.panels.filter((p) => !this.desk.outbox.pending.has(p.id)));
			const active = (document.activeElement as HTMLElement | null)?.dataset["id"];
			this.desk.onShape();
			this.desk.draw();
			if (active) {
				(this.desk.grid.cards.get(active) ?? this.desk.tray.cards.get(active))?.button.focus({ preventScroll: true });
			}
		} catch {
			// Without a connection nothing is learned; the stream begins again, and then this does.
		}
	}
}
