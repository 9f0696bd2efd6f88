// Draws the pictures of docs/pictures anew, of the demo: `npm run pictures` in web. Others than these are removed.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { api, chromiumPath, demo, desktop, phone, signIn } from "./harness.mjs";

const during = new Date("2025-10-27T14:10:00+07:00");
const wall = { width: 1280, height: 720 };
const sheet = { width: 794, height: 740 };
const to = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));

// Each picture: its name, the page (E: is the public event, C: its console, ME the personal page, PANEL, ROUNDTABLE, ROOM and MAIL the ids of one),
// and how it is looked at: after a button was pressed, from an element on. Agendas are looked at while the forum goes on.
const pictures = [
	["agenda-phone-vi", "E:/?lang=vi", { viewport: phone, from: ".day h2" }],
	["agenda-desktop", "E:/", { viewport: desktop }],
	["agenda-dark-fr", "E:/?lang=fr", { viewport: desktop, colorScheme: "dark" }],
	["agenda-grid", "E:/?view=grid", { viewport: desktop }],
	["agenda-now-phone", "E:/", { viewport: phone, press: "Now" }],
	["panel-phone", "E:/panels/PANEL", { viewport: phone }],
	["room-phone-fr", "E:/rooms/ROOM?lang=fr", { viewport: phone }],
	["door-screen", "E:/rooms/ROOM/door?at=2025-10-27T14:10", { viewport: wall }],
	["lobby-screen", "E:/lobby?at=2025-10-27T14:10&zones=Europe/Paris", { viewport: wall }],
	["cue-card", "E:/panels/ROUNDTABLE/card", { viewport: sheet, media: "print" }],
	["personal-page-phone", "ME", { viewport: phone }],
	["timetable", "C:/timetable", { viewport: desktop }],
	["timetable-phone-vi", "C:/timetable?lang=vi", { viewport: phone }],
	["publish", "C:/publish", { viewport: desktop }],
	["panel-form", "C:/panels/ROUNDTABLE", { viewport: desktop, from: ".edit" }],
	["statistics", "C:/statistics", { viewport: desktop }],
	["meetings", "C:/meetings", { viewport: desktop }],
	["letter", "C:/mail/MAIL", { viewport: desktop, from: ".facts" }],
	["told-phone-vi", "C:/told?lang=vi", { viewport: phone }],
];

const site = await demo();
const first = async (what, that = () => true) => (await api(site, "GET", `/events/${site.event}/${what}?limit=200`)).items.find(that);
const panel = await first("panels", (p) => p.code === "PANEL1");
const roundtable = await first("panels", (p) => p.title.en.startsWith("Ministerial roundtable"));
const mail = await first("mails", (m) => m.kind === "changes");
const room = panel.slot.room;
await furnish();

// furnish leaves something to publish: one that moved, one that is new, and both at the same time in the same room.
async function furnish() {
	const at = `/events/${site.event}/panels`;
	await api(site, "PUT", `${at}/${panel.id}/slot`, { ...panel.slot, start: "2025-10-27T14:30:00", end: "2025-10-27T16:00:00" }, { "If-Match": `"${panel.revision}"` });
	await api(site, "POST", at, { title: { en: "Digital twins of the Red River delta", vi: "Bản sao số của đồng bằng sông Hồng" }, format: "talk", slot: { room, start: "2025-10-27T15:30:00", end: "2025-10-27T16:15:00" } });
}

const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
try {
	mkdirSync(to, { recursive: true });
	for (const [name, where, { media = null, press, from, ...options }] of pictures) {
		const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/Paris", reducedMotion: "reduce", ...options });
		const page = await context.newPage();
		if (where.startsWith("E:") && !where.includes("at=")) {
			await page.clock.setFixedTime(during);
		}
		await page.emulateMedia({ media });
		if (where === "ME") {
			await page.goto(site.personal_page);
			await page.waitForURL((url) => url.pathname === "/me" && url.hash === "");
		} else {
			if (where.startsWith("C:")) {
				await signIn(page, site);
			}
			await page.goto(site.base + where.replace("E:", "/" + site.event).replace("C:", "/console/events/" + site.event).replace("PANEL", panel.id).replace("ROUNDTABLE", roundtable.id).replace("ROOM", room).replace("MAIL", mail.id));
		}
		await page.waitForLoadState("networkidle");
		if (press) {
			await page.getByRole("button", { name: press, exact: true }).or(page.getByRole("link", { name: press, exact: true })).first().click();
		}
		if (from) {
			await page.locator(from).first().evaluate((e) => scrollTo({ top: e.getBoundingClientRect().top + scrollY - 16, behavior: "instant" }));
		}
		if (media === "print") {
			await page.evaluate(() => (document.body.style.margin = "15mm")); // the margin of the sheet
		}
		await page.screenshot({ path: to + name + ".png" });
		await context.close();
	}
	for (const file of readdirSync(to)) {
		if (!pictures.some(([name]) => file === name + ".png")) {
			rmSync(to + file);
		}
	}
} finally {
	await browser.close();
	await site.stop();
}
