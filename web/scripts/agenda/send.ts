import { bar, button, count, hush, items, make, notice, say } from "./page";
import { setStars, starred } from "./star";
import { codesIn, fragmentOf } from "./stars";

/** What the script draws that makes QR codes; it is fetched when somebody wants one. */
interface Drawn {
	plenaryCode?: (text: string) => { size: number; path: string } | null;
}

async function draw(into: HTMLElement, text: string): Promise<void> {
	try {
		await import(bar.dataset.draws!);
		const code = (globalThis as Drawn).plenaryCode?.(text);
		if (!code) {
			return;
		}
		const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS(svg.namespaceURI!, "path");
		svg.setAttribute("viewBox", `0 0 ${code.size} ${code.size}`);
		svg.setAttribute("role", "img");
		svg.setAttribute("aria-label", say("scan"));
		path.setAttribute("d", code.path);
		svg.append(path);
		into.append(svg);
	} catch {
		// The address stands beside it.
	}
}

/** Gives the stars as an address and as a code that another phone reads. What stands behind the # is sent to no server. */
function send(): void {
	const codes = starred().flatMap((id) => items.find((i) => i.id === id)?.code ?? []);
	if (!codes.length) {
		notice("send", say("mine_none"));
		return;
	}
	const link = new URL(bar.dataset.agenda + fragmentOf(codes), location.href).href;
	const field = make("input", "");
	field.readOnly = true;
	field.value = link;
	field.ariaLabel = say("link");
	const copy = button(say("copy"), "tool", async () => {
		field.select();
		try {
			await navigator.clipboard.writeText(link);
		} catch {
			document.execCommand("copy"); // pages without TLS have no other way
		}
		copy.textContent = say("copied");
	});
	const code = make("div", "code");
	notice("send", count("send", codes.length), make("div", "address", field, copy), code);
	if (navigator.share) {
		code.before(button(say("share"), "tool", () => void navigator.share({ url: link }).catch(() => undefined)));
	}
	field.focus();
	void draw(code, link);
}

/** Asks what is to become of stars that came from another device. */
function receive(): void {
	const codes = codesIn(location.hash);
	if (!codes) {
		return;
	}
	history.replaceState(null, "", location.pathname + location.search);
	const before = starred(), ids = [...new Set(codes.flatMap((code) => items.find((i) => i.code === code)?.id ?? []))];
	const fresh = ids.filter((id) => !before.includes(id));
	const lost = codes.length - ids.length;
	const about = lost > 0 ? " " + count("lost", lost) : "";
	if (!ids.length || (!fresh.length && before.length === ids.length)) {
		notice("received", (ids.length ? say("received_same") : "") + about);
		return;
	}
	const take = (list: string[]) => {
		hush("received");
		setStars(list);
		const undo = button(say("undo"), "tool", () => {
			setStars(before);
			notice("undo", say("undone"));
		});
		notice("undo", count("taken", list.length), undo);
		undo.focus();
	};
	const add = button(fresh.length ? count("add", fresh.length) : say("received_same"), "tool strong", () => take([...before, ...fresh]));
	add.disabled = !fresh.length;
	notice("received", count("received", ids.length) + about, add, ...(before.length ? [button(say("replace"), "tool", () => take(ids))] : []));
	add.focus();
}

export function startSend(): void {
	bar.querySelector("[data-do=send]")?.addEventListener("click", send);
	if (bar.dataset.reader === "agenda") {
		addEventListener("hashchange", receive);
		receive();
	}
}
