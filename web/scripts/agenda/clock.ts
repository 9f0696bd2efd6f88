import { bar, make, say, zone } from "./page";
import { keep, recall } from "./keep";
import { agree, city, shift, today, wallOf } from "./zone";

const own = today(Intl.DateTimeFormat().resolvedOptions().timeZone);

const times = [...document.querySelectorAll<HTMLTimeElement>("main time[datetime]")]
	.filter((el) => el.dateTime.includes("T") && /^\d\d:\d\d$/.test(el.textContent))
	.map((el) => ({ el, text: el.textContent, day: el.dateTime.slice(0, 10), at: Date.parse(el.dateTime) }));
const groups = new Map<Element, typeof times>();
for (const t of times) {
	const parent = t.el.parentElement!;
	groups.set(parent, [...(groups.get(parent) ?? []), t]);
}
const statements = [...document.querySelectorAll<HTMLElement>("main .zone")].map((el) => ({ el, text: el.textContent }));

/** What the reader's clock shows at times that stand together; the shift of the day is said once where it is the same. */
function mine(ts: typeof times): string[] {
	const said = ts.map((t) => wallOf(t.at, own)).map((wall, i) => ({ clock: wall.clock, days: shift(ts[i]!.day, wall.date) }));
	return said.map(({ clock, days }, i) => clock + (said[i + 1]?.days === days ? "" : days));
}

/** Shows the event's time, the reader's, or both. Days stay those of the event: only what the clocks show is another. */
function show(mode: string): void {
	for (const el of document.querySelectorAll("main .second")) {
		el.remove();
	}
	document.documentElement.dataset.clock = mode;
	for (const { el, text } of statements) {
		el.textContent = mode === "event" ? text : (mode === "both" ? text + " " : "") + say("zone_" + mode, { city: city(own), zone: own });
	}
	for (const ts of groups.values()) {
		const clocks = mine(ts);
		ts.forEach((t, i) => (t.el.textContent = mode === "mine" ? clocks[i]! : t.text));
		if (mode === "both") {
			const last = ts.at(-1)!.el;
			last.after(make("span", "second", ` ${clocks.join("–")} ${city(own)}`));
		}
	}
}

/** Offers the reader's own clock where it shows something else than the event's. */
export function startClock(): void {
	const group = bar.querySelector<HTMLElement>(".clock"), [first, last] = bar.dataset.days!.split(" ");
	if (!group || agree(zone, own, first!, last!)) {
		return;
	}
	group.hidden = false;
	const mode = recall("clock");
	for (const input of group.querySelectorAll("input")) {
		if (input.value !== "both") {
			input.nextElementSibling!.textContent = city(input.value === "mine" ? own : zone);
		}
		input.checked = input.value === mode || (input.value === "event" && mode !== "mine" && mode !== "both");
		input.addEventListener("change", () => {
			keep("clock", input.value);
			show(input.value);
		});
	}
	if (mode === "mine" || mode === "both") {
		show(mode);
	}
}
