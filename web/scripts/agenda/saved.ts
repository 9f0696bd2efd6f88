import { bar, button, home, hush, notice, say } from "./page";

interface Policy {
	createScriptURL(url: string): string;
}
declare const trustedTypes: Record<string, (name: string, rules: Policy) => Policy> | undefined;

// A worker is a script, and browsers that know Trusted Types take its address from a policy only. This one says yes to the
// address of the event's worker and to no other.
const address = bar.dataset.worker!;
const policy: Policy = {
	createScriptURL(url) {
		if (url !== address) {
			throw new TypeError(url);
		}
		return url;
	},
};

function register(): void {
	try {
		const trusted = typeof trustedTypes === "undefined" ? policy : trustedTypes.createPolicy("plenary-worker", policy);
		navigator.serviceWorker?.register(trusted.createScriptURL(address), { updateViaCache: "none" }).catch(() => undefined);
	} catch {
		// Without a worker there is no copy, and nothing else is missing.
	}
}

/** When the copy of this page was made that is kept, in words; "" for none. */
async function copied(): Promise<string> {
	try {
		const at = location.href.split("#")[0]!, how = { ignoreVary: true, cacheName: "plenary " + home };
		const copy = (await caches.match(at, how)) ?? (await caches.match(at, { ...how, ignoreSearch: true }));
		const date = new Date(copy?.headers.get("Date") ?? "");
		const today = date.toDateString() === new Date().toDateString();
		return new Intl.DateTimeFormat(document.documentElement.lang, {
			hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(today ? {} : { day: "numeric", month: "short" }),
		}).format(date);
	} catch {
		return "";
	}
}

let offline = false, told = false;

async function setOffline(is: boolean): Promise<void> {
	if (is === offline) {
		return;
	}
	offline = is;
	if (is) {
		const time = await copied();
		notice("offline", time ? say("offline", { time }) : say("offline_only"));
	} else {
		hush("offline");
	}
}

/** Asks whether there is a newer agenda: headers only, a few hundred bytes. */
async function poll(): Promise<void> {
	if (document.hidden) {
		return;
	}
	try {
		const answer = await fetch(home + "agenda.json", { method: "HEAD", cache: "no-cache" });
		void setOffline(false);
		const is = Date.parse(answer.headers.get("Last-Modified") ?? ""), shown = Date.parse(bar.dataset.modified!);
		if (answer.ok && is > shown && !told) {
			told = true;
			notice("newer", say("newer"), button(say("reload"), "tool", () => location.reload()));
			await fetch(location.href, { cache: "no-cache" }); // the worker keeps it
		}
	} catch {
		void setOffline(true);
	}
}

/** Keeps a copy for when there is no network, and looks for what is newer. */
export function startSaved(): void {
	register();
	if (location.hash === "#unsaved") {
		history.replaceState(null, "", location.pathname + location.search);
		notice("unsaved", say("unsaved"));
	}
	for (const event of ["online", "offline", "focus"]) {
		addEventListener(event, () => void poll());
	}
	document.addEventListener("visibilitychange", () => void poll());
	setInterval(() => void poll(), 60_000);
	void poll();
}
