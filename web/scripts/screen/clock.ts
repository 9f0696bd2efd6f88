// The clock of a screen: its own, put right by what the server says. Who looks at another moment sees a clock that begins there.
export class Clock {
	private ahead = 0; // how far the server's clock is before ours
	private readonly test: number;
	private readonly begun = Date.now();

	constructor(at: number) {
		this.test = at;
	}

	now(): number {
		return this.test ? this.test + Date.now() - this.begun : Date.now() + this.ahead;
	}

	// real is the time even when another moment is looked at.
	real(): number {
		return Date.now() + this.ahead;
	}

	// hear takes the server's time from a Date header, which has whole seconds: a difference within two is none.
	hear(date: string | null, asked: number) {
		const said = Date.parse(date ?? "");
		const answered = Date.now();
		if (Number.isNaN(said) || answered - asked > 5000) {
			return;
		}
		const ahead = said + 500 - (asked + answered) / 2;
		if (Math.abs(ahead - this.ahead) > 2000) {
			this.ahead = Math.abs(ahead) > 2000 ? ahead : 0;
		}
	}
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(lang: string, zone: string, kind: "time" | "date"): Intl.DateTimeFormat {
	const key = `${lang} ${zone} ${kind}`;
	let made = formats.get(key);
	if (!made) {
		const how: Intl.DateTimeFormatOptions = kind === "time" ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { weekday: "long", day: "numeric", month: "long", year: "numeric" };
		made = new Intl.DateTimeFormat(kind === "time" || lang === "en" ? "en-GB" : lang, { ...how, timeZone: zone });
		formats.set(key, made);
	}
	return made;
}

export const clockOf = (zone: string, at: number) => format("en", zone, "time").format(at);
export const dateOf = (lang: string, zone: string, at: number) => format(lang, zone, "date").format(at);

const isoDay = new Map<string, Intl.DateTimeFormat>();

// dayOf gives the date in a zone: "2025-10-27".
export function dayOf(zone: string, at: number): string {
	let made = isoDay.get(zone);
	if (!made) {
		made = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
		isoDay.set(zone, made);
	}
	return made.format(at);
}
