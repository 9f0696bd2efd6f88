// A QR code of bytes at the lowest level of correction, versions 1 to 30. Numbers of tables and sections are those of
// ISO/IEC 18004:2015.

// For level L, by version: codewords of correction in a block, and blocks (table 9).
const corrections = [0, 7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30];
const blocksOf = [0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15];

/** How many modules carry data and correction (table 1). */
function capacity(version: number): number {
	let modules = (16 * version + 128) * version + 64;
	if (version > 1) {
		const n = Math.floor(version / 7) + 2;
		modules -= (25 * n - 10) * n - 55 + (version > 6 ? 36 : 0);
	}
	return modules >> 3;
}

const exp: number[] = [], log: number[] = [];
for (let i = 0, x = 1; i < 255; i++, x = (x << 1) ^ (x & 128 ? 0x11d : 0)) {
	exp[i] = x;
	log[x] = i;
}
const times = (a: number, b: number) => (a && b ? exp[(log[a]! + log[b]!) % 255]! : 0);

/** The codewords of correction of a block: the remainder by the generator of that degree (7.5.2). */
function remainder(data: number[], degree: number): number[] {
	let generator = [1];
	for (let i = 0; i < degree; i++) {
		const next = [...generator, 0];
		generator.forEach((g, j) => (next[j + 1]! ^= times(g, exp[i]!)));
		generator = next;
	}
	const rest = [...data, ...Array<number>(degree).fill(0)];
	for (let i = 0; i < data.length; i++) {
		const factor = rest[i]!;
		generator.forEach((g, j) => (rest[i + j]! ^= times(g, factor)));
	}
	return rest.slice(data.length);
}

/** All codewords in the order in which they are drawn (7.4, 7.6); null where the text is too long. */
function codewords(text: string): { version: number; words: number[] } | null {
	const bytes = [...new TextEncoder().encode(text)];
	for (let version = 1; version < corrections.length; version++) {
		const total = capacity(version), blocks = blocksOf[version]!, degree = corrections[version]!, room = total - blocks * degree;
		const wide = version > 9 ? 16 : 8;
		if (bytes.length * 8 + 4 + wide > room * 8) {
			continue;
		}
		const bits = "0100" + bytes.length.toString(2).padStart(wide, "0") + bytes.map((b) => b.toString(2).padStart(8, "0")).join("") + "0000";
		const data = (bits.match(/.{8}/g) ?? []).map((b) => parseInt(b, 2));
		for (let pad = 0xec; data.length < room; pad ^= 0xec ^ 0x11) {
			data.push(pad);
		}
		const short = blocks - (total % blocks), size = Math.floor(total / blocks) - degree;
		const parts: number[][] = [];
		for (let i = 0, at = 0; i < blocks; i++) {
			const end = at + size + (i < short ? 0 : 1);
			parts.push(data.slice(at, end));
			at = end;
		}
		const checks = parts.map((p) => remainder(p, degree));
		const words: number[] = [];
		for (let i = 0; i <= size; i++) {
			words.push(...parts.flatMap((p) => p[i] ?? []));
		}
		for (let i = 0; i < degree; i++) {
			words.push(...checks.map((c) => c[i]!));
		}
		return { version, words };
	}
	return null;
}

/** A number with its check bits (annexes C and D). */
function checked(value: number, generator: number, degree: number): number {
	let rest = value << degree;
	for (let bit = 31 - Math.clz32(rest | 1); bit >= degree; bit--) {
		if ((rest >> bit) & 1) {
			rest ^= generator << (bit - degree);
		}
	}
	return (value << degree) | rest;
}

const masks: ((x: number, y: number) => boolean)[] = [
	(x, y) => (x + y) % 2 === 0, (_, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
	(x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
	(x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

type Grid = (boolean | undefined)[][];

/** The modules that are the same whatever the data (6.3); those of data are undefined. */
function frame(version: number): Grid {
	const size = version * 4 + 17, grid: Grid = Array.from({ length: size }, () => Array(size).fill(undefined));
	const set = (x: number, y: number, dark: boolean) => {
		if (x >= 0 && y >= 0 && x < size && y < size) {
			grid[y]![x] = dark;
		}
	};
	for (let i = 8; i < size - 8; i++) {
		set(i, 6, i % 2 === 0);
		set(6, i, i % 2 === 0);
	}
	if (version > 1) {
		const n = Math.floor(version / 7) + 2, step = Math.ceil((version * 4 + 4) / (n * 2 - 2)) * 2;
		const at = [6, ...Array.from({ length: n - 1 }, (_, i) => size - 7 - step * (n - 2 - i))];
		for (const cx of at) {
			for (const cy of at) {
				if ((cx === 6 && (cy === 6 || cy === size - 7)) || (cx === size - 7 && cy === 6)) {
					continue;
				}
				for (let d = 0; d < 25; d++) {
					const dx = (d % 5) - 2, dy = Math.floor(d / 5) - 2;
					set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
				}
			}
		}
	}
	for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) {
		for (let d = 0; d < 81; d++) {
			const dx = (d % 9) - 4, dy = Math.floor(d / 9) - 4, far = Math.max(Math.abs(dx), Math.abs(dy));
			set(cx + dx, cy + dy, far !== 2 && far !== 4);
		}
	}
	describe(grid, version, 0);
	return grid;
}

/** Writes the format of level L and a mask, and the version (7.9, 7.10). */
function describe(grid: Grid, version: number, mask: number): void {
	const size = grid.length, format = checked((1 << 3) | mask, 0x537, 10) ^ 0x5412;
	for (let i = 0; i < 15; i++) {
		const dark = ((format >> i) & 1) === 1;
		grid[i < 6 ? i : i < 8 ? i + 1 : size - 15 + i]![8] = dark;
		grid[8]![i < 8 ? size - 1 - i : i === 8 ? 7 : 14 - i] = dark;
	}
	grid[size - 8]![8] = true;
	const said = checked(version, 0x1f25, 12);
	for (let i = 0; version > 6 && i < 18; i++) {
		const dark = ((said >> i) & 1) === 1, a = Math.floor(i / 3), b = size - 11 + (i % 3);
		grid[b]![a] = dark;
		grid[a]![b] = dark;
	}
}

/** How hard a code is to read: long runs, blocks, what looks like a corner, and more of one colour (7.8.3). */
function penalty(grid: boolean[][]): number {
	let points = 0, dark = 0;
	const lines = [...grid, ...grid.map((_, x) => grid.map((row) => row[x]!))].map((row) => row.map(Number).join(""));
	for (const line of lines) {
		for (const run of line.match(/0{5,}|1{5,}/g) ?? []) {
			points += run.length - 2;
		}
		points += 40 * ((line.match(/(?=10111010000)/g) ?? []).length + (line.match(/(?=00001011101)/g) ?? []).length);
	}
	grid.forEach((row, y) => row.forEach((v, x) => {
		dark += Number(v);
		const below = grid[y + 1];
		if (below && x + 1 < row.length && v === row[x + 1] && v === below[x] && v === below[x + 1]) {
			points += 3;
		}
	}));
	return points + 10 * Math.floor(Math.abs((dark * 20) / grid.length ** 2 - 10));
}

/** Puts the codewords into the modules that are free, by a mask (7.7.3, 7.8.2). */
function fill(free: Grid, version: number, words: number[], mask: number): boolean[][] {
	const grid = free.map((row) => [...row]), size = grid.length;
	let bit = 0;
	for (let right = size - 1; right > 0; right -= 2) {
		right -= right === 6 ? 1 : 0;
		for (let i = 0; i < size; i++) {
			const y = (right + 1) & 2 ? i : size - 1 - i;
			for (const x of [right, right - 1]) {
				if (free[y]![x] === undefined) {
					grid[y]![x] = (((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1 !== masks[mask]!(x, y);
					bit++;
				}
			}
		}
	}
	describe(grid, version, mask);
	return grid as boolean[][];
}

/** The code of a text as the path of its dark modules in a square with the quiet zone; null where the text is too long. */
export function codeOf(text: string): { size: number; path: string } | null {
	const made = codewords(text);
	if (!made) {
		return null;
	}
	const free = frame(made.version);
	const grid = masks.map((_, mask) => fill(free, made.version, made.words, mask)).map((g) => ({ g, p: penalty(g) })).reduce((a, b) => (b.p < a.p ? b : a)).g;
	let path = "";
	grid.forEach((row, y) => row.forEach((v, x) => (path += v ? `M${x + 4} ${y + 4}h1v1h-1z` : "")));
	return { size: grid.length + 8, path };
}
