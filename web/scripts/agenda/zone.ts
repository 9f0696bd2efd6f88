/** What a clock on the wall shows: a date (2027-03-28) and hours and minutes (09:00). */
export interface Wall {
	date: string;
	clock: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of an IANA zone show at an instant, in milliseconds since 1970. */
export function wallOf(instant: number, zone: string): Wall {
	let format = formats.get(zone);
	if (!format) {
		format = new Intl.DateTimeFormat("en", {
			timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
		});
		formats.set(zone, format);
	}
	const p: Record<string, string> = {};
	for (const part of format.formatToParts(instant)) {
		p[part.type] = part.value;
	}
	return { date: `${p.year}-${p.month}-${p.day}`, clock: `${p.hour}:${p.minute}` };
}

/** How many days later than day another date is, as " (+1)" or " (−1)"; "" on the same day. */
export function shift(day: string, date: string): string {
	const days = (Date.parse(date) - Date.parse(day)) / 864e5;
	return days ? ` (${days > 0 ? "+" : "−"}${Math.abs(days)})` : "";
}

/** Whether the clocks of two zones show the same all through the days from first to last. */
export function agree(a: string, b: string, first: string, last: string): boolean {
	if (a === b) {
		return true;
	}
	const end = Date.parse(last) + 2 * 864e5;
	for (let at = Date.parse(first) - 864e5; at <= end; at += 36e5) {
		const x = wallOf(at, a), y = wallOf(at, b);
		if (x.clock !== y.clock || x.date !== y.date) {
			return false;
		}
	}
	return true;
}

/** What places are called today that browsers know by an older name (Unicode CLDR keeps them). */
const renamed: Record<string, string> = {
	"Asia/Saigon": "Asia/Ho_Chi_Minh", "Asia/Calcutta": "Asia/Kolkata", "Asia/Katmandu": "Asia/Kathmandu", "Asia/Rangoon": "Asia/Yangon",
	"Europe/Kiev": "Europe/Kyiv", "Atlantic/Faeroe": "Atlantic/Faroe",
};

/** The name that a zone has today. */
export function today(zone: string): string {
	return renamed[zone] ?? zone;
}

/** The name of a zone for people: Asia/Ho_Chi_Minh is "Ho Chi Minh". */
export function city(zone: string): string {
	return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}
