package server

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// chatter makes texts of which hardly any two are alike, as those of a real agenda are.
type chatter struct{ *rand.Rand }

// phrases are what people at such forums speak of.
var phrases = strings.Split("công nghệ số,trí tuệ nhân tạo,dữ liệu mở,hạ tầng,chuyển đổi,quản trị,luật mới,Việt Nam,châu Âu,đối tác,phát triển bền vững,an toàn mạng,"+
	"đồng bằng sông Cửu Long,giáo dục,y tế,nông nghiệp,đô thị thông minh,chính phủ,doanh nghiệp nhỏ và vừa,khởi nghiệp,sáng tạo,nguồn lực,con người,đào tạo,"+
	"hợp tác quốc tế,niềm tin,đám mây,chủ quyền,mã nguồn mở,mô hình ngôn ngữ,sức khỏe,dòng sông,tài chính,đạo đức,tiêu chuẩn,bán dẫn,năng lượng,giao thông,"+
	"lưu trữ,ngôn ngữ thiểu số,biển đảo,du lịch,văn hóa,di sản,khí hậu,lao động,thương mại,hải quan,thuế,tư pháp", ",")

// names are parts of those of people.
var names = strings.Fields("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Văn Thị Mạnh Thế Minh Quốc Hữu Đức Thu Hồng Ngọc Anh Hùng Duy Dũng Hà Hương " +
	"Lan Linh Long Mai Nam Phương Quân Sơn Thảo Trang Tuấn Vinh Yến")

func (c chatter) of(list []string, n int) string {
	var all []string
	for range n {
		all = append(all, list[c.IntN(len(list))])
	}
	return strings.Join(all, " ")
}

func (c chatter) say(n int) string { return c.of(phrases, n) }

// id is a UUIDv7 made within the same minute as the others.
func (c chatter) id() agenda.ID {
	return agenda.ID(fmt.Sprintf("019a1f6e-%04x-7%03x-%04x-%012x", c.IntN(1<<16), c.IntN(1<<12), 1<<15+c.IntN(1<<14), c.Int64N(1<<48)))
}

// largeRelease has 400 panels in 20 rooms and 3 days, with one to three speakers each.
func largeRelease(t *testing.T) *agenda.Release {
	t.Helper()
	c := chatter{rand.New(rand.NewPCG(3, 5))}
	r := &agenda.Release{ID: "r", Number: 1, Published: time.Date(2025, 10, 1, 0, 0, 0, 0, time.UTC)}
	s := &r.Snapshot
	s.Event = agenda.Event{Slug: forum, Name: agenda.Text{"vi": c.say(3)}, Zone: "Europe/Paris", StartDate: "2027-03-27", EndDate: "2027-03-29", Languages: []string{"vi", "en"}}
	for i := range 20 {
		s.Rooms = append(s.Rooms, agenda.Room{ID: c.id(), Serial: i + 1, Name: agenda.Text{"vi": c.say(1)}, Kind: agenda.RoomHall, Position: i})
	}
	for i := range 8 {
		s.Tracks = append(s.Tracks, agenda.Track{ID: c.id(), Serial: i + 1, Name: agenda.Text{"vi": c.say(2)}, Color: "#005bbb"})
	}
	var jobs, houses []string // many hold the same office, and many come from the same house
	for range 40 {
		jobs, houses = append(jobs, c.say(2)), append(houses, c.say(2), c.say(3))
	}
	for i := range 300 {
		s.People = append(s.People, agenda.Person{ID: c.id(), Serial: i + 1, Name: c.of(names, 3), JobTitle: agenda.Text{"vi": jobs[c.IntN(40)]}, Organization: agenda.Text{"vi": houses[c.IntN(80)]}, Country: "VN"})
	}
	for i := range 400 {
		from := time.Date(2027, 3, 27+i%3, 9, c.IntN(9)*45, 0, 0, time.UTC).Format("2006-01-02T15:04")
		to := time.Date(2027, 3, 27+i%3, 16, 30+c.IntN(3)*15, 0, 0, time.UTC).Format("2006-01-02T15:04")
		slot, err := agenda.NewSlot(s.Event.Location(), s.Rooms[i%20].ID, from, to)
		if err != nil {
			t.Fatal(err)
		}
		p := agenda.Panel{ID: c.id(), Code: fmt.Sprintf("%06X", c.IntN(1<<24)), Format: agenda.Formats[c.IntN(7)], Title: agenda.Text{"vi": c.say(3 + c.IntN(4))}, Slot: &slot,
			TrackID: s.Tracks[c.IntN(8)].ID, Language: []string{"vi", "en", "fr"}[c.IntN(3)], Interpretation: []string{"en"}}
		for range 1 + c.IntN(4)/2*c.IntN(3) {
			p.Speakers = append(p.Speakers, agenda.Speaker{PersonID: s.People[c.IntN(300)].ID, Role: agenda.Roles[c.IntN(3)], Status: agenda.Confirmed})
		}
		s.Panels = append(s.Panels, &p)
	}
	s.SortPanels()
	return r
}

// A page must stay small for phones in a crowded hall: 400 panels in 60 KB, whichever way they are shown.
func TestALargeAgendaIsASmallPage(t *testing.T) {
	r := largeRelease(t)
	all, err := allWords()
	if err != nil {
		t.Fatal(err)
	}
	s := New(Options{BaseURL: base})
	reader := reader{words: all["vi"], content: "vi"}
	for _, name := range agendaViews {
		view, err := s.newEventView(reader, r)
		if err == nil {
			err = view.addAgendaPage(r, asked{View: name})
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := renderPage("agenda", view, reader, r.Published)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes, %d packed", name, len(b.in(uncoded).bytes), len(b.in(gzipped).bytes))
		if len(b.in(gzipped).bytes) > 60<<10 {
			t.Errorf("%s: %d bytes packed", name, len(b.in(gzipped).bytes))
		}
		if !strings.Contains(string(b.in(uncoded).bytes), "UTC&#43;1 → UTC&#43;2") || strings.Count(string(b.in(uncoded).bytes), " data-panel=") != 400 {
			t.Errorf("%s: the page does not say that the clock changes, or lacks panels", name)
		}
	}
}

// What a page of the agenda needs besides is small too.
func TestTheStylesOfTheAgendaAreSmall(t *testing.T) {
	files, err := staticFiles()
	if err != nil {
		t.Fatal(err)
	}
	n := len(files[styleName].in(gzipped).bytes) + len(files[agendaStyleName].in(gzipped).bytes)
	t.Logf("%d bytes packed", n)
	if n > 6<<10 || n < 1<<10 {
		t.Errorf("%d bytes packed", n)
	}
}
