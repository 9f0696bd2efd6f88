import type { Conflict, Place, Slot } from "./model";
import { placeAt, samePlace, slotOf } from "./model";

// Problem is what the server says of a request that it refuses (RFC 9457).
export interface Problem {
	status: number;
	detail: string;
	errors: { pointer?: string; detail: string }[];
	current?: PanelBody;
}

// PanelBody is what is used here of a panel as the API has it.
export interface PanelBody {
	id: string;
	slot?: Slot;
	revision: number;
	conflicts?: { kind: string; severity: string; message: string; persons: string[]; rooms: string[]; items: { kind: string; id?: string }[] }[];
}

// Hears is told what became of the moves.
export interface Hears {
	settled(id: string, revision: number, place: Place, conflicts: Conflict[] | undefined): void;
	stale(id: string, mine: Place, theirs: Place, revision: number): void;
	refused(id: string, problem: Problem): void;
	away(waiting: number, seconds: number): void; // no connection, and how many moves wait for how long; 0: it is back
	signedOut(): void;
}

interface Wish {
	place: Place;
	base: number; // the revision that the move was made upon
	busy: boolean;
}

const delays = [1, 2, 4, 8, 15, 30];

// Outbox brings moves to the server, of each panel one after another. A move that does not get there stays and is tried again.
// It is based upon the revision that was seen when it was made: whatever came between is found by the server.
export class Outbox {
	private wishes = new Map<string, Wish>();
	// The revisions that moves from here led to, by panel and the revision before. Who began upon that one, while the move was on
	// its way, has seen where it leads.
	private own = new Map<string, number>();
	private failures = 0;
	private timer = 0;

	constructor(private readonly api: string, private readonly hears: Hears) {
		addEventListener("online", () => this.retry());
		addEventListener("beforeunload", (event) => {
			if (this.wishes.size > 0) {
				event.preventDefault();
			}
		});
	}

	get pending(): Set<string> {
		return new Set(this.wishes.keys());
	}

	// send asks for a move. One that is still waiting is replaced.
	send(id: string, place: Place, base: number): void {
		for (let next = this.own.get(`${id} ${base}`); next !== undefined; next = this.own.get(`${id} ${base}`)) {
			base = next;
		}
		const wish = this.wishes.get(id);
		if (wish) {
			wish.place = place;
			if (wish.busy || this.failures > 0) {
				return;
			}
		} else {
			this.wishes.set(id, { place, base, busy: false });
		}
		void this.go(id);
	}

	// retry tries at once what waits.
	retry(): void {
		clearTimeout(this.timer);
		for (const [id, wish] of this.wishes) {
			if (!wish.busy) {
				void this.go(id);
			}
		}
	}

	private async go(id: string): Promise<void> {
		const wish = this.wishes.get(id)!;
		const sent = wish.place;
		wish.busy = true;
		let answer: Response;
		let body: unknown;
		try {
			answer = await request(this.api + "panels/" + encodeURIComponent(id) + "/slot", sent.day === "" ? "DELETE" : "PUT",
				sent.day === "" ? undefined : slotOf(sent), { "If-Match": `"${wish.base}"` });
			body = answer.status === 204 ? undefined : await answer.json().catch(() => undefined);
		} catch {
			return this.later(wish);
		}
		if ([429, 502, 503, 504, 507].includes(answer.status)) {
			return this.later(wish, Number(answer.headers.get("Retry-After")) || 0);
		}
		wish.busy = false;
		this.back();
		if (answer.status === 401) {
			return this.hears.signedOut();
		}
		if (answer.ok) {
			const revision = Number((answer.headers.get("ETag") ?? "").replace(/\D/g, "")) || wish.base + 1;
			return this.done(id, wish, sent, revision, body as PanelBody | undefined);
		}
		this.failed(id, wish, problemOf(answer.status, body));
	}

	private done(id: string, wish: Wish, sent: Place, revision: number, body: PanelBody | undefined): void {
		if (revision > wish.base) {
			this.own.set(`${id} ${wish.base}`, revision);
		}
		if (!samePlace(wish.place, sent)) {
			wish.base = revision;
			void this.go(id); // it was moved on meanwhile
			return;
		}
		this.wishes.delete(id);
		this.hears.settled(id, revision, body ? placeAt(body.slot, sent) : sent, body?.conflicts && conflictsIn(body));
	}

	private failed(id: string, wish: Wish, problem: Problem): void {
		this.wishes.delete(id);
		const current = problem.current;
		if (problem.status !== 412 || !current) {
			return this.hears.refused(id, problem);
		}
		const theirs = placeAt(current.slot, wish.place);
		if (samePlace(theirs, wish.place)) {
			// It had arrived, and only the answer was lost; or somebody else had the same idea.
			return this.hears.settled(id, current.revision, theirs, undefined);
		}
		this.hears.stale(id, wish.place, theirs, current.revision);
	}

	private later(wish: Wish, least = 0): void {
		wish.busy = false;
		clearTimeout(this.timer);
		const seconds = Math.max(least, delays[Math.min(this.failures, delays.length - 1)]!);
		this.failures++;
		this.timer = window.setTimeout(() => this.retry(), seconds * 1000);
		this.hears.away(this.wishes.size, seconds);
	}

	private back(): void {
		if (this.failures > 0) {
			this.failures = 0;
			this.hears.away(0, 0);
			this.retry();
		}
	}
}

// request asks the API as who is signed in.
export function request(url: string, method: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
	return fetch(url, {
		method,
		signal: AbortSignal.timeout(20_000), // a connection that says nothing is none
		headers: { Accept: "application/json", ...(body !== undefined && { "Content-Type": "application/json" }), ...headers },
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
}

// problemOf reads what the server says of a request that it refuses.
export function problemOf(status: number, body: unknown): Problem {
	const said = (body ?? {}) as Partial<Problem>;
	return { status, detail: said.detail ?? "", errors: said.errors ?? [], current: said.current };
}

// conflictsIn gives the conflicts of a panel as the timetable has them. Its sentences are English ones: they are said anew.
export function conflictsIn(body: PanelBody): Conflict[] {
	return (body.conflicts ?? []).map((c) => ({
		kind: c.kind, severity: c.severity, people: c.persons, rooms: c.rooms,
		panels: c.items.flatMap((item) => (item.kind === "panel" && item.id ? [item.id] : [])),
	}));
}
