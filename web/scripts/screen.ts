// A screen before a room or in the lobby. The page has the whole agenda: what is now follows from that and from the clock, so a
// network that is dead changes nothing but that no news comes.
import { Clock } from "./screen/clock";
import type { Known, Options, Painter } from "./screen/data";
import { paintDoor } from "./screen/door";
import { paintLobby } from "./screen/lobby";
import { Lifeline } from "./screen/lifeline";

const painters: Record<string, Painter> = { door: paintDoor, lobby: paintLobby };

function start(root: HTMLElement) {
	const { screen = "", known = "", from = "", every = "15", at = "0", codes, zones = "" } = root.dataset;
	const paint = painters[screen];
	if (!paint) {
		return;
	}
	delete root.dataset.known; // it is large, and is not needed twice
	const options: Options = { every: Number(every), at: Number(at), codes: codes === "yes", zones: zones ? zones.split(",") : [] };
	const clock = new Clock(options.at);
	let all = JSON.parse(known) as Known;
	const draw = () => paint(root, all, options, clock.now(), line.silentSince());
	const line = new Lifeline(from, clock, all, (news) => {
		if (news.program !== all.program) {
			location.reload(); // the server has become another one, and answers: it has the page too
			return;
		}
		all = news;
		draw();
	});
	draw();
	setInterval(draw, 1000);
	addEventListener("resize", draw);
	line.open();
}

const root = document.querySelector<HTMLElement>("[data-screen]");
if (root) {
	start(root);
}
