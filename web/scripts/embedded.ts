// The agenda in a frame tells the page around it how high it is, and nothing else: { plenary: "height", height: 1234 }, in CSS
// pixels. It goes to whatever page that is, since who may frame the agenda is decided by the server (frame-ancestors), and how
// high a public page is is no secret. It listens to nobody.
if (parent !== window) {
	let told = 0;
	const tell = (again: boolean) => {
		const height = Math.ceil(document.body.getBoundingClientRect().height);
		if (again || height !== told) {
			told = height;
			parent.postMessage({ plenary: "height", height }, "*");
		}
	};
	new ResizeObserver(() => tell(false)).observe(document.body);
	// The script around the frame may be the later one to load.
	for (const delay of [0, 300, 1000, 3000, 8000]) {
		setTimeout(() => tell(true), delay);
	}
}
