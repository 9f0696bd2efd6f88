// What a page of 400 panels costs: that nothing moves once it is drawn is a test; how long it takes is printed, because it is the
// machine's too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bigEvent, demo, desktop, phone, useBrowser } from "./harness.mjs";

const open = useBrowser();
let site, slug;
before(async () => {
	site = await demo();
	slug = await bigEvent(site);
});
after(() => site?.stop());

// watch notes shifts of the layout and the largest paint, as web-vitals does: bursts of shifts that a second parts are one.
function watch() {
	window.seen = { shifts: [], largest: 0 };
	new PerformanceObserver((list) => list.getEntries().forEach((e) => e.hadRecentInput || window.seen.shifts.push([e.startTime, e.value]))).observe({ type: "layout-shift", buffered: true });
	new PerformanceObserver((list) => list.getEntries().forEach((e) => (window.seen.largest = e.startTime))).observe({ type: "largest-contentful-paint", buffered: true });
}

function worstBurst(shifts) {
	let worst = 0;
	let sum = 0;
	let last = -Infinity;
	for (const [at, value] of shifts) {
		sum = at - last < 1000 ? sum + value : value;
		last = at;
		worst = Math.max(worst, sum);
	}
	return worst;
}

test("the agenda of 400 panels on a slow phone stays where it is", async (t) => {
	for (const [name, viewport] of [["phone", phone], ["desktop", desktop]]) {
		const page = await open(null, { viewport });
		await page.addInitScript(watch);
		const client = await page.context().newCDPSession(page);
		await client.send("Emulation.setCPUThrottlingRate", { rate: 4 });
		await client.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 90_000 });
		await page.goto(`${site.base}/${slug}/`, { waitUntil: "load" });
		await page.evaluate(() => scrollTo(0, 3000));
		await page.waitForTimeout(1200);
		const { shifts, largest } = await page.evaluate(() => window.seen);
		const shift = worstBurst(shifts);
		t.diagnostic(`${name}: shift ${shift.toFixed(4)}, largest paint ${Math.round(largest)} ms (4 × slower processor, slow 4G)`);
		assert.ok(shift <= 0.02, `${name}: ${shift}`);
		await page.context().close();
	}
});
