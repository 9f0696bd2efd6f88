// The words of the page, in its language.

let words: Record<string, string> = {};
let lang = "en";
let plural = new Intl.PluralRules("en");

// speak sets the words.
export function speak(said: Record<string, string>, language: string): void {
	words = said;
	lang = language;
	plural = new Intl.PluralRules(language);
}

export function language(): string {
	return lang;
}

// say gives the words of a key, with what they leave open put in.
export function say(key: string, vars: Record<string, string | number> = {}): string {
	const text = words["timetable_" + key] ?? key;
	return text.replace(/\{([a-z_]+)\}/g, (hole, name: string) => (name in vars ? String(vars[name]) : hole));
}

// count gives the words for so many of something.
export function count(key: string, n: number, vars: Record<string, string | number> = {}): string {
	return say(key + "_" + (lang !== "vi" && plural.select(n) === "one" ? "one" : "other"), { n, ...vars });
}

// dayName gives a day in words. It is a day of the calendar, not an instant: no zone has a part in it.
export function dayName(day: string, style: "short" | "long" = "short"): string {
	const format = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { weekday: style, day: "numeric", month: style, timeZone: "UTC" });
	return format.format(Date.parse(day + "T00:00:00Z"));
}

type Children = (Node | string | null | undefined | false)[];

// el makes an element of text and of other elements: never of markup.
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, has: Record<string, string | boolean | null> = {}, ...children: Children): HTMLElementTagNameMap[K] {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(has)) {
		if (value !== null && value !== false) {
			made.setAttribute(name, value === true ? "" : value);
		}
	}
	made.append(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false));
	return made;
}
