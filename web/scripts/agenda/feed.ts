import { announce, bar, notice, say } from "./page";
import { keep, recall } from "./keep";
import { onStars, setStars, starred } from "./star";
import { listOf, merge, same } from "./stars";

/** The calendar that was made of the stars: its key, and what both sides knew last. */
interface Feed {
	key: string;
	base: string[];
}

const api = bar.dataset.feeds!;

function kept(): Feed | undefined {
	const f = recall("feed") as Partial<Feed> | undefined;
	return typeof f?.key === "string" ? { key: f.key, base: listOf(f.base) } : undefined;
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
	return fetch(api + path, { ...init, headers: { Accept: "application/json", "Content-Type": "application/json", ...init.headers } });
}

/** Brings the calendar and the stars together: both may have changed, here and on the calendar's page. */
async function sync(f: Feed): Promise<void> {
	for (let tries = 0; tries < 2; tries++) {
		const answer = await ask("/" + f.key);
		if (answer.status === 404 || answer.status === 410) {
			keep("feed", undefined); // it was given up, or forgotten
			return;
		}
		if (!answer.ok) {
			return;
		}
		const { panels, name, language, alarm, detail, whole_event, cancelled } = await answer.json();
		const mine = starred(), theirs = listOf(panels), both = merge(f.base, mine, theirs);
		if (!same(both, theirs)) {
			const body = JSON.stringify({ panels: both, name, language, alarm, detail, whole_event, cancelled });
			const put = await ask("/" + f.key, { method: "PUT", body, headers: { "If-Match": answer.headers.get("ETag") ?? "" } });
			if (put.status === 412) {
				continue;
			}
			if (!put.ok) {
				notice("feed", say("feed_failed"));
				return;
			}
			announce(say("feed_saved"));
		}
		keep("feed", { key: f.key, base: both });
		if (!same(both, mine)) {
			setStars(both);
		}
		return;
	}
}

/** Leads to the page of the calendar, which is made if there is none. */
async function open(): Promise<void> {
	let feed = kept();
	if (!starred().length && !feed) {
		notice("feed", say("mine_none"));
		return;
	}
	try {
		if (feed) {
			await sync(feed);
			feed = kept();
		}
		if (!feed) {
			const panels = starred(), answer = await ask("", { method: "POST", body: JSON.stringify({ panels, language: document.documentElement.lang }) });
			if (!answer.ok) {
				throw new Error(String(answer.status));
			}
			feed = { key: (await answer.json()).key, base: panels };
			keep("feed", feed);
		}
		const at = new URL(bar.dataset.starred!, location.href);
		at.pathname += "/" + feed.key;
		location.href = at.href;
	} catch {
		notice("feed", say("feed_failed"));
	}
}

/** Keeps a calendar as the stars are, once one was made of them. */
export function startFeed(): void {
	bar.querySelector("[data-do=feed]")?.addEventListener("click", () => void open());
	let late = 0;
	const later = () => {
		const feed = kept();
		clearTimeout(late);
		if (feed) {
			late = setTimeout(() => void sync(feed).catch(() => undefined), 1200);
		}
	};
	onStars(later);
	later();
	addEventListener("online", later);
}
