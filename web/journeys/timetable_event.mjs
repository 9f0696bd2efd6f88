// An event to try the timetable on: three halls and a room for several, people who are in two panels or not there, a night, a
// break for all, a title that is written from right to left, and days around the night on which the clock of Paris is put forward.
import { api, signIn } from "./harness.mjs";

export const zone = "Europe/Paris";

// make makes the event and gives the ids of its panels by code, of its rooms and people by name, and what the tests ask.
export async function make(site, slug) {
	const post = (path, body) => api(site, "POST", path, body);
	await post("/events", { slug, name: { en: "Spring forum", vi: "Diễn đàn mùa xuân", fr: "Forum de printemps" }, zone, start_date: "2027-03-27", end_date: "2027-03-29", languages: ["en", "vi"], buffer_minutes: 10 });
	const at = "/events/" + slug;
	await post(at + "/members", { email: site.email, roles: ["owner"] });
	const rooms = {}, people = {}, panels = {};
	for (const [i, room] of [["Alpha", 300], ["Beta", 40], ["Gamma", 0], ["Yard", 0]].entries()) {
		rooms[room[0]] = (await post(at + "/rooms", { name: { en: room[0] }, position: i + 1, parallel: room[0] === "Yard", ...(room[1] && { capacity: room[1] }) })).id;
	}
	const track = (await post(at + "/tracks", { name: { en: "Rivers" }, color: "#0a7d4f" })).id;
	for (const name of ["Nguyễn An", "Chloé Martin", "Trần Bình"]) {
		people[name] = (await post(at + "/people", { name })).id;
	}
	await post(at + "/availabilities", { resource: { kind: "person", id: people["Trần Bình"] }, start: "2027-03-27T13:00:00", end: "2027-03-27T20:00:00" });
	const speaks = (name, status = "confirmed") => [{ person: people[name], role: "speaker", status }];
	const add = async (code, title, slot, more = {}) => {
		const [day, from, to, room] = slot ?? [];
		panels[code] = (await post(at + "/panels", { code, title, format: "talk", ...(slot && { slot: { ...(room && { room: rooms[room] }), start: `${day}T${from}:00`, end: `${day}T${to}:00` } }), ...more })).id;
	};
	await add("DELTA", { en: "Đồng bằng sông Cửu Long" }, ["2027-03-27", "09:00", "10:00", "Alpha"], { speakers: speaks("Nguyễn An"), track });
	await add("CHIPS", { en: "Semiconductors" }, ["2027-03-27", "09:00", "10:30", "Beta"], { speakers: speaks("Chloé Martin"), audience: 60 });
	await add("CLOUD", { en: "Cloud" }, ["2027-03-27", "10:30", "11:30", "Alpha"], { speakers: speaks("Nguyễn An", "invited") });
	await add("LUNCH", { en: "Lunch" }, ["2027-03-27", "12:00", "13:00", ""], { format: "break", all_rooms: true });
	await add("ARABIC", { ar: "مستقبل الأنهار 2030", en: "مستقبل الأنهار 2030" }, ["2027-03-27", "14:00", "15:00", "Gamma"], { speakers: speaks("Chloé Martin") });
	await add("GONE", { en: "Called off" }, ["2027-03-27", "16:00", "17:00", "Beta"], { cancelled: true });
	await add("SUNDAY", { en: "On Sunday" }, ["2027-03-28", "09:00", "10:00", "Alpha"], { speakers: speaks("Nguyễn An") });
	await add("LATER", { en: "Élèves et données" }, undefined, { speakers: speaks("Trần Bình"), track });
	await add("SOME", { en: "Some day" });
	return { slug, at, rooms, people, panels, api: (method, path, body, headers) => api(site, method, at + path, body, headers), slot: async (code) => (await api(site, "GET", at + "/panels/" + panels[code])).slot };
}

// come opens the timetable of the event as who runs the demo.
export async function come(open, site, event, options = {}, query = "") {
	const page = await open(null, options);
	await signIn(page, site, `/console/events/${event.slug}/timetable${query}`);
	await page.locator(".tt-scroll .tt-card").first().waitFor();
	return page;
}

export const card = (page, event, code) => page.locator(`.tt-card[data-id="${event.panels[code]}"]`);

// heard waits until the live region says so.
export async function heard(page, words) {
	await page.locator(".tt-far[role=status], .tt-far[role=alert]").filter({ hasText: words }).first().waitFor({ state: "attached" });
}

// spot gives the point of the window at which a time is in a room.
export async function spot(page, room, minutes) {
	return page.evaluate(([room, minutes]) => {
		const root = document.querySelector(".tt-scroll");
		const box = document.querySelector(`.tt-column[aria-label="${room}"]`).getBoundingClientRect();
		const px = parseFloat(root.style.getPropertyValue("--ppm"));
		return { x: box.left + box.width / 2, y: box.top + (minutes - Number(root.style.getPropertyValue("--from"))) * px };
	}, [room, minutes]);
}

// drag takes hold of a card a little below its upper edge, and lets go of it where that edge comes to that time.
export async function drag(page, from, to, { drop = true } = {}) {
	await from.scrollIntoViewIfNeeded();
	const box = await from.boundingBox();
	await page.mouse.move(box.x + box.width / 2, box.y + 4);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width / 2 + 12, box.y + 14, { steps: 3 });
	await page.mouse.move(to.x, to.y + 4, { steps: 8 });
	if (drop) {
		await page.mouse.up();
	}
}
