// Suggests the name of a new event in addresses while its name is typed, until somebody types another one. The server makes the
// same of the name where the field is left empty.
export {};

const slug = document.querySelector<HTMLInputElement>("#slug");
const names = document.querySelectorAll<HTMLInputElement>('input[name^="name."]');
let suggested = "";

/** suggest makes a slug of a name: "Diễn đàn Pháp ngữ" becomes "dien-dan-phap-ngu". */
function suggest(name: string): string {
	const words = name.toLowerCase().replaceAll("đ", "d").normalize("NFKD").replaceAll(/\p{Mn}/gu, "").split(/[^a-z0-9]+/);
	let made = "";
	for (const word of words) {
		if (word === "") continue;
		if (made.length + 1 + word.length > 60) break;
		made = made === "" ? word : made + "-" + word;
	}
	return made;
}

for (const input of names) {
	input.addEventListener("input", () => {
		if (slug === null || slug.value !== suggested) return;
		const name = [...names].map((n) => n.value).find((value) => suggest(value) !== "") ?? "";
		suggested = suggest(name);
		slug.value = suggested;
	});
}
