import type { Panel, Place } from "./model";
import { LONGEST } from "./model";

// Where things are on the grid. Everything here is a pure function of numbers.

export interface Lane {
	lane: number;
	of: number; // how many lanes there are beside each other
}

// lanes puts what is at the same time beside each other: no two of the same lane overlap. Nothing is taken to be shorter than
// least, or what is short would be drawn upon what follows.
export function lanes(items: readonly { id: string; start: number; dur: number }[], least = 1): Map<string, Lane> {
	const placed = new Map<string, Lane>();
	const sorted = [...items].sort((a, b) => a.start - b.start || b.dur - a.dur || (a.id < b.id ? -1 : 1));
	let group: Lane[] = [];
	let ends: number[] = []; // of each lane of the group
	for (const item of sorted) {
		if (ends.every((end) => end <= item.start)) {
			group = [];
			ends = [];
		}
		let lane = ends.findIndex((end) => end <= item.start);
		if (lane < 0) {
			lane = ends.length;
		}
		ends[lane] = item.start + Math.max(item.dur, least);
		const at = { lane, of: ends.length };
		group.push(at);
		placed.set(item.id, at);
		for (const other of group) {
			other.of = ends.length;
		}
	}
	return placed;
}

export interface Hours {
	from: number;
	to: number;
}

// hours gives which part of a day is drawn: whole hours, at least the usual ones, and all that is planned: nothing is ever at
// a time that cannot be seen.
export function hours(panels: readonly { start: number; dur: number }[], whole = false): Hours {
	let from = whole ? 0 : 8 * 60;
	let to = whole ? 24 * 60 : 19 * 60;
	for (const p of panels) {
		from = Math.min(from, Math.floor(p.start / 60) * 60);
		to = Math.max(to, Math.ceil((p.start + p.dur) / 60) * 60);
	}
	return { from: Math.max(from, 0), to };
}

// snap gives the nearest line of the grid.
export function snap(minutes: number, grid: number): number {
	return Math.round(minutes / grid) * grid;
}

// clamp keeps what is dragged in the hours that are drawn.
export function clamp(start: number, dur: number, h: Hours): number {
	return Math.max(h.from, Math.min(start, Math.max(h.from, h.to - dur)));
}

// stretch gives the length of a panel whose lower edge is dragged to that minute.
export function stretch(start: number, to: number, grid: number): number {
	return Math.min(LONGEST, Math.max(grid, snap(to, grid) - start));
}

// step moves by so many lines of the grid. What is beside a line goes to the next one in that direction first.
export function step(minutes: number, by: number, grid: number): number {
	const beside = ((minutes % grid) + grid) % grid;
	if (beside === 0) {
		return minutes + by * grid;
	}
	return by < 0 ? minutes - beside + (by + 1) * grid : minutes - beside + by * grid;
}

// least is how many minutes the smallest thing that can be hit is high, at so many pixels a minute.
export function least(pixels: number): number {
	return Math.ceil(24 / pixels);
}

// free gives the first time of the day at which the room takes nothing, for so long.
export function free(panels: readonly Panel[], place: Place, h: Hours, grid: number): number {
	const taken = panels
		.filter((p) => p.day === place.day && !p.cancelled && (p.room === place.room || p.all_rooms))
		.sort((a, b) => a.start - b.start);
	let at = snap(h.from, grid);
	for (const p of taken) {
		if (p.start >= at + place.dur) {
			break;
		}
		at = Math.max(at, Math.ceil((p.start + p.dur) / grid) * grid);
	}
	return at;
}
