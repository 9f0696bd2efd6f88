import { badge, bar, go, items, say } from "./page";
import { around } from "./overlap";

let target: HTMLElement | undefined;

/** Marks what is on and what is next. What is past is quieter, and stays. */
function mark(): void {
	const at = Date.now(), { running, next } = around(items, at);
	target = undefined;
	for (const item of items) {
		const is = running.has(item.id) ? "now" : next.has(item.id) ? "next" : item.end <= at ? "past" : "";
		if ((item.el.dataset.when ?? "") !== is) {
			item.el.dataset.when = is;
			badge(item, "when", is === "now" || is === "next" ? say(is) : "");
		}
		if (!item.el.hidden && (is === "now" || (is === "next" && !target))) {
			target ??= item.el;
		}
	}
	const jump = bar.querySelector<HTMLElement>("[data-do=now]");
	if (jump) {
		jump.hidden = !target;
	}
}

/** The day that is read is marked in the list of days. */
function followDays(): void {
	const links = new Map([...document.querySelectorAll<HTMLAnchorElement>(".days a[href^='#']")].map((a) => [a.hash.slice(1), a]));
	const days = [...document.querySelectorAll<HTMLElement>("section.day")].filter((d) => links.has(d.getAttribute("aria-labelledby") ?? ""));
	if (!days.length) {
		return;
	}
	let here: HTMLAnchorElement | undefined;
	const follow = () => {
		const day = days.findLast((d) => !d.hidden && d.getBoundingClientRect().top < innerHeight / 3) ?? days[0]!;
		const link = links.get(day.getAttribute("aria-labelledby")!)!;
		if (link !== here) {
			here?.removeAttribute("aria-current");
			link.setAttribute("aria-current", "true");
			const list = link.closest("ul");
			list?.scrollTo({ left: link.offsetLeft - list.clientWidth / 2 });
			here = link;
		}
	};
	let asked = 0;
	addEventListener("scroll", () => {
		asked ||= requestAnimationFrame(() => {
			asked = 0;
			follow();
		});
	}, { passive: true });
	follow();
}

export function startNow(): void {
	mark();
	setInterval(mark, 30_000);
	document.addEventListener("visibilitychange", mark);
	bar.querySelector("[data-do=now]")?.addEventListener("click", () => {
		mark();
		if (target) {
			go(target);
		}
	});
	followDays();
}
