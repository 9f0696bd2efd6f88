import type { Conflict, Panel, Place } from "./model";
import { range } from "./model";
import type { Sheet } from "./sheet";
import { count, dayName, el, say } from "./words";

// What is said of panels, places and conflicts, in the language of the page.

// apart keeps the direction of a name from what stands around it (U+2068, U+2069).
export function apart(text: string): string {
	return "\u2068" + text + "\u2069";
}

export function roomName(sheet: Sheet, p: Place & { all_rooms?: boolean }): string {
	if (p.all_rooms) {
		return say("all_rooms");
	}
	const room = sheet.rooms.get(p.room);
	return room ? apart(room.name) : say("no_room");
}

// where says a place: day, from when to when, room.
export function where(sheet: Sheet, p: Place & { all_rooms?: boolean }): string {
	if (p.day === "") {
		return say("unscheduled");
	}
	return say("place", { day: dayName(p.day), time: range(p), room: roomName(sheet, p) });
}

export function titled(p: Panel | undefined): string {
	return p ? apart(p.title || p.code) : say("something");
}

// reason says a conflict from the side of one of its panels.
export function reason(sheet: Sheet, c: Conflict, id: string): string {
	const other = sheet.get(c.panels.find((panel) => panel !== id) ?? "");
	const vars = {
		person: c.people.map((person) => apart(sheet.people.get(person) ?? say("somebody"))).join(", "),
		panel: titled(other),
		time: other ? range(other) : "",
		room: other ? roomName(sheet, other) : "",
	};
	const rooms = c.rooms.map((room) => apart(sheet.rooms.get(room)?.name ?? say("no_room"))).join(", ");
	switch (c.kind) {
		case "person_busy":
			return other ? say("reason_person_busy", vars) : say("reason_person_engaged", vars);
		case "room_taken":
			if (!other) {
				return say("reason_room_engaged", { room: rooms });
			}
			return other.all_rooms || c.rooms.length !== 1 ? say("reason_all_rooms_taken", vars) : say("reason_room_taken", { ...vars, room: rooms });
		case "walk_too_short":
			return say("reason_walk_too_short", vars);
		case "person_unavailable":
			return say("reason_person_unavailable", vars);
		case "room_unavailable":
		case "room_too_small":
			return say("reason_" + c.kind, { room: rooms });
		case "outside_event":
		case "no_moderator":
		case "no_room":
			return say("reason_" + c.kind);
	}
	return c.message ?? c.kind;
}

// graded says all conflicts of one panel as parts of a page, in words that are marked by how bad they are.
export function graded(sheet: Sheet, list: readonly Conflict[], id: string, tag: "li" | "span"): HTMLElement[] {
	return worst(list).map((c) => el(tag, { class: c.severity === "error" ? "tt-why bad" : "tt-why" }, reason(sheet, c, id)));
}

function worst(list: readonly Conflict[]): Conflict[] {
	return [...list].sort((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0));
}

// reasons says all conflicts of one panel, those that count most first.
export function reasons(sheet: Sheet, list: readonly Conflict[], id: string): string[] {
	return worst(list).map((c) => reason(sheet, c, id));
}

// tally says how many conflicts and remarks there are, "" when there are none.
export function tally(list: readonly Conflict[]): string {
	const errors = list.filter((c) => c.severity === "error").length;
	const warnings = list.length - errors;
	return [errors > 0 && count("conflicts", errors), warnings > 0 && count("warnings", warnings)].filter(Boolean).join(", ");
}
