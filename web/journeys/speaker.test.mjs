// What a speaker does by personal link, from the mail of the organizers to the calendar in their phone: in each language, and far
// from where the forum is.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, api, demo, phone, quiet, signIn, useBrowser, words } from "./harness.mjs";

const open = useBrowser();
let site;
before(async () => (site = await demo()));
after(() => site?.stop());

const rivers = "Rivières et données", delta = "Đồng bằng sông Cửu Long", speaker = "Nguyễn Thị An";

// make makes an event with a speaker of two panels, publishes it and gives what the tests ask.
async function make(slug, lang) {
	const at = "/events/" + slug;
	const post = (path, body) => api(site, "POST", at + path, body);
	await api(site, "POST", "/events", { slug, name: { [lang]: "Forum" }, zone: "Asia/Ho_Chi_Minh", start_date: "2027-03-26", end_date: "2027-03-27", languages: [lang] });
	await post("/members", { email: site.email, roles: ["owner", "protocol"] });
	const room = (await post("/rooms", { name: { [lang]: "Hall" } })).id;
	const person = (await post("/people", { name: speaker })).id;
	const panels = {};
	for (const [title, from, to] of [[rivers, "09:00", "10:00"], [delta, "14:00", "15:30"]]) {
		panels[title] = (await post("/panels", { title: { [lang]: title }, format: "talk", slot: { room, start: `2027-03-26T${from}:00`, end: `2027-03-26T${to}:00` }, speakers: [{ person, role: "speaker", status: "invited" }] })).id;
	}
	const publish = () => post("/releases", {});
	await publish();
	return {
		slug, room, publish, get: (path) => api(site, "GET", at + path), person,
		move: async (title, start, end) => {
			const { revision } = await api(site, "GET", `${at}/panels/${panels[title]}`);
			await api(site, "PUT", `${at}/panels/${panels[title]}/slot`, { room, start, end }, { "If-Match": `"${revision}"` });
		},
		status: async (title) => (await api(site, "GET", `${at}/panels/${panels[title]}`)).speakers[0].status,
	};
}

// console opens pages of the event's console as who keeps it.
async function desk(event) {
	const page = await open();
	await signIn(page, site);
	const say = words("en");
	const go = (part) => page.goto(`${site.base}/console/events/${event.slug}/${part}`);
	return {
		page,
		link: async () => {
			await go("links?who=all");
			await page.locator("li", { hasText: speaker }).getByRole("link").first().click();
			await page.getByRole("button", { name: say("links_make") }).click();
			return page.locator(".once input").inputValue();
		},
		code: async () => {
			await go("desk");
			await page.locator("li", { hasText: speaker }).getByRole("button", { name: say("desk_code") }).click();
			return page.locator(".once .secret code").innerText();
		},
	};
}

for (const [lang, locale, timezoneId, mine] of [
	["en", "en-US", "America/New_York", { place: "New York", from: "22:00", to: "23:00" }],
	["fr", "fr-FR", "Europe/Paris", { place: "Paris", from: "03:00", to: "04:00" }],
	["vi", "vi-VN", "Pacific/Honolulu", { place: "Honolulu", from: "16:00", to: "17:00" }],
]) {
	test(`a speaker in ${timezoneId}, in ${lang}`, async () => {
		const say = words(lang);
		const event = await make("speak-" + lang, lang);
		const organizer = await desk(event);
		const page = await open(await organizer.link(), { locale, timezoneId, viewport: phone });
		await page.waitForURL((url) => url.pathname === "/me" && url.hash === "");
		assert.equal(await page.locator("html").getAttribute("lang"), lang);
		const it = { page, say, event, card: (title) => page.locator(".cards > li", { hasText: title }) };
		await seesBothClocks(it, timezoneId, mine);
		await answers(it);
		await saysWhen(it);
		await correctsThemselves(it, lang);
		await subscribes(it, organizer);
		await isTold(it);
		await accessible(page, "the personal page");
		quiet(page);
		quiet(organizer.page);
	});
}

const button = (it, within, key, values) => within.getByRole("button", { name: it.say(key, values), exact: true });
const done = (it, key) => it.page.locator("[role=status]", { hasText: it.say(key) }).first().waitFor();
const section = (it, key) => it.page.locator("section", { has: it.page.getByRole("heading", { level: 2, name: it.say(key), exact: true }) });

async function seesBothClocks(it, zone, mine) {
	assert.match(await it.card(rivers).innerText(), /0?9:00[\s\S]*10:00/);
	await button(it, it.page, "me_zone_device", { zone }).click();
	await done(it, "me_done_zone");
	const text = await it.card(rivers).innerText();
	assert.match(text, /0?9:00[\s\S]*10:00/);
	assert.ok(text.includes(it.say("me_mine", mine)), text);
}

async function answer(it, title, key) {
	await it.card(title).getByLabel(it.say(key), { exact: true }).check();
	await button(it, it.card(title), "me_send").click();
	await done(it, "me_done_answered");
}

async function answers(it) {
	await answer(it, rivers, "me_confirm");
	await it.card(rivers).getByText(it.say("me_status_confirmed")).waitFor();
	assert.equal(await it.event.status(rivers), "confirmed");
	await answer(it, delta, "me_decline");
	assert.equal(await it.event.status(delta), "declined");
	await button(it, it.page, "me_undo").click();
	await done(it, "me_done_undone");
	assert.equal(await it.event.status(delta), "invited");
	await it.card(delta).getByText(it.say("me_status_invited")).waitFor();
	assert.equal(await it.event.status(rivers), "confirmed", "the other answer stays");
}

async function saysWhen(it) {
	const day = it.page.locator(".day-windows").first();
	await day.getByLabel(it.say("me_from")).fill("8:00");
	await day.getByLabel(it.say("me_to")).fill("17:30");
	await button(it, day, "me_add").click();
	await done(it, "me_done_available");
	const { items } = await it.event.get("/availabilities");
	assert.deepEqual(items.map((w) => [w.resource.id, w.start.slice(0, 16), w.end.slice(0, 16)]), [[it.event.person, "2027-03-26T08:00", "2027-03-26T17:30"]]);
}

async function correctsThemselves(it, lang) {
	await it.page.fill(`[name="bio.${lang}"]`, "Étudie les fleuves, à Hà Nội.");
	await button(it, section(it, "me_profile"), "me_save").click();
	await done(it, "me_done_saved");
	assert.equal((await it.event.get("/people/" + it.event.person)).bio[lang], "Étudie les fleuves, à Hà Nội.");
}

async function subscribes(it, organizer) {
	await it.event.publish(); // what was confirmed is in calendars from the next publication on
	await it.page.getByLabel(it.say("me_digits_label")).fill(await organizer.code());
	await button(it, it.page, "me_digits_send").click();
	await done(it, "me_done_confirmed");
	await button(it, it.page, "me_feed").click();
	await it.page.waitForURL(/\/feeds\//);
	await accessible(it.page, "the page of the calendar");
	const webcal = await it.page.locator("a[href^='webcal:']").first().getAttribute("href");
	const feed = await fetch(webcal.replace(/^webcal:\/\/[^/]*/, site.base));
	assert.equal(feed.status, 200);
	const calendar = (await feed.text()).replace(/\r\n /g, "");
	assert.match(calendar, new RegExp(`DTSTART;TZID=Asia/Ho_Chi_Minh:20270326T090000[\\s\\S]*SUMMARY:[^\\r]*${rivers}`));
	await it.page.goBack();
}

async function isTold(it) {
	await it.page.reload();
	await hides(it, "me_news_joined"); // their answer is public
	await it.event.move(rivers, "2027-03-26T11:00", "2027-03-26T12:00");
	await it.page.reload();
	assert.equal(await section(it, "me_news").count(), 0, "a draft is nobody's news");
	await it.event.publish();
	await it.page.reload();
	assert.match(await section(it, "me_news").innerText(), /11:00/);
	await accessible(it.page, "with news");
	await hides(it, "me_news_moved");
}

// hides looks at the news, which are of the one panel, and says that they are seen.
async function hides(it, kind) {
	const news = section(it, "me_news");
	assert.match(await news.innerText(), new RegExp(`${it.say(kind)}[\\s\\S]*${rivers}`, "i"));
	assert.doesNotMatch(await news.innerText(), new RegExp(delta));
	await news.getByLabel(it.say("me_news_seen")).check();
	await button(it, news, "me_news_hide").click();
	await done(it, "me_done_seen");
	assert.equal(await section(it, "me_news").count(), 0);
}
