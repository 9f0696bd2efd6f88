package ical

import (
	"fmt"
	"io"
	"testing"

	ics "github.com/arran4/golang-ical"
)

// thousands gives a calendar of n events of the size that a real agenda has.
func thousands(tb testing.TB, n int) *ics.Calendar {
	cal := &ics.Calendar{}
	cal.SetVersion("2.0")
	cal.SetProductId("-//Test//Test//EN")
	zone, ok := Timezone(mustZone(tb, "Europe/Paris"), day("2026-05-12"), day("2026-05-14"))
	if !ok {
		tb.Fatal("no zone")
	}
	cal.AddVTimezone(zone)
	paris := ics.WithTZID("Europe/Paris")
	for i := range n {
		e := cal.AddEvent(fmt.Sprintf("0198c0de-0000-7000-8000-%012d@forum", i))
		e.SetProperty(ics.ComponentPropertyDtstamp, "20260301T080000Z")
		e.SetProperty(ics.ComponentPropertyCreated, "20260201T080000Z")
		e.SetProperty(ics.ComponentPropertyLastModified, "20260301T080000Z")
		e.SetProperty(ics.ComponentPropertySequence, "3")
		e.SetProperty(ics.ComponentPropertyDtStart, "20260512T090000", paris)
		e.SetProperty(ics.ComponentPropertyDtEnd, "20260512T103000", paris)
		e.SetProperty(ics.ComponentPropertySummary, "Phiên 12: Đối tác số và chủ quyền dữ liệu, từ khung pháp lý đến thực hành")
		e.SetProperty(ics.ComponentPropertyLocation, "Hội trường A, Trung tâm Hội nghị Quốc gia, 57 Phạm Hùng, Hà Nội")
		e.SetProperty(ics.ComponentPropertyDescription, fmt.Sprintf("%s\n\n%s", hostile[3],
			"Người điều phối: Nguyễn Mạnh Hùng\nDiễn giả: Hoàng Thị Ế, Jane Roe; Doe, John\n\nChủ đề của phiên thảo luận "+
				"là hạ tầng số, dữ liệu mở, quyền riêng tư và trí tuệ nhân tạo có trách nhiệm trong khu vực và trên thế giới. "+
				"Les intervenants présentent leurs expériences et répondent aux questions du public pendant une demi-heure."))
		e.SetProperty(ics.ComponentPropertyUrl, "https://forum.example.org/vidw-2026/panels/ABC123")
		e.AddProperty(ics.ComponentPropertyCategories, "Chủ quyền số")
		e.SetProperty(ics.ComponentPropertyStatus, "CONFIRMED")
		e.SetProperty(ics.ComponentPropertyTransp, "TRANSPARENT")
	}
	return cal
}

func BenchmarkEncode2000(b *testing.B) {
	cal := thousands(b, 2000)
	b.ReportAllocs()
	for b.Loop() {
		if err := Encode(io.Discard, cal); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTimezone(b *testing.B) {
	paris := mustZone(b, "Europe/Paris")
	from, to := day("2026-05-12"), day("2026-05-14")
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := Timezone(paris, from, to); !ok {
			b.Fatal("refused")
		}
	}
}
