import { fillCard, newCard } from "./card";
import type { Card } from "./card";
import type { Panel } from "./model";
import type { Sheet } from "./sheet";
import { count, el, say } from "./words";

// Tray holds what has no time yet.
export class Tray {
	readonly root = el("details", { class: "tt-tray", open: true });
	private title = el("summary", {});
	private list = el("ul", { role: "list", "aria-label": say("tray") });
	private none = el("p", { class: "quiet" });
	readonly cards = new Map<string, Card>();
	private sieve: (p: Panel) => boolean = () => true;

	constructor(private readonly sheet: Sheet) {
		this.root.append(this.title, this.none, this.list);
	}

	// sift shows those panels only for which it says so.
	sift(sieve: (p: Panel) => boolean): void {
		this.sieve = sieve;
		this.draw();
	}

	draw(): void {
		const active = document.activeElement as HTMLElement | null;
		const all = this.sheet.on("");
		const shown = all.filter(this.sieve).sort((a, b) => (a.code < b.code ? -1 : 1));
		const old = new Map(this.cards);
		this.cards.clear();
		const items = shown.map((p) => {
			const card = old.get(p.id) ?? newCard(p.id, false);
			fillCard(card, this.sheet, p, undefined);
			this.cards.set(p.id, card);
			return card.item;
		});
		if (items.length !== this.list.children.length || items.some((item, i) => item !== this.list.children[i])) {
			this.list.replaceChildren(...items);
			if (active?.isConnected === true && active !== document.activeElement) {
				active.focus({ preventScroll: true });
			}
		}
		this.title.textContent = all.length === shown.length ? count("tray_count", all.length) : say("tray_some", { n: shown.length, all: all.length });
		this.none.hidden = shown.length > 0;
		this.none.textContent = all.length === 0 ? say("tray_empty") : say("tray_nothing");
		this.list.hidden = shown.length === 0;
		this.roam();
	}

	// update draws anew what changed.
	update(ids: Iterable<string>): void {
		for (const id of ids) {
			const unscheduled = this.sheet.get(id)?.day === "";
			if (unscheduled || this.cards.has(id)) {
				this.draw();
				return;
			}
		}
	}

	// roam lets the keyboard come to one card.
	roam(id?: string): void {
		const cards = [...this.cards];
		const chosen = id ?? cards.find(([, card]) => card.button.tabIndex === 0)?.[0] ?? cards[0]?.[0];
		for (const [key, card] of cards) {
			card.button.tabIndex = key === chosen ? 0 : -1;
		}
	}
}
