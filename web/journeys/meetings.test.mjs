// A meeting from the wish to the paper: one participant asks another by personal link, who answers with other times, of which one
// is accepted; a table is found, the desk prints the brief and lets a deputy stand in, and the other side sees it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, api, demo, quiet, signIn, useBrowser, words } from "./harness.mjs";

const open = useBrowser();
let site;
before(async () => (site = await demo()));
after(() => site?.stop());

const asker = "Trần Thị Bình", asked = "Éloïse Martin", deputy = "Lê Văn Cường";

// make makes an event with two speakers, a deputy and a table, and publishes it.
async function make(slug, lang) {
	const post = (path, body) => api(site, "POST", "/events/" + slug + path, body);
	await api(site, "POST", "/events", { slug, name: { [lang]: "Forum" }, zone: "Asia/Ho_Chi_Minh", start_date: "2027-03-26", end_date: "2027-03-27", languages: [lang],
		venue: { name: { [lang]: "Centre" }, address: { [lang]: "1 Tràng Tiền, Hà Nội" } } });
	await post("/members", { email: site.email, roles: ["owner", "protocol"] });
	const room = (await post("/rooms", { name: { [lang]: "Hall" } })).id;
	await post("/rooms", { name: { [lang]: "Table 7" }, kind: "table", capacity: 6 });
	const people = {};
	for (const [i, name] of [asker, asked, deputy].entries()) {
		const person = (people[name] = (await post("/people", { name })).id);
		if (name !== deputy) {
			await post("/panels", { title: { [lang]: "Talk " + i }, format: "talk", slot: { room, start: `2027-03-26T1${4 + i}:00`, end: `2027-03-26T1${4 + i}:30` }, speakers: [{ person, role: "speaker", status: "confirmed" }] });
		}
	}
	await post("/releases", {});
	return { slug, people };
}

for (const [lang, locale] of [["en", "en-GB"], ["fr", "fr-FR"], ["vi", "vi-VN"]]) {
	test("two people agree on a meeting: " + lang, async () => {
		const say = words(lang), at = "/console/events/meet-" + lang + "/";
		const event = await make("meet-" + lang, lang);
		const desk = await open("", { locale });
		await signIn(desk, site);
		// visitor opens somebody's personal page, with the code that the desk gives them.
		const visitor = async (name) => {
			const { url } = await api(site, "POST", `/events/${event.slug}/people/${event.people[name]}/links`, {});
			await desk.goto(site.base + at + "desk?lang=" + lang);
			await desk.locator("li", { hasText: name }).getByRole("button", { name: say("desk_code") }).click();
			const code = await desk.locator(".once .secret code").innerText();
			const page = await open(url, { locale });
			await page.getByLabel(say("me_digits_label")).fill(code);
			await page.getByRole("button", { name: say("me_digits_send") }).click();
			return page;
		};
		const a = await visitor(asker), b = await visitor(asked);

		await a.getByRole("link", { name: say("me_ask_title") }).click();
		await accessible(a, "whom to ask");
		await a.getByLabel(say("me_ask_seek")).fill("eloise");
		await a.getByRole("button", { name: say("form_search") }).click();
		await a.getByRole("link", { name: asked }).click();
		await a.locator(`[name="topic.${lang}"]`).fill("Robots");
		await a.locator('[name="time"]').first().check();
		await a.locator('[name="time"]').nth(1).check();
		await a.getByLabel(say("me_meet_note")).fill("Mekong");
		await accessible(a, "the request");
		await a.getByRole("button", { name: say("me_ask_send") }).click();
		await a.getByText(say("me_meet_done_asked")).waitFor();
		await accessible(a, "a request that waits");

		await b.reload();
		await b.getByText(say("me_meet_state_yours")).waitFor();
		await b.getByRole("link", { name: "Robots" }).click();
		await b.getByText("Mekong").first().waitFor();
		await accessible(b, "a request to answer");
		await b.locator('[name="day1"]').selectOption("2027-03-27");
		await b.locator('[name="clock1"]').fill("10:15");
		await b.getByRole("button", { name: say("me_meet_propose_send") }).click();
		await b.getByText(say("me_meet_done_proposed")).waitFor();

		await a.reload();
		await a.locator('[name="time"][type="radio"]').first().check();
		await a.getByRole("button", { name: say("me_meet_accept") }).click();
		await a.getByText(say("me_meet_done_accepted")).waitFor();
		await a.getByText("Table 7").first().waitFor();

		await desk.goto(site.base + at + "meetings?lang=" + lang);
		await accessible(desk, "the list");
		await desk.getByRole("link", { name: "Robots" }).click();
		await accessible(desk, "a meeting in the console");
		const id = new URL(desk.url()).pathname.split("/").pop();
		await desk.getByRole("link", { name: say("meetings_brief"), exact: true }).click();
		await desk.getByText("10:15–10:45").first().waitFor();
		assert.ok((await desk.pdf({ format: "A4" })).length > 1000);

		// The deputy comes in the place of who was asked; the brief on paper leads to what has changed since.
		const { revision } = await api(site, "GET", `/events/${event.slug}/meetings/${id}`);
		await api(site, "POST", `/events/${event.slug}/meetings/${id}/delegates/${event.people[asked]}/replacement`, { person: event.people[deputy] }, { "If-Match": `"${revision}"` });
		await desk.goto(`${site.base}${at}meetings/${id}/brief?lang=${lang}&since=2020-01-01T00:00:00Z`);
		await desk.getByText(say("brief_joined", { name: deputy })).waitFor();
		await a.reload();
		await a.getByText(deputy).first().waitFor();
		for (const page of [a, b, desk]) {
			quiet(page);
		}
		await open.closeAll();
	});
}
