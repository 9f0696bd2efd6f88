import { type Asked, type Fault, type Part, pathOf, readJSON } from "./console/answer";
import { type Answer, type Child, columnsOf, element, form, page, previewOf, say, words } from "./console/preview";

// The page on which organizers import a programme. It sends the form to the API, shows what would change, and sends the
// same again to have it done. The token is in its field and in the requests, and nowhere else.

// The fields and what else of the page has an id are in its template.
const field = (id: string) => document.getElementById(id) as HTMLInputElement;
const problem = field("problem") as HTMLElement;
const result = field("result") as HTMLElement;
const doing = field("status") as HTMLElement;
const bar = document.getElementById("bar") as HTMLProgressElement;

// wishes are the columns that were chosen by hand, by header. Another version of the file has most of its headers again.
const wishes = new Map<string, string>();
let busy = false;
let edits = 0; // how often the form was changed
let unsure = false; // whether what was asked for last was done
let looked: Asked | null = null; // the request that the preview is of, while the form is as it was
let last: { headers: string[]; columns: Record<string, string>; chosen?: boolean } = { headers: [], columns: plain() }; // of the table that was looked at

// What an error is about, by what the API calls it.
const fieldsByName: Record<string, string> = { slug: "slug", event: "slug", url: "url", zone: "zone", language: "language", source: "source", format: "format" };

// plain gives an object that has nothing but what it was given: a header may be called "constructor".
function plain(entries: Record<string, string> = {}): Record<string, string> {
	return Object.assign(Object.create(null), entries);
}

function changed() {
	edits++;
	looked = null;
	const button = field("do-import");
	if (button) {
		button.hidden = true;
		field("stale").hidden = false;
	}
}

// wrong shows what did not work, and leads there. Each part is said of a field, or of none; own is in the language of
// the page, and what the API says is in English.
function wrong(own: string, parts: Part[] = [], after = ""): void {
	const items = parts.map(({ id, text, english }) => {
		const control = id && field(id);
		const said = element("span", { lang: english ? "en" : page }, text);
		if (!control) {
			return element("li", {}, said);
		}
		control.setAttribute("aria-invalid", "true");
		const folder = control.closest("details");
		if (folder) {
			folder.open = true;
		}
		const link = element("a", { href: "#" + id }, nameOf(control));
		link.addEventListener("click", (event) => {
			event.preventDefault();
			control.focus();
		});
		return element("li", {}, link, say("preview_colon"), said);
	});
	const head = element("p", {}, element("strong", {}, own || say("problem_title")));
	const list = items.length > 0 && element("ul", {}, ...items);
	const end = after && element("p", { className: "quiet" }, after);
	problem.replaceChildren(...[head, list, end].filter((child) => child instanceof Node));
	problem.hidden = false;
	problem.focus();
}

const nameOf = (control: HTMLInputElement) => control.labels?.[0]?.textContent ?? "";

function forgetProblem() {
	problem.hidden = true;
	problem.replaceChildren();
	for (const control of document.querySelectorAll("[aria-invalid]")) {
		control.removeAttribute("aria-invalid");
	}
}

// gather makes a request of the form, or says what is missing and gives nothing.
async function gather(): Promise<Asked | null> {
	const token = field("token").value.trim();
	const slug = field("slug").value.trim();
	const address = field("from-url").checked ? field("url").value.trim() : "";
	const file = field("from-file").checked ? (field("file").files?.[0] ?? null) : null;
	const size = file?.size ?? 0;
	const missing: Part[] = [];
	const most = Number(form.dataset.max);
	const refuse = (when: boolean, id: string, key: string, values?: Record<string, unknown>) => when && missing.push({ id, text: say(key, values) });
	// A header takes visible ASCII only, and no token has anything else.
	refuse(/[^\x21-\x7e]/.test(token), "token", "problem_401");
	refuse(!slug, "slug", "problem_event");
	refuse(field("from-url").checked && !address, "url", "problem_url");
	refuse(field("from-file").checked && !file, "file", "problem_file");
	refuse(file !== null && size === 0, "file", "problem_empty");
	refuse(size > most, "file", "problem_large", { n: most >> 20 });
	if (missing.length > 0) {
		wrong("", missing);
		return null;
	}
	const query: Record<string, string> = address ? { url: address } : {};
	for (const name of ["format", "source", "zone", "language"]) {
		const value = field(name).value.trim();
		if (value !== "") {
			query[name] = value;
		}
	}
	try {
		// The bytes are kept until they are imported, so that what is imported is what was looked at.
		return { token, slug, query, body: file ? await file.arrayBuffer() : null, edits };
	} catch {
		wrong("", [{ id: "file", text: say("problem_unreadable") }]);
		return null;
	}
}

// send asks the API and gives status and answer. It fails where no answer came.
function send(request: Asked, dry: boolean): Promise<{ status: number; answer: any }> {
	const query = new URLSearchParams(request.query);
	if (dry) {
		query.set("dry_run", "true");
	}
	return new Promise((resolve, reject) => {
		const x = new XMLHttpRequest();
		x.open("POST", form.dataset.api + encodeURIComponent(request.slug) + "/import?" + query);
		if (request.token !== "") { // else it is who is signed in who asks
			x.setRequestHeader("Authorization", "Bearer " + request.token);
		}
		x.setRequestHeader("Accept", "application/json");
		x.upload.addEventListener("progress", (event) => event.lengthComputable && (bar.value = event.loaded / event.total));
		x.upload.addEventListener("load", () => wait(dry));
		x.addEventListener("load", () => resolve({ status: x.status, answer: readJSON(x.responseText) }));
		x.addEventListener("error", reject);
		x.addEventListener("abort", reject);
		if (request.body) {
			x.setRequestHeader("Content-Type", "application/octet-stream");
			doing.textContent = say("preview_sending");
			bar.value = 0;
		} else {
			wait(dry);
		}
		bar.hidden = false;
		x.send(request.body);
	});
}

// wait says that the server is at work, for how long nobody knows.
function wait(dry: boolean): void {
	bar.removeAttribute("value");
	doing.textContent = say(dry ? "preview_looking" : "preview_importing");
}

// ask sends a request and gives the answer, or says what is wrong and gives nothing.
async function ask(request: Asked, dry: boolean): Promise<Answer | null> {
	let got: { status: number; answer: any };
	try {
		got = await send(request, dry);
	} catch {
		unsure = !dry;
		wrong(say(dry ? "problem_network" : "problem_broken"));
		return null;
	} finally {
		bar.hidden = true;
		doing.textContent = "";
	}
	if (got.status === 200 && got.answer) {
		return got.answer;
	}
	if (dry && got.status === 422 && !request.query.columns && columnFaults(got.answer).length > 0) {
		// The columns that the source had last are not those of this table.
		request.query.columns = "{}";
		return ask(request, dry);
	}
	refused(got, dry);
	return null;
}

const columnFaults = (answer: { errors?: Fault[] } | null) => (answer?.errors ?? []).filter((fault) => fault.pointer?.startsWith("#/columns/"));

// refused says why the API did not do it.
function refused({ status: code, answer }: { status: number; answer: any }, dry: boolean): void {
	if (!dry && code >= 500 && !answer) {
		unsure = true;
		wrong(say("problem_broken")); // a proxy's answer: what the server did is not known
		return;
	}
	const own = words["problem_" + code] ?? say("problem_other", { n: code });
	const parts: Part[] = [];
	if (answer?.detail) {
		parts.push({ text: answer.detail, english: true });
	}
	for (const fault of (answer?.errors ?? []) as Fault[]) {
		const [name = "", header] = fault.parameter ? [fault.parameter] : pathOf(fault.pointer);
		const id = fieldsByName[name];
		const text = id || header !== undefined ? fault.detail : [name, fault.detail].filter(Boolean).join(": ");
		parts.push({ id, header, text, english: true });
	}
	if (code === 401 || code === 403) {
		parts.unshift({ id: "token", text: own });
	}
	const headers = columnFaults(answer).map((fault) => pathOf(fault.pointer)[1] ?? "");
	if (headers.some((header) => !last.headers.includes(header))) {
		offer(headers);
		parts.splice(1, Infinity, { id: "column-0", text: say("preview_columns_unknown") });
	}
	const selects = [...result.querySelectorAll("select")];
	for (const part of parts.filter((part) => part.header !== undefined)) {
		part.id = selects.find((select) => select.dataset.header === part.header)?.id;
	}
	wrong(code === 401 || code === 403 ? "" : own, parts, answer?.request_id ? say("request_id", { id: answer.request_id }) : "");
}

// offer asks what the columns of a table are of which no header was understood.
function offer(headers: string[]): void {
	const chosen = headers.filter((header) => wishes.has(header));
	const columns = plain(Object.fromEntries(chosen.map((header) => [header, wishes.get(header) ?? ""])));
	last = { headers, columns, chosen: chosen.length > 0 };
	const title = element("h2", { id: "result-title", tabIndex: -1 }, say("preview_title"));
	result.replaceChildren(title, ...columnsPart(say("preview_columns_unknown")));
	result.hidden = false;
}

// columnsPart makes the choice of columns of the last table, with a button that looks again.
function columnsPart(hint: string): HTMLElement[] {
	const parts = columnsOf(last.headers, last.columns, hint, (header, column) => {
		wishes.set(header, column);
		last.columns[header] = column;
		last.chosen = true;
		changed();
	});
	if (parts.length > 0) {
		const again = element("button", { type: "button", className: "button plain" }, say("preview_again"));
		again.addEventListener("click", () => once(look));
		parts.push(element("p", {}, again));
	}
	return parts;
}

// look asks what an import would do, and shows it.
async function look() {
	const request = await gather();
	if (!request) {
		return;
	}
	if (last.chosen) {
		request.query.columns = JSON.stringify(last.columns);
	}
	let answer = await ask(request, true);
	if (answer && fulfil(answer)) {
		request.query.columns = JSON.stringify(last.columns);
		show(answer, false, null);
		answer = await ask(request, true);
	}
	if (answer) {
		remember(answer);
		looked = request.edits === edits ? request : null;
		show(answer, false, looked);
		lead();
	}
}

function remember(answer: Answer): void {
	last = { headers: answer.headers ?? [], columns: plain(answer.columns), chosen: last.chosen };
}

// fulfil takes over what was chosen for headers that the table of the answer has, and says whether that is anything else
// than what was read.
function fulfil(answer: Answer): boolean {
	remember(answer);
	let differs = false;
	for (const header of last.headers) {
		const wish = wishes.get(header);
		if (wish !== undefined && wish !== (last.columns[header] ?? "ignored")) {
			last.columns[header] = wish;
			differs = true;
		}
	}
	last.chosen = last.chosen || differs;
	return differs;
}

// show shows an answer; request is what the button imports.
function show(answer: Answer, done: boolean, request: Asked | null): void {
	result.replaceChildren(...previewOf(answer, done).filter((child: Child) => child instanceof Node));
	if (!done) {
		const button = element("button", { type: "button", className: "button", id: "do-import", hidden: !request }, say("preview_import"));
		button.addEventListener("click", () => once(take));
		const note = field("from-url").checked && element("p", { className: "quiet" }, say("preview_address"));
		const stale = element("p", { className: "notice", id: "stale", hidden: Boolean(request) }, say("preview_stale"));
		const end = element("div", { className: "save" }, note, stale, button);
		result.querySelector(".counts")?.parentElement?.after(...columnsPart(say("preview_columns_hint")));
		result.append(end);
	}
	result.hidden = false;
}

// lead brings what is shown to the top of the window, and the keyboard there.
function lead() {
	field("result-title").focus({ preventScroll: true });
	field("result-title").scrollIntoView();
}

// take imports what was looked at.
async function take() {
	if (!looked) {
		return;
	}
	const request = looked;
	looked = null;
	unsure = false;
	const answer = await ask(request, false);
	if (answer) {
		show(answer, true, null);
		lead();
	} else if (unsure) {
		field("do-import").parentElement?.toggleAttribute("hidden", true);
	} else if (request.edits === edits) {
		looked = request; // nothing was kept: it can be tried again
	}
}

// once does one thing at a time: what is asked for meanwhile is passed over.
async function once(act: () => Promise<void>): Promise<void> {
	if (busy) {
		return;
	}
	busy = true;
	forgetProblem();
	for (const button of document.querySelectorAll("button")) {
		button.setAttribute("aria-disabled", "true");
	}
	try {
		await act();
	} finally {
		busy = false;
		for (const button of document.querySelectorAll("button")) {
			button.removeAttribute("aria-disabled");
		}
	}
}

function chooseFrom() {
	field("drop").hidden = !field("from-file").checked;
	field("address").hidden = !field("from-url").checked;
}

// forgetTable makes the columns those that the next table suggests, and then those that were wished for.
function forgetTable() {
	last.chosen = false;
}

function acceptDrops() {
	const drop = field("drop") as HTMLElement;
	for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
		// A file that misses the place would take the page's place, and the form with it.
		document.addEventListener(kind, (event) => {
			event.preventDefault();
			drop.classList.toggle("over", kind === "dragenter" || kind === "dragover");
		});
	}
	document.addEventListener("drop", (event) => {
		const files = event.dataTransfer?.files;
		if (busy || !files || files.length === 0) {
			return;
		}
		forgetProblem();
		if (files.length > 1) {
			wrong("", [{ id: "file", text: say("problem_files") }]);
			return;
		}
		field("from-file").checked = true;
		chooseFrom();
		field("file").files = files;
		forgetTable();
		changed();
	});
}

form.addEventListener("submit", (event) => {
	event.preventDefault();
	void once(look);
});
form.addEventListener("input", changed);
for (const id of ["from-file", "from-url"]) {
	field(id).addEventListener("change", chooseFrom);
}
for (const id of ["file", "url", "source", "format", "from-file", "from-url"]) {
	field(id).addEventListener("input", forgetTable);
}
acceptDrops();
field("zones").append(...(Intl.supportedValuesOf?.("timeZone") ?? []).map((zone) => new Option(zone, zone)));
chooseFrom();
field("slug").value ||= new URLSearchParams(location.search).get("event") ?? ""; // the console of an event leads here
form.hidden = false;
