// What all journeys share: the program itself, started on a port of its own, and tabs of a real Chromium that note what they
// complain of.
import { execFileSync, spawn } from "node:child_process";
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const chromiumPath = process.env.PLENARY_TEST_CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

let binary = process.env.PLENARY_BIN ?? "";

// plenary gives the path of the program: PLENARY_BIN, or one that is built now.
function plenary() {
	if (binary === "") {
		const dir = mkdtempSync(join(tmpdir(), "plenary-journey-"));
		process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
		binary = join(dir, "plenary");
		execFileSync("go", ["build", "-o", binary, "./cmd/plenary"], { cwd: root, stdio: "inherit" });
	}
	return binary;
}

// surroundings are those of the program: of what is set here, nothing is meant for it.
function surroundings(settings) {
	const rest = Object.entries(process.env).filter(([name]) => !name.startsWith("PLENARY_"));
	return { ...Object.fromEntries(rest), PLENARY_RATE_LIMIT: "off", ...settings };
}

// stop ends a program as its operator would, and waits until it is gone.
async function stop(child) {
	if (child.exitCode !== null) {
		return;
	}
	const gone = new Promise((resolve) => child.once("exit", resolve));
	child.kill("SIGTERM");
	const hang = setTimeout(() => child.kill("SIGKILL"), 10_000);
	await gone;
	clearTimeout(hang);
}

// demo starts the demo with a database of its own and gives where everything is, as `plenary demo --json` prints it, with
// stop(), which ends it. With a folder it is kept there, for serve to go on with.
export async function demo(folder = "") {
	const child = spawn(plenary(), ["demo", "--addr", "localhost:0", "--json", "--forum-alone", "--data", folder], { stdio: ["ignore", "pipe", "inherit"], env: surroundings() });
	let printed = "";
	for await (const line of createInterface({ input: child.stdout })) {
		printed += line + "\n";
		if (line === "}") {
			break;
		}
	}
	return { ...JSON.parse(printed), stop: () => stop(child) };
}

// serve starts an empty installation in a folder of its own and gives its address, the link for making the first account, and
// stop(), which ends it and removes the folder. With a folder of the demo's it goes on with that, and there is no such link.
export async function serve({ port = 0, env = {}, folder = "" } = {}) {
	const dir = folder || mkdtempSync(join(tmpdir(), "plenary-journey-"));
	const child = spawn(plenary(), ["serve"], {
		stdio: ["ignore", "pipe", "pipe"],
		env: surroundings({ PLENARY_ADDR: `localhost:${port}`, PLENARY_DATABASE: join(dir, "plenary.db"), ...env }),
	});
	const said = [];
	const found = new Promise((resolve, reject) => {
		const hear = (line) => {
			said.push(line);
			const setup = said.join("\n").match(/https?:\/\/\S+\/setup#\S+/)?.[0];
			const base = said.join("\n").match(/https?:\/\/localhost:\d+/)?.[0];
			if ((setup || folder) && base) {
				resolve({ setup, base });
			}
		};
		createInterface({ input: child.stdout }).on("line", hear);
		createInterface({ input: child.stderr }).on("line", hear);
		child.once("exit", () => reject(new Error("the program ended: " + said.join("\n"))));
	});
	return {
		...(await found),
		stop: async () => {
			await stop(child);
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

// words gives a function that says what the program says in a language, by key, with values for its placeholders.
export function words(lang) {
	const all = {};
	const dir = join(root, "web/locales", lang);
	for (const file of readdirSync(dir)) {
		Object.assign(all, JSON.parse(readFileSync(join(dir, file), "utf8")));
	}
	return (key, values = {}) => {
		assert.ok(all[key], `${lang} has no ${key}`);
		return all[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
	};
}

// What a browser says by itself, and no page is to blame for.
const harmless = [/favicon\.ico/];

// useBrowser starts one Chromium for the tests of a file, and gives a function that opens tabs. Each is a browser context of its
// own: cookies, storage, zone (timezoneId), language (locale), light or dark (colorScheme), size (viewport), as playwright has
// them. page.complaints are what it complained of: violations of the Content Security Policy, errors of scripts, and messages of
// severity error.
export function useBrowser() {
	let browser;
	before(async () => {
		browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox", "--disable-quic", "--no-proxy-server"] });
	});
	after(() => browser?.close());
	async function open(url, options = {}) {
		const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", timezoneId: "Asia/Ho_Chi_Minh", ...options });
		const page = await context.newPage();
		page.setDefaultTimeout(15_000);
		page.complaints = [];
		const complain = (text) => harmless.some((h) => h.test(text)) || page.complaints.push(text);
		page.on("console", (message) => message.type() === "error" && complain(`${message.text()} (${message.location().url})`));
		page.on("pageerror", (error) => complain(String(error)));
		if (url) {
			await page.goto(url);
		}
		return page;
	}
	// closeAll closes all tabs, for tests of which many would be open: the server keeps so many streams for one account.
	open.closeAll = () => Promise.all(browser.contexts().map((context) => context.close()));
	return open;
}

// The sizes in which every page is looked at.
export const phone = { width: 390, height: 844 };
export const desktop = { width: 1280, height: 800 };

// axe gives what axe-core finds wrong with the page as it stands, whatever its impact, a line each.
export async function axe(page) {
	if (!(await page.evaluate(() => "axe" in window))) {
		await page.evaluate(axeSource);
	}
	const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
	return violations.flatMap((v) => v.nodes.map((n) => `${v.id} (${v.impact}): ${n.target.join(" ")}: ${n.failureSummary?.split("\n")[1]?.trim() ?? v.help}`));
}

// accessible fails unless axe finds nothing, in light and dark, on a phone and on a screen.
export async function accessible(page, what = page.url()) {
	const size = page.viewportSize();
	for (const colorScheme of ["light", "dark"]) {
		await page.emulateMedia({ colorScheme });
		for (const viewport of [phone, desktop]) {
			await page.setViewportSize(viewport);
			assert.deepEqual(await axe(page), [], `${what}, ${colorScheme}, ${viewport.width} px`);
			assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), `${what} is wider than ${viewport.width} px`);
		}
	}
	await page.emulateMedia({ colorScheme: null });
	await page.setViewportSize(size);
}

// quiet fails when the page complained of anything.
export function quiet(page) {
	assert.deepEqual(page.complaints, []);
}

// saved waits until the timetable has brought every move to the server: it shows them before, and whoever leaves in between is asked
// whether they mean it.
export const saved = (page) => page.waitForFunction(() => dispatchEvent(new Event("beforeunload", { cancelable: true })));

// signIn signs in by password, and waits for the console.
export async function signIn(page, site, next = "/console") {
	await page.goto(site.sign_in + "?next=" + encodeURIComponent(next));
	await page.fill("input[name=email]", site.email);
	await page.fill("input[name=password]", site.password);
	await page.locator("form").filter({ has: page.locator("input[name=password]") }).locator("button:not([type=button])").first().click();
	await page.waitForURL((url) => url.pathname.startsWith(new URL(next, site.base).pathname));
}

// api asks the API of a demo with its token, and gives the answer's JSON. A body that is a string is a table.
export async function api(site, method, path, body, headers = {}) {
	const table = typeof body === "string";
	const answer = await fetch(site.base + "/api/v1" + path, {
		method,
		headers: { Authorization: "Bearer " + site.token, "Content-Type": table ? "text/csv" : "application/json", ...headers },
		body: body === undefined || table ? body : JSON.stringify(body),
	});
	const text = await answer.text();
	assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
	return text === "" ? null : JSON.parse(text);
}

// Words of which titles are put together, so that they do not compress like one title.
const nouns = "Luật công nghệ số, đồng bằng, trí tuệ nhân tạo, souveraineté numérique, données ouvertes, semiconductors, digital skills, cloud, e-government, cybersecurity, startups, 5G, interoperability, logistics, e-health, chip design".split(", ");

// bigEvent makes an event with that many rooms and panels over three days, publishes it and gives its slug.
export async function bigEvent(site, { rooms = 20, panels = 400, slug = "big" } = {}) {
	await api(site, "POST", "/events", { slug, name: { en: "A big forum", vi: "Diễn đàn lớn" }, zone: "Asia/Ho_Chi_Minh", start_date: "2027-03-26", end_date: "2027-03-28", languages: ["en", "vi"] });
	const perDay = Math.ceil(panels / 3);
	const lines = ["title,date,start,end,room,speakers"];
	for (let i = 0; i < panels; i++) {
		const day = 26 + Math.floor(i / perDay);
		const minute = 8 * 60 + Math.floor((i % perDay) / rooms) * 90;
		const clock = (m) => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;
		const title = `${i + 1}: ${nouns[(i * 7) % nouns.length]} – ${nouns[(i * 11 + 3) % nouns.length]} ${((i + 1) * 2654435761) % 9973}`;
		lines.push(`"${title}",2027-03-${day},${clock(minute)},${clock(minute + 60 + (i % 3) * 10)},"Room ${(i % rooms) + 1}","Nguyễn Thị ${i % 150} An"`);
	}
	await api(site, "POST", `/events/${slug}/import?format=csv`, lines.join("\n") + "\n");
	const { items } = await api(site, "GET", `/events/${slug}/conflicts`);
	await api(site, "POST", `/events/${slug}/releases`, { acknowledge: items.filter((c) => c.severity === "error").map((c) => c.key) });
	return slug;
}
