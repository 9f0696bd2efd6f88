// Makes the forms of the console faster for those who have scripts. Without them everything works by buttons that send the form.
import { watchUnsaved } from "./console/unsaved";
import { growRows } from "./console/rows";
import { sendFilters } from "./console/seek";

for (const form of document.querySelectorAll<HTMLFormElement>("form.edit")) {
	growRows(form);
	watchUnsaved(form);
}
for (const form of document.querySelectorAll<HTMLFormElement>("form.seek")) {
	sendFilters(form);
}
