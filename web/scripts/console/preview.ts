// What the import page shows of the API's answers. What comes from a file is put in as text, never as markup.

// Answer is what the API says of an import, as far as it is shown.
export interface Answer {
	event: string;
	created: boolean;
	again?: boolean;
	items: number;
	talks: number;
	unchanged: number;
	changes: Change[];
	findings: Finding[];
	conflicts: Conflict[];
	rooms: string[];
	tracks: string[];
	people: string[];
	headers?: string[];
	columns?: Record<string, string>;
	[word: string]: unknown;
}
interface Change {
	kind: string;
	code: string;
	words?: Record<string, string>;
}
interface Finding {
	rule: string;
	line?: number;
	text: string;
}
interface Conflict {
	severity: string;
	message: string;
}

// Child is what an element may hold; what is empty is left out.
export type Child = Node | string | false | 0 | null | undefined;

export const form = document.getElementById("import") as HTMLFormElement;
export const page = document.documentElement.lang;
export const words: Record<string, string> = JSON.parse(form.dataset.words ?? "{}");
const plural = new Intl.PluralRules(page);

// The most that is shown of each list, so that large answers stay quick.
const mostChanges = 200;
const mostFindings = 100;

// Kinds of change, those first that organizers have to look at most.
const changeKinds = ["cancelled", "removed", "moved", "edited", "restored", "added"];

const nameKinds = ["rooms", "tracks", "people"] as const;

// say gives the words for a key, with values in place of their names in braces.
export function say(key: string, values: Record<string, unknown> = {}): string {
	return (words[key] ?? key).replace(/\{([a-z]+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

// count gives the words for so many of something, in the plural that the language has for it.
function count(key: string, n: number): string {
	return say(key + (plural.select(n) === "one" ? "_one" : "_other"), { n: n.toLocaleString(page) });
}

export function element<Name extends keyof HTMLElementTagNameMap>(
	name: Name,
	properties: Partial<HTMLElementTagNameMap[Name]> = {},
	...children: Child[]
): HTMLElementTagNameMap[Name] {
	const made = Object.assign(document.createElement(name), properties);
	made.append(...children.filter((child): child is Node | string => Boolean(child)));
	return made;
}

// listOf shows the first items, and says how many more there are.
function listOf<Item>(items: Item[], most: number, make: (item: Item) => HTMLElement): HTMLElement {
	const list = element("ul", {}, ...items.slice(0, most).map((item) => make(item)));
	if (items.length > most) {
		list.append(element("li", { className: "quiet" }, count("preview_more", items.length - most)));
	}
	return list;
}

function folded(open: boolean, summary: string, ...children: Child[]): HTMLElement {
	return element("details", { open }, element("summary", {}, summary), ...children);
}

function groupBy<Item>(items: Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
	const groups = new Map<string, Item[]>();
	for (const item of items) {
		const key = keyOf(item);
		const group = groups.get(key);
		if (group) {
			group.push(item);
		} else {
			groups.set(key, [item]);
		}
	}
	return groups;
}

// previewOf makes the parts of an answer; done says that it was imported and not only looked at.
export function previewOf(answer: Answer, done: boolean): Child[] {
	const event = answer.created ? (done ? "preview_event_made" : "preview_new_event") : done ? "preview_event_done" : "preview_event";
	const from = answer.again ? "preview_from_again" : "preview_from";
	return [
		element("h2", { id: "result-title", tabIndex: -1 }, say(done ? "preview_done" : "preview_title")),
		element("p", { className: done ? "done" : "lead" }, say(event, { event: answer.event })),
		element("p", { className: "quiet" }, say(from, answer)),
		countsOf(answer),
		...(done ? nextOf(answer.event) : []),
		...changesOf(answer.changes),
		...findingsOf(answer.findings),
		...conflictsOf(answer.conflicts),
		...nameKinds.map((kind) => namesOf(kind, answer[kind])),
	];
}

function countsOf(answer: Answer): HTMLElement {
	const entries = [count("preview_entries", answer.items)];
	const add = (key: string, n: number) => n > 0 && entries.push(count("preview_" + key, n));
	add("talks", answer.talks);
	add("unchanged", answer.unchanged);
	for (const kind of changeKinds) {
		add(kind, answer.changes.filter((change) => change.kind === kind).length);
	}
	for (const kind of nameKinds) {
		add(kind, answer[kind].length);
	}
	const list = element("ul", { className: "counts" }, ...entries.map((text) => element("li", {}, text)));
	const nothing = answer.changes.length === 0 && element("p", {}, say("preview_nothing"));
	return element("div", {}, list, nothing);
}

function changesOf(changes: Change[]): HTMLElement[] {
	if (changes.length === 0) {
		return [];
	}
	const groups = groupBy(changes, (change) => change.kind);
	const made = (kind: string, group: Change[]) => folded(true, count("preview_" + kind, group.length), listOf(group, mostChanges, changeItem));
	return [
		element("h3", {}, say("preview_changes")),
		...changeKinds.flatMap((kind) => {
			const group = groups.get(kind);
			return group ? [made(kind, group)] : [];
		}),
	];
}

function changeItem(change: Change): HTMLElement {
	const lang = change.words?.[page] ? page : "en";
	return element("li", { lang }, change.words?.[lang] ?? change.code);
}

function findingsOf(findings: Finding[]): HTMLElement[] {
	if (findings.length === 0) {
		return [];
	}
	const groups = [...groupBy(findings, (finding) => finding.rule)].sort(([, a], [, b]) => b.length - a.length);
	return [
		element("h3", {}, say("preview_findings")),
		...groups.map(([rule, group]) =>
			folded(findings.length <= 10, numbered(words["rule_" + rule] ?? say("rule_other"), group), listOf(group, mostFindings, findingItem)),
		),
	];
}

function findingItem(finding: Finding): HTMLElement {
	const where = finding.line ? say("preview_line", { n: finding.line }) : say("preview_whole");
	return element("li", {}, element("b", {}, where), " ", element("span", { lang: "en" }, finding.text));
}

function conflictsOf(conflicts: Conflict[]): HTMLElement[] {
	if (conflicts.length === 0) {
		return [];
	}
	const groups = [...groupBy(conflicts, (conflict) => conflict.severity)].sort(([a]) => (a === "error" ? -1 : 1));
	return [
		element("h3", {}, say("preview_conflicts")),
		element("p", { className: "quiet" }, say("preview_conflicts_hint")),
		...groups.map(([severity, group]) =>
			folded(conflicts.length <= 10, numbered(say("preview_" + severity), group), listOf(group, mostFindings, conflictItem)),
		),
	];
}

const conflictItem = (conflict: Conflict) => element("li", { lang: "en" }, conflict.message);

const numbered = (label: string, group: unknown[]) => `${label} (${group.length.toLocaleString(page)})`;

function namesOf(kind: string, names: string[]): Child {
	const list = () => listOf(names, mostChanges, (name) => element("li", {}, name));
	return names.length > 0 && folded(false, count("preview_" + kind, names.length), list());
}

// nextOf says what to do after an import.
function nextOf(event: string): HTMLElement[] {
	const address = `${form.dataset.base}/api/v1/events/${event}/releases`;
	const publish = `curl -H "Authorization: Bearer TOKEN" -H "Content-Type: application/json" -d '{}' "${address}"`;
	return [
		element("h3", {}, say("preview_next")),
		element("p", {}, element("a", { href: `${form.dataset.base}/console/events/${event}/` }, say("preview_console"))),
		element("p", {}, say("preview_next_hint")),
		element("pre", {}, element("code", {}, "plenary publish " + event)),
		element("pre", {}, element("code", {}, publish)),
	];
}

// columnsOf offers for each header of a table what its column can be. What was chosen is told to choose.
export function columnsOf(
	headers: string[],
	columns: Record<string, string>,
	hint: string,
	choose: (header: string, column: string) => void,
): HTMLElement[] {
	const named = [...new Set(headers)].filter((header) => header !== "");
	if (named.length === 0) {
		return [];
	}
	const choices = columnChoices(Object.values(columns));
	const rows = named.map((header, i) => {
		const select = choices.cloneNode(true) as HTMLSelectElement;
		select.id = "column-" + i;
		select.value = columns[header] ?? "ignored";
		select.dataset.header = header;
		select.addEventListener("change", () => choose(header, select.value));
		return element("p", { className: "column" }, element("label", { htmlFor: select.id }, header), select);
	});
	return [element("h3", {}, say("preview_columns")), element("p", { className: "quiet" }, hint), element("div", { className: "columns" }, ...rows)];
}

// columnChoices makes the choice of what a column is; used are columns that must be among them.
function columnChoices(used: string[]): HTMLSelectElement {
	const all = (form.dataset.columns ?? "").split(" ").filter((column) => column !== "ignored");
	const select = element("select", {}, ...["ignored", ...all].map((column) => new Option(say("column_" + column), column)));
	const asked = document.querySelector<HTMLInputElement>("#language")?.value.trim() ?? "";
	const tags = new Set(["vi", "en", "fr", "de", asked, ...used.map((column) => column.split(":")[1] ?? "")].filter(Boolean));
	const group = element("optgroup", { label: say("preview_in_language") });
	for (const column of (form.dataset.translated ?? "").split(" ")) {
		for (const tag of tags) {
			const label = say("preview_column_in", { column: say("column_" + column), language: languageName(tag) });
			group.append(new Option(label, column + ":" + tag));
		}
	}
	select.append(group);
	return select;
}

function languageName(tag: string): string {
	try {
		return new Intl.DisplayNames(page, { type: "language" }).of(tag) ?? tag;
	} catch {
		return tag; // it is no language tag
	}
}
