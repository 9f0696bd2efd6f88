// For pages of other sites that show an agenda in a frame: <iframe data-plenary src="…/embed">. It makes the frame as high as
// what is in it, and does nothing else. A message counts only when it comes from such a frame, and from where that was loaded.
addEventListener("message", (event: MessageEvent<unknown>) => {
	const told = event.data as { plenary?: unknown; height?: unknown } | null;
	if (told?.plenary !== "height" || typeof told.height !== "number" || !(told.height > 0)) {
		return;
	}
	for (const frame of document.querySelectorAll<HTMLIFrameElement>("iframe[data-plenary]")) {
		if (event.source === frame.contentWindow && event.origin === new URL(frame.src, location.href).origin) {
			frame.style.height = `${Math.min(told.height, 100_000)}px`;
		}
	}
});
