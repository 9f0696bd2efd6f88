// What the public pages of an event do besides being read. They are complete without it.
import { startClock } from "./agenda/clock";
import { startFeed } from "./agenda/feed";
import { startFind } from "./agenda/find";
import { startMarks } from "./agenda/marks_page";
import { startNow } from "./agenda/now";
import { startSaved } from "./agenda/saved";
import { startSend } from "./agenda/send";
import { startStars } from "./agenda/star";

startClock();
startStars();
startNow();
startMarks();
startFind();
startSend();
startFeed();
startSaved();
