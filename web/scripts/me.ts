// The secret of a personal link is in the fragment, which browsers keep to themselves: no server on the way, no log and no
// other page learns it. It is taken out of the address before anything else happens, and sent once.
function open(): void {
	const form = document.getElementById("open") as HTMLFormElement | null;
	const secret = location.hash.slice(1);
	if (!form || !/^[A-Za-z0-9_-]{20,}$/.test(secret)) {
		return; // a part of the page, such as #content
	}
	history.replaceState(null, "", location.pathname + location.search);
	(form.elements.namedItem("secret") as HTMLInputElement).value = secret;
	form.submit();
}
addEventListener("hashchange", open);
open();

// The button that takes the zone of this device, where that is another than the one that was chosen.
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-own-zone]")) {
	const field = button.form?.elements.namedItem("zone") as HTMLInputElement | null;
	const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
	if (!field || !timeZone) {
		button.hidden = true;
		continue;
	}
	button.textContent = (button.dataset.ownZone ?? "").replace("{zone}", timeZone);
	button.addEventListener("click", () => {
		field.value = timeZone;
		button.form?.requestSubmit();
	});
}
