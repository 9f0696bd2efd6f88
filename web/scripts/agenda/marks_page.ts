import { badge, bar, button, count, go, hush, items, narrowed, notice, say } from "./page";
import { keep, recall } from "./keep";
import { changes, noteOf, seenOf, type Mark, type Seen } from "./marks";

const now: Mark[] = items.map((i) => ({ id: i.id, mark: i.mark, place: `${i.start}/${i.end}/${i.room}`, off: i.off }));

/** Says what has changed since this device saw the agenda, until its reader has seen it. */
export function startMarks(): void {
	const seen = seenOf(recall("seen"));
	const whole = bar.dataset.reader === "agenda";
	if (!whole) { // the page of one item: who reads it has seen it
		if (seen && items.length === 1) {
			keep("seen", { ...seen, [now[0]!.id]: noteOf(now[0]!) });
		}
		return;
	}
	const changed = changes(seen, now), here = new Set(now.map((m) => m.id));
	const gone = narrowed ? [] : Object.keys(seen ?? {}).filter((id) => !here.has(id));
	const all: Seen = { ...(narrowed ? seen : {}), ...Object.fromEntries(now.map((m) => [m.id, noteOf(m)])) };
	if (!changed.size && !gone.length) {
		keep("seen", all);
		return;
	}
	for (const item of items) {
		const what = changed.get(item.id);
		if (what) {
			badge(item, "fresh", say("is_" + what));
		}
	}
	const first = items.find((i) => changed.has(i.id));
	const told = [changed.size ? count("changes", changed.size) : "", gone.length ? count("gone", gone.length) : ""].join(" ").trim();
	notice("changes", told, ...(first ? [button(say("show"), "tool", () => go(first.el))] : []),
		button(say("seen"), "tool", () => {
			keep("seen", all);
			document.querySelectorAll(".fresh").forEach((el) => el.remove());
			hush("changes");
			bar.querySelector<HTMLElement>(".tools button")?.focus();
		}));
}
