import type { Clock } from "./clock";
import type { Known } from "./data";

const usual = 60_000;
const hasty = 15_000; // while the server does not answer

// A Lifeline asks the server again and again for what a screen knows. Nearly always the answer is that nothing is new (304, of
// which the browser makes the same again), and its Date puts the clock right.
export class Lifeline {
	private lost = 0; // since when there is no answer
	private last: number; // when there was one
	private state: string;

	constructor(
		private readonly from: string,
		private readonly clock: Clock,
		known: Known,
		private readonly tell: (news: Known) => void,
	) {
		this.state = known.state + known.program;
		this.last = Date.now();
	}

	open() {
		void this.ask();
		addEventListener("online", () => void this.ask());
	}

	// silentSince gives of when is what is known, where the server is silent; 0 where it is not.
	silentSince(): number {
		return this.lost ? this.last : 0;
	}

	private async ask() {
		const asked = Date.now();
		try {
			const answer = await fetch(this.from, { cache: "no-cache", credentials: "omit", signal: AbortSignal.timeout(20_000) });
			if (!answer.ok) {
				throw new Error(answer.statusText);
			}
			const news = (await answer.json()) as Known;
			this.clock.hear(answer.headers.get("Date"), asked);
			this.lost = 0;
			this.last = Date.now();
			if (news.state + news.program !== this.state) {
				this.state = news.state + news.program;
				this.tell(news);
			}
		} catch {
			this.lost ||= asked;
		}
		// Not all screens of a venue at the same moment.
		setTimeout(() => void this.ask(), (this.lost ? hasty : usual) * (0.8 + 0.4 * Math.random()));
	}
}
