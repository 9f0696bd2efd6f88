// Stream listens to what the server tells without being asked. It names what was heard last, and the server answers what has
// changed since, or that everything has to be asked for again.
export class Stream {
	private source: EventSource | undefined;
	private failures = 0;
	private timer = 0;

	constructor(private readonly url: string, private readonly since: () => string, private readonly hear: (event: string, data: string) => void) {
		addEventListener("pagehide", () => this.stop());
		addEventListener("pageshow", (event) => event.persisted && this.reopen());
		addEventListener("online", () => this.source?.readyState !== EventSource.OPEN && this.reopen());
		this.start();
	}

	private start(): void {
		const source = new EventSource(this.url + (this.url.includes("?") ? "&" : "?") + "since=" + encodeURIComponent(this.since()));
		this.source = source;
		for (const name of ["ready", "resync", "change", "end"]) {
			source.addEventListener(name, (event) => {
				this.failures = 0;
				this.hear(name, (event as MessageEvent<string>).data);
			});
		}
		source.addEventListener("error", () => {
			// The browser comes again by itself, but for an answer that is no stream.
			if (source.readyState === EventSource.CLOSED && this.source === source) {
				clearTimeout(this.timer);
				this.timer = window.setTimeout(() => this.reopen(), Math.min(60, 2 ** this.failures++) * 1000);
			}
		});
	}

	stop(): void {
		clearTimeout(this.timer);
		this.source?.close();
	}

	reopen(): void {
		this.stop();
		this.start();
	}
}
