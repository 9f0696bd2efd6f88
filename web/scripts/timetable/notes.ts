import { el, say } from "./words";

// Notes says what happened: to those who see, for a while, and to those who hear.
export class Notes {
	readonly live = el("p", { class: "tt-far", role: "status", "aria-live": "polite" });
	readonly alert = el("p", { class: "tt-far", role: "alert" });
	readonly toasts = el("div", { class: "tt-toasts", role: "group", "aria-label": say("messages") });
	readonly banner = el("div", { class: "tt-banner notice", role: "group", "aria-label": say("connection"), hidden: true });
	private turn = false;

	// hear says something to a screen reader. Twice the same is said twice.
	hear(text: string, urgent = false): void {
		this.turn = !this.turn;
		(urgent ? this.alert : this.live).textContent = text + (this.turn ? "\u00a0" : "");
	}

	// toast shows something for a while, and longer while one points at it or is in it. bad stays until it is closed.
	toast(text: string, action?: { label: string; run: () => void }, bad = false): void {
		const close = el("button", { type: "button", class: "tt-close", "aria-label": say("close") }, "×");
		const shown = el("div", { class: bad ? "tt-toast bad" : "tt-toast" }, el("span", {}, text));
		if (action) {
			const button = el("button", { type: "button" }, action.label);
			button.addEventListener("click", () => {
				shown.remove();
				action.run();
			});
			shown.append(button);
			shown.dataset["action"] = action.label;
		}
		shown.append(close);
		close.addEventListener("click", () => shown.remove());
		this.toasts.append(shown);
		while (this.toasts.children.length > 3) {
			(this.toasts.querySelector(":scope > :not(.bad)") ?? this.toasts.firstElementChild!).remove();
		}
		if (!bad) {
			const end = () => (shown.matches(":hover, :focus-within") ? setTimeout(end, 3000) : shown.remove());
			setTimeout(end, 10_000);
		}
		this.hear(text, bad);
	}

	// drop takes away what offers to do something that would now be something else.
	drop(label: string): void {
		for (const shown of [...this.toasts.children] as HTMLElement[]) {
			if (shown.dataset["action"] === label) {
				shown.remove();
			}
		}
	}

	// warn shows what stays until it is over; nothing takes it away.
	warn(text: string, ...actions: { label: string; run: () => void }[]): void {
		this.banner.hidden = text === "";
		const buttons = actions.map((action) => {
			const button = el("button", { type: "button" }, action.label);
			button.addEventListener("click", () => action.run());
			return button;
		});
		const before = this.banner.firstChild?.textContent;
		this.banner.replaceChildren(...(text === "" ? [] : [el("p", {}, text), ...buttons]));
		if (text !== "" && text !== before) {
			this.hear(text, true);
		}
	}
}
