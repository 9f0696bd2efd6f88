// A list is narrowed as soon as something is chosen.

/** Sends the form when a choice in it changes. What is chosen by keyboard is sent when the choice is left. */
export function sendFilters(form: HTMLFormElement): void {
	for (const select of form.querySelectorAll("select")) {
		const first = select.value;
		let byKey = false;
		select.addEventListener("keydown", (event) => {
			byKey = event.key.startsWith("Arrow") || event.key.length === 1;
		});
		select.addEventListener("change", () => {
			if (!byKey) {
				form.requestSubmit();
			}
		});
		select.addEventListener("blur", () => {
			if (select.value !== first) {
				form.requestSubmit();
			}
		});
	}
}
