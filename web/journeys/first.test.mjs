// From an empty server to an agenda that is published, and published again, as somebody does it who has never seen the program:
// with the pages alone, in each language, wherever in the world the browser is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { phone, quiet, saved, serve, useBrowser, words } from "./harness.mjs";

const open = useBrowser();

// What is typed, which is the same in every language.
const typed = { opening: "Khai mạc diễn đàn", rivers: "Rivières et données", chair: "Nguyễn Thị An" };

for (const [lang, locale, timezoneId] of [["en", "en-US", "America/New_York"], ["fr", "fr-FR", "Europe/Paris"], ["vi", "vi-VN", "Pacific/Honolulu"]]) {
	test(`from nothing to a published agenda, in ${lang} and ${timezoneId}`, async () => {
		const site = await serve();
		try {
			await journey(site, lang, { locale, timezoneId });
		} finally {
			await site.stop();
		}
	});
}

async function journey(site, lang, options) {
	const say = words(lang);
	const page = await open(site.setup, options);
	const it = { page, say, lang, base: site.base };
	await begin(it);
	await makeEvent(it);
	await makeParts(it);
	await makePanels(it);
	await placeThem(it);
	await publishFirst(it);

	const reader = await open(site.base + "/forum/", { ...options, viewport: phone });
	assert.deepEqual(await reader.locator("[data-panel] h3").allInnerTexts(), [typed.opening, typed.rivers]);
	assert.match(await reader.locator("[data-panel]", { hasText: typed.opening }).innerText(), /09:00[\s\S]*Hall[\s\S]*Nguyễn Thị An/);
	assert.equal(await reader.locator("html").getAttribute("lang"), lang);
	assert.equal(await reader.locator(".fresh").count(), 0);

	await moveAndPublish(it);
	await reader.reload();
	await reader.locator(".told p", { hasText: say("reader_changes_one", { n: 1 }) }).waitFor();
	assert.match(await reader.locator("[data-panel]", { has: reader.locator(".fresh") }).innerText(), new RegExp(`10:30[\\s\\S]*${say("reader_is_moved")}[\\s\\S]*${typed.rivers}`));
	quiet(page);
	quiet(reader);
}

// press presses the button that says so, or follows the link.
const press = (it, key, values) => it.page.getByRole("button", { name: it.say(key, values), exact: true }).first().click();
const follow = (it, key) => it.page.getByRole("link", { name: it.say(key), exact: true }).first().click();

// at waits for a page, which is in the reader's language.
async function at(it, path) {
	await it.page.waitForURL((url) => path.test(url.pathname));
	assert.equal(await it.page.locator("html").getAttribute("lang"), it.lang);
}

async function begin(it) {
	const { page, say } = it;
	await page.getByLabel(say("account_name"), { exact: true }).fill("Lê Minh");
	await page.getByLabel(say("account_email"), { exact: true }).fill("minh@example.org");
	await page.getByLabel(say("password_new"), { exact: true }).fill("short");
	await press(it, "link_do_setup");
	await page.locator("#password-fault").waitFor();
	page.complaints = page.complaints.filter((text) => !text.includes("422"));
	await page.getByLabel(say("password_new"), { exact: true }).fill("a passphrase that is long enough");
	await press(it, "link_do_setup");
	await at(it, /^\/console\/?$/);
}

async function makeEvent(it) {
	const { page, say, lang } = it;
	await follow(it, "event_new");
	await page.fill(`[name="name.${lang}"]`, "Forum");
	await page.getByLabel(say("event_start")).fill("2027-03-26");
	await page.getByLabel(say("event_end")).fill("2027-03-27");
	await page.getByLabel(say("event_zone")).fill("Asia/Ho_Chi_Minh");
	await press(it, "form_make");
	await at(it, /^\/console\/events\/forum\/$/);
	await page.getByText(say("event_made")).waitFor();
}

// part leads to a part of the console of the event: by the group of parts that it is in, where it is in another.
async function part(it, name) {
	const groups = { rooms: "timetable", tracks: "timetable", panels: "timetable" };
	const link = (to) => it.page.locator(`.parts a[href*="/forum/${to}"]`).first();
	if (!(await link(name).isVisible()) && groups[name]) {
		await link(groups[name]).click();
		await at(it, new RegExp(`/${groups[name]}$`));
	}
	await link(name).click();
}

// make fills in the form of one more, and comes back to where such things are listed.
async function make(it, list, noun, fields) {
	await part(it, list);
	await follow(it, noun + "_new");
	for (const [name, value] of Object.entries(fields)) {
		const field = it.page.locator(`[name="${name}"]`);
		if (await field.evaluate((f) => f.localName) === "select") {
			await field.selectOption(value);
		} else {
			await field.fill(value);
		}
	}
	await press(it, "form_make");
	await it.page.getByRole("status").filter({ hasText: it.say(noun + "_made") }).first().waitFor();
	await at(it, new RegExp(`^/console/events/forum/${list}`));
}

async function makeParts(it) {
	await make(it, "rooms", "room", { [`name.${it.lang}`]: "Hall", capacity: "300" });
	await make(it, "tracks", "track", { [`name.${it.lang}`]: "Rivers", color: "#00795c" });
	await make(it, "people", "people", { name: typed.chair });
}

async function makePanels(it) {
	await make(it, "panels", "panels", { [`title.${it.lang}`]: typed.opening, track: { label: "Rivers" }, "slot.day": "2027-03-26", "slot.start": "09:00", "slot.end": "10:00", "slot.room": { label: "Hall" }, "speakers.0.person": typed.chair, "speakers.0.status": "confirmed" });
	await make(it, "panels", "panels", { [`title.${it.lang}`]: typed.rivers });
}

// card gives a panel of the timetable.
const card = (it, title) => it.page.locator(".tt-card", { has: it.page.locator(".tt-title", { hasText: title }) });

// kept waits until the timetable has it there.
const kept = (it, title, time) => it.page.locator(".tt-scroll").locator(card(it, title)).filter({ hasText: time }).waitFor();

async function placeThem(it) {
	const { page, say } = it;
	await part(it, "timetable");
	await card(it, typed.rivers).focus();
	await page.keyboard.press("Enter");
	await page.keyboard.press("Enter");
	await kept(it, typed.rivers, "08:00");
	await card(it, typed.rivers).click();
	const dialog = page.locator("dialog");
	await dialog.getByLabel(say("timetable_start"), { exact: true }).fill("9:30");
	await dialog.getByRole("button", { name: say("timetable_move"), exact: true }).click();
	await dialog.waitFor({ state: "detached" });
	await kept(it, typed.rivers, "09:30");
	await card(it, typed.opening).filter({ hasText: say("timetable_conflicts_one", { n: 1 }) }).waitFor();
}

async function publishFirst(it) {
	const { page, say } = it;
	await part(it, "publish");
	await page.getByText(say("publish_lead_first")).waitFor();
	assert.match(await page.locator("main").innerText(), new RegExp(say("publish_added_other", { n: 2 })));
	assert.match(await page.locator("label.check", { has: page.locator("[name=acknowledge]") }).innerText(), new RegExp(`${typed.opening}[\\s\\S]*Hall`));
	await page.locator("[name=acknowledge]").check();
	await press(it, "publish_button_first");
	await page.getByText(say("publish_done", { n: 1 })).waitFor();
	await follow(it, "publish_see");
	await at(it, /^\/forum\/$/);
	await page.goBack();
}

async function moveAndPublish(it) {
	const { page, say } = it;
	await part(it, "timetable");
	await card(it, typed.rivers).focus();
	for (const key of ["m", "Shift+ArrowDown", "Shift+ArrowDown", "Enter"]) {
		await page.keyboard.press(key);
	}
	await kept(it, typed.rivers, "10:30");
	await saved(page);
	await part(it, "publish");
	await page.getByRole("heading", { name: say("publish_moved_one", { n: 1 }) }).waitFor();
	const diff = await page.locator(".diff").first().innerText();
	assert.match(diff, new RegExp(`${typed.rivers}[\\s\\S]*9:30[\\s\\S]*10:30`));
	await page.getByText(say("publish_no_errors")).waitFor();
	await press(it, "publish_button", { n: 2 });
	await page.getByText(say("publish_done", { n: 2 })).waitFor();
}
