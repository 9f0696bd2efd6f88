// What attendees do with the agenda on their own devices, without an account.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { accessible, axe, demo, phone, quiet, useBrowser } from "./harness.mjs";

let site;
before(async () => (site = await demo()));
after(() => site?.stop());

const open = useBrowser();
const during = new Date("2025-10-27T11:00:00+07:00"); // the ministerial roundtable

// visit opens a page of the event; what cannot be told of a visit there is none of: see harness.mjs.
async function visit(path = "", options = {}) {
	const page = await open("", options);
	await page.clock.setFixedTime(options.at ?? during);
	await page.goto(site.page + path);
	return page;
}

// worked waits until the worker has kept what is open.
async function worked(page) {
	await page.evaluate(async () => {
		await navigator.serviceWorker.ready;
		const cache = await caches.open("plenary " + document.documentElement.dataset.home);
		while (!(await cache.keys()).some((r) => r.url.includes("agenda.js"))) {
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	});
}

const star = (page, title) => page.getByRole("button", { name: new RegExp(title) });
const shown = (page) => page.locator("[data-panel]:visible").count();
const told = (page, text) => page.locator(".told p", { hasText: text });
const said = (page) => page.locator(".told").allInnerTexts();

test("stars are kept, say what overlaps, and are there offline", async () => {
	const page = await visit();
	await star(page, "Opening ceremony").first().click();
	await star(page, "Ministerial roundtable").first().focus();
	await page.keyboard.press("Enter");
	assert.equal(await page.locator(".reader .count").innerText(), "2");
	assert.match(await page.locator(".after.gap").first().innerText(), /^\d+ min until “Ministerial/);
	await page.reload();
	await page.getByRole("button", { name: "My agenda" }).filter({ hasText: "2" }).click();
	assert.equal(await shown(page), 2);
	await star(page, "Ministerial roundtable").press("Enter");
	assert.match(await page.evaluate(() => document.activeElement.ariaLabel), /Ministerial/, "the focus stays where it was");
	await page.keyboard.press("Enter");
	assert.equal(await page.locator(".reader .count").innerText(), "2");
	await worked(page);
	await page.locator("h3 a", { hasText: "Opening ceremony" }).click();
	await page.waitForURL(/panels/);
	await page.evaluate(async () => { // the worker keeps what was read a moment later
		while (!(await caches.match(location.href, { ignoreVary: true }))) {
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	});
	quiet(page);

	await page.context().setOffline(true);
	await page.reload();
	await told(page, /You are offline. This is the copy saved at/).waitFor();
	assert.equal(await star(page, "Opening ceremony").getAttribute("aria-pressed"), "true");
	await page.goto(site.page);
	await told(page, /You are offline/).waitFor();
	assert.equal(await page.locator("[data-panel]").count(), 20);
	assert.equal(await page.locator(".star[aria-pressed=true]").count(), 2);
	assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector(".reader")).position), "fixed", "styles are there too");
	await page.goto(site.page + "?q=lunch"); // of the copy, what was asked for
	await page.waitForFunction(() => document.querySelectorAll("[data-panel]:not([hidden])").length === 3);
	await page.goto(site.page + "panels/LUNCH27"); // never read
	await told(page, "That page is not saved on this device.").waitFor();
	await page.context().setOffline(false);
	await page.evaluate(() => dispatchEvent(new Event("focus")));
	await told(page, /You are offline/).waitFor({ state: "detached" });
});

test("nothing but public pages is kept", async () => {
	const page = await visit();
	await worked(page);
	await page.waitForFunction(() => navigator.serviceWorker.controller);
	for (const path of ["starred", "subscribe", "agenda.json", "?q=lunch", "now", "agenda.ics", "speakers/none"]) {
		await page.evaluate((url) => fetch(url), site.page + path);
	}
	for (const url of [site.base + "/me", site.base + "/account", site.base + "/console", site.base + "/api/v1/events"]) {
		await page.evaluate((url) => fetch(url), url);
	}
	await page.evaluate(async (url) => {
		await fetch(url);
		while (!(await caches.match(url, { ignoreVary: true }))) {
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}, site.page + "?lang=vi");
	const kept = await page.evaluate(async () => {
		const all = [];
		for (const name of await caches.keys()) {
			all.push(...(await (await caches.open(name)).keys()).map((r) => r.url));
		}
		return all;
	});
	assert.deepEqual(kept.filter((url) => !url.includes("/static/")).sort(), [site.page, site.page + "?lang=vi"]);
	const scopes = await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map((r) => r.scope));
	assert.deepEqual(scopes, [site.page]);
	assert.equal(new URL(page.url()).origin + "/vidw-2025/", site.page);
});

for (const [zone, lang, mine, both, clock] of [
	["Europe/Paris", "fr", "04:15–05:45", "10:15–11:45 04:15–05:45 Paris", "Paris"],
	["America/New_York", "en", "23:15 (−1)–00:45", "10:15–11:45 23:15 (−1)–00:45 New York", "New York"],
	["Pacific/Honolulu", "vi", "17:15–18:45 (−1)", "10:15–11:45 17:15–18:45 (−1) Honolulu", "Honolulu"],
]) {
	test(`the clock of ${zone}, in ${lang}`, async () => {
		const page = await visit("?lang=" + lang, { timezoneId: zone, viewport: phone });
		const hours = async () => (await page.locator("#panel-MINISTERS .hours").innerText()).replace(/\s+/g, " ").trim();
		const days = await page.locator("section.day h2").allInnerTexts();
		assert.equal(await hours(), "10:15–11:45", "the event's time, unasked");
		await page.locator(".clock label", { hasText: clock }).click();
		assert.equal(await hours(), mine);
		assert.match(await page.locator("main .zone").innerText(), new RegExp(zone));
		assert.deepEqual(await page.locator("section.day h2").allInnerTexts(), days, "days are never regrouped");
		await page.locator(".clock label").nth(2).click();
		assert.equal(await hours(), both);
		await page.reload();
		assert.equal(await hours(), both, "it is remembered");
		await page.locator(".clock input").nth(2).focus();
		await page.keyboard.press("ArrowLeft");
		assert.equal(await hours(), mine);
		await accessible(page);
		quiet(page);
	});
}

test("where the clocks agree there is no choice", async () => {
	const page = await visit("", { timezoneId: "Asia/Bangkok" });
	await page.locator(".reader").waitFor();
	assert.equal(await page.locator(".clock").isVisible(), false);
});

test("one finds while one types, without accents", async () => {
	const page = await visit("?lang=vi");
	await page.keyboard.press("/");
	await page.keyboard.type("khai mac DOI tac");
	await page.waitForFunction(() => document.querySelectorAll("[data-panel]:not([hidden])").length === 1);
	assert.match((await said(page)).join(), /Hiển thị 1 trong 20 mục/);
	assert.match(await page.locator(".reader [role=status]").innerText(), /1 trong 20/);
	await page.getByRole("button", { name: "Hiển thị tất cả" }).click();
	assert.equal(await shown(page), 20);
	const tracks = page.locator("select[name=track]");
	await tracks.selectOption({ index: 1 });
	const some = await shown(page);
	assert.ok(some > 0 && some < 20, String(some));
	quiet(page);
});

test("what is on is marked, and one tap leads there", async () => {
	const page = await visit("", { viewport: phone });
	assert.deepEqual(await page.locator("[data-when=now]").evaluateAll((all) => all.map((el) => el.id)), ["panel-MINISTERS"]);
	assert.ok(await page.locator("[data-when=past]").first().isVisible());
	await page.getByRole("button", { name: "Now" }).click();
	assert.match(await page.evaluate(() => document.activeElement.textContent), /Ministerial/);
	assert.ok(await page.locator("#panel-MINISTERS h3").evaluate((el) => el.getBoundingClientRect().top > 0 && el.getBoundingClientRect().bottom < innerHeight));
	await page.locator("section.day").nth(1).scrollIntoViewIfNeeded();
	await page.locator("section.day").nth(1).evaluate((el) => el.scrollIntoView());
	await page.waitForFunction(() => document.querySelector(".days [aria-current]")?.textContent.includes("28"));
	await page.clock.setFixedTime(new Date("2025-10-27T20:00:00+07:00"));
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
	assert.equal(await page.locator("[data-when=now]").count(), 0);
	assert.match(await page.locator("[data-when=next]").first().innerText(), /Next/);
});

test("stars travel to another phone, and can be taken back", async () => {
	const page = await visit();
	const asked = [];
	page.context().on("request", (r) => asked.push(r.url()));
	await star(page, "Opening ceremony").first().click();
	await star(page, "Ministerial roundtable").first().click();
	await page.getByRole("button", { name: "My agenda" }).filter({ hasText: "2" }).click();
	await page.getByRole("button", { name: "Send" }).click();
	const link = await page.getByLabel("Address with your agenda").inputValue();
	await page.locator(".told svg[role=img]").waitFor();
	assert.match(link, /\/vidw-2025\/#stars=[A-Z0-9.]+$/);
	await accessible(page, "the code");
	assert.ok(asked.every((url) => !url.includes("MINISTERS")), "nothing is told to the server");
	quiet(page);

	const other = await open("");
	await other.goto(site.page);
	await star(other, "Welcome and registration").first().click();
	await other.goto(link);
	assert.equal(await other.evaluate(() => location.hash), "", "the address says nothing any more");
	await other.getByRole("button", { name: "Add 2 to mine" }).click();
	assert.equal(await other.locator(".reader .count").innerText(), "3");
	await other.getByRole("button", { name: "Undo" }).click();
	assert.equal(await other.locator(".reader .count").innerText(), "1");
	await other.goto(link);
	await other.getByRole("button", { name: "Replace mine" }).click();
	assert.equal(await other.locator(".reader .count").innerText(), "2");
	quiet(other);
});

test("a calendar of the stars follows them", async () => {
	const page = await visit();
	await star(page, "Opening ceremony").first().click();
	await page.getByRole("button", { name: "My agenda" }).filter({ hasText: "1" }).click();
	await page.getByRole("button", { name: "Calendar" }).click();
	await page.waitForURL(/\/starred\/.+/);
	assert.equal(await page.locator("input[name=panel]:checked").count(), 1);
	await page.locator("input[name=panel]").nth(3).check(); // on the calendar's own page
	await page.locator("button[value=save]").click();
	await page.goto(site.page);
	await page.waitForFunction(() => document.querySelector(".reader .count").textContent === "2");
	const put = page.waitForResponse((r) => r.request().method() === "PUT");
	await star(page, "Welcome and registration").first().click();
	assert.equal((await put).status(), 200);
	await page.goBack();
	await page.reload();
	assert.equal(await page.locator("input[name=panel]:checked").count(), 3);
	quiet(page);
});

test("what changed since one looked is marked until it is seen", async () => {
	const page = await visit();
	assert.equal(await page.locator(".fresh").count(), 0, "nothing is new on a first visit");
	const api = site.base + "/api/v1/events/vidw-2025", headers = { Authorization: "Bearer " + site.token, "Content-Type": "application/json" };
	const call = async (path, method = "GET", body, more = {}) => {
		const a = await fetch(api + path, { method, headers: { ...headers, ...more }, body: body && JSON.stringify(body) });
		assert.ok(a.ok, `${method} ${path}: ${a.status} ${a.ok ? "" : await a.text()}`);
		return a;
	};
	const coffee = (await (await call("/panels?limit=200")).json()).items.find((p) => p.code === "COFFEE27A");
	const { id, uid, code, conflicts, created, updated, revision, materials, ...body } = coffee;
	body.title.en = "Coffee in the garden";
	await call("/panels/" + id, "PUT", { code, ...body }, { "If-Match": `"${revision}"` });
	await call("/releases", "POST", {});
	await page.evaluate(() => dispatchEvent(new Event("focus")));
	await told(page, "A newer agenda has been published.").waitFor();
	await page.getByRole("button", { name: "Load it" }).click();
	await told(page, "1 item has changed since you last looked.").waitFor();
	assert.match(await page.locator("[data-panel]", { has: page.locator(".fresh") }).innerText(), /Changed[\s\S]*Coffee in the garden/);
	await page.reload();
	assert.equal(await page.locator(".fresh").count(), 1, "until it is seen");
	await accessible(page, "with a change");
	await page.getByRole("button", { name: "Mark all as seen" }).click();
	assert.equal(await page.locator(".fresh").count(), 0);
	await page.reload();
	assert.equal(await page.locator(".fresh").count(), 0);
	quiet(page);
});

test("without scripts all of it is there, and nothing that is dead", async () => {
	const page = await visit("", { javaScriptEnabled: false });
	assert.equal(await shown(page), 20);
	assert.equal(await page.locator(".reader").isVisible(), false);
	assert.equal(await page.locator("button:visible:not([form] button):not(form button)").count(), 0);
});

test("a browser that keeps nothing is told so, and the page goes on", async () => {
	const page = await open("");
	await page.addInitScript(() => {
		Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("refused", "SecurityError"); } });
	});
	await page.goto(site.page);
	await star(page, "Opening ceremony").first().click();
	assert.match((await said(page)).join(), /keeps nothing/);
	assert.equal(await page.locator(".reader .count").innerText(), "1");
	quiet(page);
});

test("nothing moves while it loads, at 320 pixels too", async () => {
	for (const viewport of [phone, { width: 320, height: 640 }, { width: 1280, height: 800 }]) {
		const page = await open("", { viewport, timezoneId: "Europe/Paris" });
		await page.addInitScript(() => {
			window.moved = 0;
			new PerformanceObserver((list) => list.getEntries().forEach((e) => (window.moved += e.hadRecentInput ? 0 : e.value))).observe({ type: "layout-shift", buffered: true });
		});
		await page.goto(site.page);
		await page.waitForTimeout(500);
		const moved = await page.evaluate(() => window.moved);
		assert.ok(moved <= 0.02, `${viewport.width} px: ${moved}`);
		const small = await page.locator(".reader button:visible, .reader label:visible, .star:visible").evaluateAll((all) => all.map((el) => el.getBoundingClientRect()).filter((r) => r.height < 43.5 || r.width < 43.5).length);
		assert.equal(small, 0, "targets of 44 px");
		assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1));
		assert.deepEqual(await axe(page), []);
	}
});

test("the agenda can be installed", async () => {
	const page = await visit("?lang=fr");
	const manifest = await page.evaluate(async () => (await fetch(document.querySelector("link[rel=manifest]").href)).json());
	assert.equal(manifest.scope, "/vidw-2025/");
	assert.equal(manifest.start_url, "/vidw-2025/?lang=fr");
	assert.match(manifest.name, /Semaine/);
	const cdp = await page.context().newCDPSession(page);
	const { errors } = await cdp.send("Page.getAppManifest");
	assert.deepEqual(errors, []);
	const { installabilityErrors } = await cdp.send("Page.getInstallabilityErrors");
	assert.deepEqual(installabilityErrors.filter((e) => e.errorId !== "in-incognito"), []);
});
