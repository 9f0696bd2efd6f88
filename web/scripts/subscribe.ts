// The buttons that copy an address. Without a script the address can be selected by hand, and they are not shown.
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
	const field = document.querySelector<HTMLInputElement>("#" + button.dataset.copy);
	const status = button.parentElement?.querySelector("[role=status]");
	if (!field || !status) {
		continue;
	}
	button.addEventListener("click", async () => {
		field.select();
		try {
			await navigator.clipboard.writeText(field.value);
		} catch {
			// Browsers keep the clipboard from pages that came without TLS; most still have the old way.
			if (!document.execCommand("copy")) {
				return;
			}
		}
		status.textContent = button.dataset.copied ?? "";
		setTimeout(() => (status.textContent = ""), 4000);
	});
}
