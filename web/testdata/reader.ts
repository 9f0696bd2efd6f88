// What the pure parts of the agenda's script promise. It runs in Node: see TestReadersOwnLogic.
import { fold, has } from "./agenda/fold";
import { agree, city, shift, today, wallOf } from "./agenda/zone";
import { codesIn, fragmentOf, listOf, merge, same } from "./agenda/stars";
import { around, between, Span } from "./agenda/overlap";
import { changes, noteOf, seenOf } from "./agenda/marks";

declare const process: { exitCode: number };
let checks = 0;
function is(name: string, got: unknown, want: unknown): void {
	checks++;
	if (JSON.stringify(got) !== JSON.stringify(want)) {
		process.exitCode = 1;
		console.error(`${name}: ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
	}
}

is("accents", fold("Đồng bằng sông Cửu Long"), "dong bang song cuu long");
is("composed or not", fold("Hà Nội"), fold("Hà Nội".normalize("NFD")));
is("French", fold("ÉTÉ À l’Œuvre"), "ete a l’œuvre");
is("words in any order", has(fold("Mở đầu: Đồng bằng"), fold("bang dong")), true);
is("not all words", has(fold("Đồng bằng"), fold("dong nai")), false);
is("nothing typed", has("x", ""), true);

const at = Date.parse;
is("Hanoi", wallOf(at("2025-10-27T01:30:00Z"), "Asia/Ho_Chi_Minh"), { date: "2025-10-27", clock: "08:30" });
is("Honolulu is the day before", wallOf(at("2025-10-27T08:30:00+07:00"), "Pacific/Honolulu"), { date: "2025-10-26", clock: "15:30" });
is("midnight is 00", wallOf(at("2025-10-27T00:00:00Z"), "UTC"), { date: "2025-10-27", clock: "00:00" });
is("Paris before", wallOf(at("2027-03-27T08:00:00Z"), "Europe/Paris").clock, "09:00");
is("Paris after", wallOf(at("2027-03-28T07:00:00Z"), "Europe/Paris").clock, "09:00");
is("later", shift("2025-12-31", "2026-01-01"), " (+1)");
is("earlier", shift("2025-10-27", "2025-10-26"), " (−1)");
is("same day", shift("2025-10-27", "2025-10-27"), "");
is("Hanoi and Bangkok agree", agree("Asia/Ho_Chi_Minh", "Asia/Bangkok", "2025-10-27", "2025-10-29"), true);
is("Hanoi and Paris do not", agree("Asia/Ho_Chi_Minh", "Europe/Paris", "2025-10-27", "2025-10-29"), false);
is("Paris and Lagos agree in winter", agree("Europe/Paris", "Africa/Lagos", "2027-01-10", "2027-01-12"), true);
is("and not when the clock changes", agree("Europe/Paris", "Africa/Lagos", "2027-03-26", "2027-03-29"), false);
is("half an hour apart", agree("Asia/Kolkata", "Asia/Karachi", "2027-01-10", "2027-01-10"), false);
is("city", [city("Asia/Ho_Chi_Minh"), city("America/Argentina/Buenos_Aires"), city("UTC")], ["Ho Chi Minh", "Buenos Aires", "UTC"]);
is("as places are called today", ["Asia/Saigon", "Europe/Kiev", "Europe/Paris"].map(today), ["Asia/Ho_Chi_Minh", "Europe/Kyiv", "Europe/Paris"]);

is("a list", listOf(["a", "b", "a", 3, null]), ["a", "b"]);
is("no list", [listOf("a"), listOf({}), listOf(null)], [[], [], []]);
is("both add", merge(["a"], ["a", "b"], ["a", "c"]), ["a", "c", "b"]);
is("both take away", merge(["a", "b", "c"], ["b", "c"], ["a", "b"]), ["b"]);
is("nothing changed here", merge(["a"], ["a"], ["c"]), ["c"]);
is("nothing changed there", merge(["a"], ["b"], ["a"]), ["b"]);
is("same", [same(["a", "b"], ["b", "a"]), same(["a"], ["a", "b"])], [true, false]);
is("there and back", codesIn(fragmentOf(["AB1", "PAN12"])), ["AB1", "PAN12"]);
is("another fragment", codesIn("#day-2025-10-27"), null);
is("what is no code", codesIn("#stars=AB1..<script>.ab2.AB1"), ["AB1"]);

const span = (id: string, from: string, to: string, room = "r", off = false): Span => ({ id, start: at(`2025-10-27T${from}Z`), end: at(`2025-10-27T${to}Z`), room, off });
const day = between([span("b", "10:00", "11:00", "s"), span("a", "09:00", "10:00"), span("c", "10:30", "12:00"), span("x", "09:00", "12:00", "r", true)]);
is("no overlap where one ends as the other begins", day.get("a"), { overlaps: [], next: "b", minutes: 0, elsewhere: true });
is("overlap", [day.get("b")?.overlaps, day.get("c")?.overlaps], [["c"], ["b"]]);
is("cancelled takes no time", day.has("x"), false);
is("far away", between([span("a", "00:00", "01:00"), span("b", "20:00", "21:00")]).get("a"), { overlaps: [], next: "", minutes: 0, elsewhere: false });
is("a gap", between([span("a", "00:00", "01:00"), span("b", "01:20", "02:00")]).get("a"), { overlaps: [], next: "b", minutes: 20, elsewhere: false });
const ahead = around([span("a", "09:00", "10:00")], at("2025-10-25T08:00:00Z"));
is("nothing is next that is days ahead", [...ahead.next], []);
const now = around([span("a", "09:00", "10:00"), span("b", "10:00", "11:00"), span("c", "11:00", "12:00"), span("d", "11:00", "11:30"), span("x", "10:30", "11:00", "r", true)], at("2025-10-27T10:00:00Z"));
is("running", [...now.running], ["b"]);
is("next", [...now.next], ["c", "d"]);

const mark = (id: string, m: string, place: string, off = false) => ({ id, mark: m, place, off });
const before = Object.fromEntries([mark("a", "1", "9r"), mark("b", "1", "9r"), mark("c", "1", "9r"), mark("d", "1", "9r"), mark("e", "1", "9r", true)].map((m) => [m.id, noteOf(m)]));
is("changes", [...changes(seenOf(before), [mark("a", "1", "9r"), mark("b", "2", "9r"), mark("c", "2", "10r"), mark("d", "2", "10r", true), mark("e", "2", "9r", true), mark("f", "1", "9r")])],
	[["b", "changed"], ["c", "moved"], ["d", "cancelled"], ["e", "changed"], ["f", "new"]]);
is("a first visit", [...changes(seenOf(null), [mark("a", "1", "9r")])], []);
is("a name that objects have", [...changes({}, [mark("constructor", "1", "9r")])], [["constructor", "new"]]);
is("what was kept is odd", [seenOf("x"), seenOf([1]), seenOf({ a: 1, b: "x" })], [null, null, { b: "x" }]);

console.log(`${checks} checks`);
