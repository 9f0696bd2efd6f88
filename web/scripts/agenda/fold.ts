/** What a reader types and what stands on the page, without case, accents and the bar of the Vietnamese đ. */
export function fold(text: string): string {
	return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
}

/** Whether a folded text has all the words of a folded query, in any order. */
export function has(text: string, query: string): boolean {
	return query.split(/\s+/).every((word) => text.includes(word));
}
