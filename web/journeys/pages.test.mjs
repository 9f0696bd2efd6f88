// Every page that the site has, found by its links as a reader finds them: looked at by axe in light and dark, on a phone and on a
// screen, in the three languages by turns, with the Content Security Policy in force. A page that is new is found by itself, if
// anything leads to it.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { accessible, api, axe, demo, desktop, phone, quiet, serve, signIn, useBrowser, words } from "./harness.mjs";

const open = useBrowser();
let site;
before(async () => {
	site = await demo();
	await furnish();
});
after(() => site?.stop());

// furnish adds what the demo has none of and what has pages: an availability, a colleague, a conflict that publishing asks about, and a
// webhook, which nobody answers to, with a delivery.
async function furnish() {
	const at = "/events/" + site.event;
	const list = async (what) => (await api(site, "GET", at + what)).items;
	const [person, other] = await list("/people");
	const [room] = await list("/rooms");
	const panels = (await list("/panels")).filter((p) => p.slot?.room && !p.all_rooms);
	const day = panels[0].slot.start.slice(0, 10);
	await api(site, "POST", at + "/availabilities", { resource: { kind: "person", id: person.id }, start: day + "T08:00:00", end: day + "T10:00:00" });
	await api(site, "POST", at + "/availabilities", { resource: { kind: "room", id: room.id }, start: day + "T07:00:00", end: day + "T23:00:00" });
	await api(site, "POST", at + "/panels", { code: "CLASH", title: { en: "At the same time" }, format: "talk", slot: panels[0].slot });
	const { id } = await api(site, "POST", at + "/webhooks", { name: "Screens in the hall", url: "https://hooks.example/agenda", kinds: ["release.published"] });
	await api(site, "POST", `${at}/webhooks/${id}/ping`);
	await api(site, "POST", at + "/members", { email: "colleague@example.org", roles: ["editor"] });
	return { person, other };
}

// Paths whose last part but one says what the last is one of.
const nouns = "panels|rooms|speakers|tracks|people|members|tokens|feeds|meetings|availability|links|starred|releases|events|accounts|mail|webhooks|deliveries|letters";
const one = new RegExp(`/(${nouns})/(?!new(/|$)|order|find|ask|briefs)[^/]+`, "g");
// What is no page, and what ends the login or is another site's.
const noPage = /\.(ics|json|xml|csv|xlsx|yaml|atom|svg|css|js|webmanifest|pdf|jpg|png)$|^\/(static|feeds)\/|\/(files|photo|stream)(\/|$)|\/told\/table$|\/sign-out/;

// kind gives what all pages of a template with the same choices have alike: the path without names, and the names of its query.
export function kind(url) {
	const { pathname, searchParams } = new URL(url);
	searchParams.delete("lang");
	return pathname.replace(one, "/$1/*") + "?" + [...searchParams.keys()].sort().join("&");
}

const languages = ["en", "vi", "fr"];
const looks = [["light", phone], ["dark", desktop], ["dark", phone], ["light", desktop]];

// Look looks at pages with axe: at the first that is built like this four times, at others like it twice, in light and in dark.
class Look {
	shapes = new Set();
	faults = [];
	turn = 0;

	async at(page, what) {
		const shape = await page.evaluate(() => [...new Set([...document.querySelectorAll("main, main > *, main > * > *")].map((e) => e.localName + "." + e.className))].sort().join(" "));
		const half = this.turn++ % 2 * 2;
		for (const [colorScheme, viewport] of this.shapes.has(shape) ? looks.slice(half, half + 2) : looks) {
			await page.emulateMedia({ colorScheme });
			await page.setViewportSize(viewport);
			const where = `${what}, ${colorScheme}, ${viewport.width} px`;
			this.faults.push(...(await axe(page)).map((fault) => `${where}: ${fault}`));
			if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1)) {
				this.faults.push(`${where}: is too wide`);
			}
		}
		this.shapes.add(shape);
		this.faults.push(...page.complaints.splice(0).map((complaint) => `${what}: ${complaint}`));
	}
}

// walk looks at a page of each kind that links lead to from these addresses, and gives their kinds.
async function walk(page, starts, within, look) {
	const seen = new Map();
	const queue = [...starts];
	while (queue.length > 0) {
		const url = new URL(queue.shift(), site.base);
		const k = kind(url);
		if (seen.has(k)) {
			continue;
		}
		url.hash = "";
		url.searchParams.set("lang", languages[seen.size % 3]);
		seen.set(k, url.href);
		const answer = await page.goto(url.href);
		assert.equal(answer.status(), 200, url.href);
		if (!answer.headers()["content-type"]?.startsWith("text/html")) {
			continue;
		}
		await look.at(page, url.pathname + url.search);
		const links = await page.$$eval("a[href]:not([download])", (as) => as.map((a) => a.href));
		queue.push(...links.filter((href) => href.startsWith(site.base) && !noPage.test(new URL(href).pathname) && within(new URL(href).pathname)));
	}
	return seen;
}

const has = (seen, kinds) => assert.deepEqual(kinds.filter((k) => ![...seen.keys()].some((s) => s.startsWith(k + "?"))), [], "nothing leads there");

describe("every page", { concurrency: 2 }, () => {
	test("what anybody may read", async () => {
		const page = await open();
		const look = new Look();
		const at = `/${site.event}/`;
		const unlinked = ["embed", "now", "starred", "lobby", "print", "embedding", "screens", "releases/1"].map((p) => at + p);
		const seen = await walk(page, ["/", at, ...unlinked, "/sign-in", "/setup", "/invitation", "/reset", "/me", "/console/import", "/api/docs"], (path) => !path.startsWith("/console/events") && path !== "/account" && path !== "/console", look);
		has(seen, [at, ...["panels/*", "rooms/*", "speakers/*", "tracks/*", "subscribe", "rooms/*/door", "rooms/*/sheet", "panels/*/card", "panels/*/subscribe"].map((p) => at + p)]);
		assert.equal((await page.goto(site.base + at + "none")).status(), 404);
		page.complaints = [];
		await look.at(page, "what is not there");
		await page.goto(site.base + at + "starred");
		await page.locator("main input[type=checkbox]").first().check();
		await page.locator("main form button:not([type=button])").last().click();
		await page.waitForURL(/starred\/./);
		await look.at(page, "a choice");
		assert.deepEqual(look.faults, []);
	});

	test("what hangs and lies about at the venue is not blank, on paper as on a screen", async () => {
		const page = await open();
		for (const path of ["now", "screens", "embedding", "print", "rooms/1", "rooms/1/sheet", "rooms/1/door", "tracks/1", "panels/PANEL1/card", "lobby"]) {
			assert.equal((await page.goto(`${site.base}/${site.event}/${path}`)).status(), 200, path);
			for (const media of ["print", "screen"]) {
				await page.emulateMedia({ media });
				assert.ok((await page.evaluate(() => document.body.innerText.length)) > 100, `${path} has nothing to see on ${media}`);
			}
		}
		quiet(page);
	});

	test("what organizers see", async () => {
		const page = await open();
		await signIn(page, site);
		const look = new Look();
		const at = `/console/events/${site.event}/`;
		const seen = await walk(page, ["/console", at, "/account"], (path) => path.startsWith("/console") || path.startsWith("/account"), look);
		const forms = ["panels", "people", "rooms", "tracks"].flatMap((n) => [`${n}`, `${n}/new`, `${n}/*`, `${n}/*/delete`]);
		has(seen, [...forms, "", "publish", "timetable", "tables", "statistics", "activity", "translations", "members", "members/new", "members/*", "tokens", "tokens/new", "links", "links/new", "links/*", "meetings", "meetings/new", "meetings/*",
			"meetings/*/delete", "meetings/*/brief", "meetings/briefs", "meetings/find", "meetings/ask", "people/*/deputy", "mail", "mail/*", "letters", "told",
			"webhooks", "webhooks/new", "webhooks/*", "webhooks/*/edit", "webhooks/*/rotate", "webhooks/*/delete", "webhooks/*/deliveries/*", "availability/*", "availability/*/delete", "feeds", "feeds/new", "people/*/data", "people/*/erase", "panels/*/cancel", "settings", "copy", "delete", "desk"].map((p) => at.replace(site.event, "*") + p));
		has(seen, ["/console", "/console/new", "/console/import", "/console/accounts", "/console/accounts/*", "/console/activity", "/console/jobs", "/account", "/account/password", "/account/factor"]);
		// What forms say when nothing was filled in, or what they made.
		for (const [k, url] of seen) {
			if (!/\/(new|ask)\?$/.test(k)) {
				continue;
			}
			await page.goto(url);
			await Promise.all([page.waitForNavigation(), page.evaluate(() => document.querySelector("main form[method=post]").submit())]);
			page.complaints = page.complaints.filter((text) => !text.includes("422"));
			await look.at(page, "what is sent by " + k);
		}
		await walk(page, [at + "tokens", at + "feeds", at + "members"], (path) => /(tokens|feeds|members)\/./.test(path), look);
		assert.deepEqual(look.faults, []);
	});
});

// postbox receives mail and gives the links in it, as they come.
async function postbox() {
	const links = [];
	const server = createServer((socket) => {
		let text = "", inData = false;
		socket.on("error", () => {});
		socket.write("220 postbox\r\n");
		socket.on("data", (bytes) => {
			for (text += bytes; text.includes("\r\n"); ) {
				const end = inData ? text.indexOf("\r\n.\r\n") : text.indexOf("\r\n");
				if (end < 0) {
					return;
				}
				const said = text.slice(0, end);
				text = text.slice(end + (inData ? 5 : 2));
				if (inData) {
					links.push(said.replaceAll("=\r\n", "").match(/https?:\/\/\S+\/letters\/[\w.-]+/)[0]);
				}
				inData = !inData && said === "DATA";
				socket.write(inData ? "354 go on\r\n" : said === "QUIT" ? "221 bye\r\n" : "250 well\r\n");
			}
		});
	});
	await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
	return { links, url: "smtp://127.0.0.1:" + server.address().port, close: () => server.close() };
}

test("what a letter leads to", async () => {
	const folder = mkdtempSync(join(tmpdir(), "plenary-journey-"));
	const box = await postbox();
	const shown = await demo(folder);
	await shown.stop();
	const served = await serve({ folder, env: { PLENARY_SMTP_URL: box.url, PLENARY_MAIL_FROM: "agenda@forum.example" } });
	try {
		const desk = { ...shown, base: served.base };
		const post = (path, body, headers) => api(desk, "POST", "/events" + path, body, headers);
		await post("", { slug: "letters", name: { en: "Forum" }, zone: "Asia/Ho_Chi_Minh", start_date: "2027-03-26", end_date: "2027-03-27", languages });
		const room = (await post("/letters/rooms", { name: { en: "Hall" } })).id;
		const person = (await post("/letters/people", { name: "Trần Thị Bình", email: "binh@forum.example" })).id;
		await post("/letters/panels", { title: { en: "Talk" }, format: "talk", slot: { room, start: "2027-03-26T14:00", end: "2027-03-26T14:30" }, speakers: [{ person, role: "speaker", status: "confirmed" }] });
		await post("/letters/releases", {});
		const { items: [{ id, revision }] } = await api(desk, "GET", "/events/letters/mails");
		await post(`/letters/mails/${id}/send`, undefined, { "If-Match": `"${revision}"` });
		for (const end = Date.now() + 15_000; box.links.length === 0; ) {
			assert.ok(Date.now() < end, "no letter comes");
			await new Promise((wait) => setTimeout(wait, 50));
		}
		const page = await open();
		const link = box.links[0].replace(/^https?:\/\/[^/]+/, served.base);
		for (const lang of languages) {
			assert.equal((await page.goto(link + "?lang=" + lang)).status(), 200);
			await accessible(page, "a letter in " + lang);
		}
		await page.getByRole("button", { name: words("fr")("letter_open") }).click();
		await page.waitForURL((url) => url.pathname === "/me");
		quiet(page);
	} finally {
		await served.stop();
		box.close();
	}
});

test("a personal page", async () => {
	const page = await open(site.personal_page);
	await page.waitForURL((url) => url.pathname === "/me" && url.hash === "");
	await accessible(page);
	quiet(page);
});

// code gives what an authenticator app shows for a secret in this half minute (RFC 6238).
function code(secret) {
	const bits = [...secret.replace(/[^A-Z2-7]/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
	const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
	const mac = createHmac("sha1", key).update(counter).digest();
	return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("the first account of all, and its second factor", async () => {
	const empty = await serve();
	try {
		const page = await open(empty.setup);
		await page.locator("input[name=name]").waitFor();
		await accessible(page, "the setup link");
		await page.fill("[name=name]", "Lê Minh");
		await page.fill("[name=email]", "minh@example.org");
		await page.fill("[name=password]", "a passphrase that is long enough");
		await page.click("button[value=finish]");
		await page.waitForURL(/\/console/);
		await accessible(page, "a console without events");
		await page.goto(empty.base + "/account/factor");
		await page.click("button[value=begin]");
		await accessible(page, "the secret of a second factor");
		await page.fill("[name=code]", code(await page.locator(".secret code").innerText()));
		await page.click("button[value=finish]");
		await page.locator(".codes").waitFor();
		await accessible(page, "recovery codes");
		await page.goto(empty.base + "/account/confirm?next=/account");
		await accessible(page, "to show that it is still you");
		await page.context().clearCookies();
		await page.goto(empty.base + "/sign-in");
		await page.fill("[name=email]", "minh@example.org");
		await page.fill("[name=password]", "a passphrase that is long enough");
		await page.locator("form:has([name=password]) button:not([type=button])").first().click();
		await page.waitForURL(/factor/);
		await accessible(page, "where the code is asked for");
		quiet(page);
	} finally {
		await empty.stop();
	}
});
