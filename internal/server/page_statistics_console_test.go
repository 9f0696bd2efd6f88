package server

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// numbersOf gives the text of the page between two headings.
func numbersOf(a answer, from, to string) string {
	_, text, _ := strings.Cut(textOfPage(a.Body), from)
	text, _, _ = strings.Cut(text, to)
	return strings.TrimSpace(text)
}

func TestStatisticsInTheConsole(t *testing.T) {
	h := newHarness(t)
	b, _ := h.memberTab("viewer@example.org", agenda.Viewer)
	b.says(h.must(200, b.open(accessAt+"/statistics?lang=fr")), "Il n’y a encore rien à compter.")
	f := furnishEvent(h, forum)
	page := h.must(200, b.open(accessAt+"/statistics?lang=en"))
	want := "As a table Hall Day Used (h) Open (h) Share Hall Mon 27 Oct 1:00 16:00 6 % Hall Tue 28 Oct 0:00 18:00 0 % Annex Mon 27 Oct 0:00 1:00 0 % Annex Tue 28 Oct 0:00 0:00 –"
	if got := numbersOf(page, "a cell for each. ", " Conflicts over time"); !strings.HasSuffix(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	b.says(page, `role="img" aria-labelledby="load-drawn"`, "<b>1</b> <span>items of the agenda</span>", `<rect class="h1" x="0.0%"`)
	if strings.Contains(page.Body, "style=") {
		t.Error("it has styles of its own")
	}
	// A meeting in a hall, which is confidential, changes nothing, and neither does one of a protocol officer.
	keeper, _ := h.memberTab("keeper@example.org", agenda.Protocol)
	before := textOfPage(keeper.open(accessAt + "/statistics?lang=en").Body)
	h.must(201, h.ask(h.all, "POST", "/api/v1/events/"+forum+"/meetings", `{"status":"accepted","slot":{"room":"`+f.ids["room2"]+`","start":"2025-10-28T09:00","end":"2025-10-28T10:00"},"sides":[{"delegates":[{"person":"`+
		f.ids["person"]+`","role":"principal"}]},{"delegates":[{"person":"`+f.ids["person2"]+`","role":"principal"}]}]}`))
	if diff := cmp.Diff(before, textOfPage(keeper.open(accessAt+"/statistics?lang=en").Body)); diff != "" {
		t.Error(diff)
	}
	// Two at once in one hall are a conflict of the draft, and none of the release before.
	h.must(201, h.ask(h.all, "POST", "/api/v1/events/"+forum+"/panels", `{"format":"talk","title":{"en":"Second"},"slot":{"room":"`+f.ids["room"]+`","start":"2025-10-27T09:30","end":"2025-10-27T10:30"}}`))
	got := numbersOf(b.open(accessAt+"/statistics?lang=vi"), "Công bố lúc Lỗi Cảnh báo", " Bản dịch")
	if diff := cmp.Diff("Bản 1 1 tháng 10, 2025, 15:00 0 0 Bản nháp hiện tại 1 0", got); diff != "" {
		t.Error(diff)
	}
}
