// Keeps the public pages of one event that were read, for when there is no network. It stands below the event's address and
// is asked for nothing else: of what it is asked for it keeps pages of the agenda, and the styles and scripts of this program.
// It knows no other addresses, so that nothing that is somebody's own can get in.
export {}; // of its own, apart from the scripts of pages

declare const self: ServiceWorkerGlobalScope;

const scope = new URL(self.registration.scope);
const store = "plenary " + scope.pathname;
const statics = scope.pathname.replace(/[^/]+\/$/, "static/");

/** How long the network may take when there is a copy. */
const patience = 3000;

/** How many pages are kept of an event; the oldest go. */
const most = 500;

/** Whether an address is that of a page that everybody reads. */
function isPage(url: URL): boolean {
	return url.origin === scope.origin && url.pathname.startsWith(scope.pathname) &&
		/^(now|(panels|speakers|rooms|tracks)\/[^/.]+)?$/.test(url.pathname.slice(scope.pathname.length));
}

/** A file whose address names its content, so that it is always the same. */
function isFile(url: URL): boolean {
	return url.origin === scope.origin && url.searchParams.has("v") && (url.pathname.startsWith(statics) || url.pathname === scope.pathname + "accent.css");
}

/** Where a page is kept: apart by language, whatever else was asked for. */
function placeOf(url: URL): string {
	const lang = url.searchParams.get("lang");
	return url.origin + url.pathname + (lang ? "?lang=" + lang : "");
}

async function keepPage(url: URL, answer: Response): Promise<void> {
	const cache = await caches.open(store);
	if (answer.status === 404 || answer.status === 410) {
		await cache.delete(placeOf(url), { ignoreVary: true });
		return;
	}
	const plain = [...url.searchParams.keys()].every((name) => name === "lang") && url.pathname !== scope.pathname + "now"; // which holds for a minute
	if (!plain || !answer.ok || answer.type !== "basic" || answer.redirected || /no-store/.test(answer.headers.get("Cache-Control") ?? "")) {
		return;
	}
	await cache.put(placeOf(url), answer);
	const pages = (await cache.keys()).filter((r) => isPage(new URL(r.url)) && new URL(r.url).pathname !== scope.pathname);
	if (pages.length > most) {
		await cache.delete(pages[0]!, { ignoreVary: true });
	}
}

async function copyOf(url: URL): Promise<Response | undefined> {
	const cache = await caches.open(store);
	return (await cache.match(placeOf(url), { ignoreVary: true })) ?? cache.match(placeOf(url), { ignoreVary: true, ignoreSearch: true });
}

/** A page from the network; the copy where that fails or takes long. */
async function pageOf(url: URL, network: Promise<Response>, navigates: boolean): Promise<Response> {
	const copy = await copyOf(url).catch(() => undefined);
	try {
		const late = new Promise<undefined>((done) => setTimeout(done, copy ? patience : 3e5));
		const answer = await Promise.race([network, late]);
		if (answer && (answer.status < 500 || !copy)) {
			return answer;
		}
	} catch (fault) {
		if (!copy && navigates && (await copyOf(scope))) {
			const lang = url.searchParams.get("lang");
			return Response.redirect(scope.href + (lang ? "?lang=" + lang : "") + "#unsaved");
		}
		if (!copy) {
			throw fault;
		}
	}
	return copy!;
}

async function fileOf(request: Request): Promise<Response> {
	const cache = await caches.open(store).catch(() => undefined);
	const copy = await cache?.match(request.url, { ignoreVary: true });
	if (copy) {
		return copy;
	}
	const answer = await fetch(request);
	if (answer.ok && cache) {
		const path = new URL(request.url).pathname;
		for (const old of (await cache.keys()).filter((r) => new URL(r.url).pathname === path)) {
			await cache.delete(old, { ignoreVary: true });
		}
		await cache.put(request.url, answer.clone()).catch(() => undefined);
	}
	return answer;
}

/** Keeps what is open now, which came before there was a worker, with the files that it names. */
async function keepOpen(): Promise<void> {
	const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
	const pages = new Set<string>();
	for (const url of open.map((client) => new URL(client.url)).filter(isPage)) {
		pages.add(placeOf(url));
		pages.add(placeOf(new URL(scope.pathname + url.search, scope)));
	}
	for (const page of pages) {
		const answer = await fetch(page);
		const text = await answer.clone().text();
		await keepPage(new URL(page), answer);
		for (const file of new Set(text.match(/\/[\w./-]+\?v=\w+/g))) {
			const url = new URL(file, scope);
			if (isFile(url)) {
				await fileOf(new Request(url));
			}
		}
	}
}

self.addEventListener("install", (event) => {
	event.waitUntil(Promise.all([keepOpen().catch(() => undefined), self.skipWaiting()]));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
	const { request } = event, url = new URL(request.url);
	if (request.method !== "GET") {
		return;
	}
	if (isFile(url)) {
		event.respondWith(fileOf(request));
	} else if (isPage(url)) {
		const network = fetch(request);
		event.waitUntil(network.then((answer) => keepPage(url, answer.clone())).catch(() => undefined));
		event.respondWith(pageOf(url, network, request.mode === "navigate"));
	}
});
