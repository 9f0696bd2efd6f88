// What the import page shows of the API's answers. What comes from a file is put in as text, never as markup.
const form = document.getElementById("import");
const page = document.documentElement.lang;
const words = JSON.parse(form.dataset.words);
const plural = new Intl.PluralRules(page);

// The most that is shown of each list, so that large answers stay quick.
const mostChanges = 200;
const mostFindings = 100;

// Kinds of change, those first that organizers have to look at most.
const changeKinds = ["cancelled", "removed", "moved", "edited", "restored", "added"];

// say gives the words for a key, with values in place of their names in braces.
function say(key, values = {}) {
	return words[key].replace(/\{([a-z]+)\}/g, (whole, name) => values[name] ?? whole);
}

// count gives the words for so many of something, in the plural that the language has for it.
function count(key, n) {
	return say(key + (plural.select(n) === "one" ? "_one" : "_other"), { n: n.toLocaleString(page) });
}

function element(name, properties = {}, ...children) {
	const made = Object.assign(document.createElement(name), properties);
	made.append(...children.filter((child) => child));
	return made;
}

// listOf shows the first items, and says how many more there are.
function listOf(items, most, make) {
	const list = element("ul", {}, ...items.slice(0, most).map(make));
	if (items.length > most) {
		list.append(element("li", { className: "quiet" }, count("preview_more", items.length - most)));
	}
	return list;
}

function folded(open, summary, ...children) {
	return element("details", { open }, element("summary", {}, summary), ...children);
}

function groupBy(items, keyOf) {
	const groups = new Map();
	for (const item of items) {
		const key = keyOf(item);
		if (!groups.has(key)) {
			groups.set(key, []);
		}
		groups.get(key).push(item);
	}
	return groups;
}

// previewOf makes the parts of an answer; done says that it was imported and not only looked at.
function previewOf(answer, done) {
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
		...["rooms", "tracks", "people"].map((kind) => namesOf(kind, answer[kind])),
	];
}

function countsOf(answer) {
	const entries = [count("preview_entries", answer.items)];
	const add = (key, n) => n > 0 && entries.push(count("preview_" + key, n));
	add("talks", answer.talks);
	add("unchanged", answer.unchanged);
	for (const kind of changeKinds) {
		add(kind, answer.changes.filter((change) => change.kind === kind).length);
	}
	for (const kind of ["rooms", "tracks", "people"]) {
		add(kind, answer[kind].length);
	}
	const list = element("ul", { className: "counts" }, ...entries.map((text) => element("li", {}, text)));
	const nothing = answer.changes.length === 0 && element("p", {}, say("preview_nothing"));
	return element("div", {}, list, nothing);
}

function changesOf(changes) {
	if (changes.length === 0) {
		return [];
	}
	const groups = groupBy(changes, (change) => change.kind);
	const made = (kind, group) => folded(true, count("preview_" + kind, group.length), listOf(group, mostChanges, changeItem));
	return [
		element("h3", {}, say("preview_changes")),
		...changeKinds.filter((kind) => groups.has(kind)).map((kind) => made(kind, groups.get(kind))),
	];
}

function changeItem(change) {
	const lang = change.words?.[page] ? page : "en";
	return element("li", { lang }, change.words?.[lang] ?? change.code);
}

function findingsOf(findings) {
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

function findingItem(finding) {
	const where = finding.line ? say("preview_line", { n: finding.line }) : say("preview_whole");
	return element("li", {}, element("b", {}, where), " ", element("span", { lang: "en" }, finding.text));
}

function conflictsOf(conflicts) {
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

const conflictItem = (conflict) => element("li", { lang: "en" }, conflict.message);

const numbered = (label, group) => `${label} (${group.length.toLocaleString(page)})`;

function namesOf(kind, names) {
	const list = () => listOf(names, mostChanges, (name) => element("li", {}, name));
	return names.length > 0 && folded(false, count("preview_" + kind, names.length), list());
}

// nextOf says what to do after an import.
function nextOf(event) {
	const address = `${form.dataset.base}/api/v1/events/${event}/releases`;
	const publish = `curl -H "Authorization: Bearer TOKEN" -H "Content-Type: application/json" -d '{}' "${address}"`;
	return [
		element("h3", {}, say("preview_next")),
		element("p", {}, say("preview_next_hint")),
		element("pre", {}, element("code", {}, "plenary publish " + event)),
		element("pre", {}, element("code", {}, publish)),
	];
}

// columnsOf offers for each header of a table what its column can be. What was chosen is told to choose.
function columnsOf(headers, columns, hint, choose) {
	const named = [...new Set(headers)].filter((header) => header !== "");
	if (named.length === 0) {
		return [];
	}
	const choices = columnChoices(Object.values(columns));
	const rows = named.map((header, i) => {
		const select = choices.cloneNode(true);
		select.id = "column-" + i;
		select.value = columns[header] ?? "ignored";
		select.dataset.header = header;
		select.addEventListener("change", () => choose(header, select.value));
		return element("p", { className: "column" }, element("label", { htmlFor: select.id }, header), select);
	});
	return [element("h3", {}, say("preview_columns")), element("p", { className: "quiet" }, hint), element("div", { className: "columns" }, ...rows)];
}

// columnChoices makes the choice of what a column is; used are columns that must be among them.
function columnChoices(used) {
	const all = form.dataset.columns.split(" ").filter((column) => column !== "ignored");
	const select = element("select", {}, ...["ignored", ...all].map((column) => new Option(say("column_" + column), column)));
	const asked = document.getElementById("language").value.trim();
	const tags = new Set(["vi", "en", "fr", "de", asked, ...used.map((column) => column.split(":")[1])].filter(Boolean));
	const group = element("optgroup", { label: say("preview_in_language") });
	for (const column of form.dataset.translated.split(" ")) {
		for (const tag of tags) {
			const label = say("preview_column_in", { column: say("column_" + column), language: languageName(tag) });
			group.append(new Option(label, column + ":" + tag));
		}
	}
	select.append(group);
	return select;
}

function languageName(tag) {
	try {
		return new Intl.DisplayNames(page, { type: "language" }).of(tag);
	} catch {
		return tag; // it is no language tag
	}
}
