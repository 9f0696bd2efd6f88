// Nothing that was typed is lost by a slip: leaving a form that was changed asks first. Ctrl+S saves.

/** Watches whether something in the form was changed that was not sent. */
export function watchUnsaved(form: HTMLFormElement): void {
	let changed = form.querySelector("[aria-invalid=true]") !== null;
	let sent = false;
	form.addEventListener("input", () => {
		changed = true;
	});
	form.addEventListener("submit", () => {
		sent = true;
	});
	addEventListener("pageshow", () => {
		sent = false;
	});
	addEventListener("beforeunload", (event) => {
		if (changed && !sent) {
			event.preventDefault();
		}
	});
	if (form.dataset["unsaved"] === undefined) {
		return; // a form beside the one that the page is about
	}
	addEventListener("keydown", (event) => {
		if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
			event.preventDefault();
			form.requestSubmit();
		}
	});
}
