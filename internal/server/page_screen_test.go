package server

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// screenPaths are the addresses of what is for the venue.
func (s *stage) screenPaths() []string {
	at := "/" + forum
	return []string{at + "/screens", at + "/lobby", at + "/rooms/" + string(s.hall) + "/door", at + "/screen.json", at + "/screen.json?room=" + string(s.hall),
		at + "/print", at + "/rooms/" + string(s.hall) + "/sheet", at + "/rooms/" + string(s.hall) + "/sheet?day=2025-10-27", at + "/panels/PANEL1/card", at + "/panels/NIGHT/card"}
}

// A screen without a script tells at every moment what is now and what comes next, in each language.
func TestADoorTellsWhatIsNow(t *testing.T) {
	s := newStage(t)
	hall, small := "/"+forum+"/rooms/"+string(s.hall)+"/door", "/"+forum+"/rooms/"+string(s.small)+"/door"
	for _, c := range []struct{ page, at, lang, want, not string }{
		{hall, "2025-10-26T12:00", "en", "Welcome. The programme in this room begins on Monday 27 October 2025 at 08:30.", `class="tag"`},
		{hall, "2025-10-27T07:59", "en", "The programme in this room begins at 08:30.", `class="tag"`},
		{hall, "2025-10-27T08:10", "fr", "dans 20 min", `class="tag"`},
		{hall, "2025-10-27T08:30", "vi", "Khai mạc", `class="sentence"`},
		{hall, "2025-10-27T09:00", "en", "Nothing at the moment. We go on at 14:00.", `class="tag"`},
		{hall, "2025-10-27T14:10", "vi", "còn 80 phút", `class="sentence"`},
		{hall, "2025-10-27T14:10", "en", "Vietnamese → English, French", `class="sentence"`},
		{hall, "2025-10-27T14:10", "en", "H.E. Nguyễn Mạnh Hùng", canary},
		{hall, "2025-10-27T15:29:30", "en", "ends any moment", `class="sentence"`},
		{hall, "2025-10-27T15:30", "en", "The programme in this room is over. Thank you", `class="tag"`},
		{small, "2025-10-27T12:00", "fr", "Nous reprenons le mardi 28 octobre 2025 à 22:00.", `class="tag"`},
		{small, "2025-10-28T23:00", "en", "The typhoon is near.", `class="until"`},
	} {
		page := s.must(200, s.get(c.page+"?at="+c.at+"&lang="+c.lang)).Body
		if _, shown, _ := strings.Cut(page, "<header class=\"board\""); !strings.Contains(html.UnescapeString(shown), c.want) || strings.Contains(shown, c.not) {
			t.Errorf("%s in %s: want %q and not %q: %s", c.at, c.lang, c.want, c.not, shown)
		}
		if !strings.Contains(page, `<html lang="`+c.lang+`"`) || !strings.Contains(page, `class="test"`) {
			t.Errorf("%s in %s does not say that it is a test, or in another language", c.at, c.lang)
		}
	}
}

func TestTheLobbyTellsOfAllRooms(t *testing.T) {
	s := newStage(t)
	look := func(query string) string {
		_, shown, _ := strings.Cut(s.must(200, s.get("/"+forum+"/lobby?lang=en&"+query)).Body, `<header class="board"`)
		return html.UnescapeString(shown)
	}
	for query, want := range map[string][]string{
		"at=2025-10-26T12:00":                               {"Welcome. We begin on Monday 27 October 2025 at 08:30.", "Opening"},
		"at=2025-10-27T08:45":                               {`class="banner"`, "All rooms", "Opening", "Main hall", "14:00–15:30"},
		"at=2025-10-27T14:10&zones=Europe/Paris,Asia/Tokyo": {"Main hall", "14:00–15:30", "Nothing more today", ">08:10<", "Paris", ">16:10<"},
		"at=2025-10-28T22:30":                               {"Night market", "Cancelled"},
		"at=2025-10-29T01:00":                               {"The programme is over. Thank you"},
	} {
		page := look(query)
		for _, part := range want {
			if !strings.Contains(page, part) {
				t.Errorf("%s: no %q in %s", query, part, page)
			}
		}
		if strings.Contains(page, "Table 1") || strings.Contains(page, canary) {
			t.Errorf("%s tells what it must not", query)
		}
	}
	if strings.Contains(look("qr=0"), "<svg") || !strings.Contains(look(""), "<svg") {
		t.Error("the code is not hidden, or always")
	}
}

var knownData = regexp.MustCompile(`data-known="([^"]*)"`)

// What the page holds is what is asked for later: an agenda that is still the same is a 304, and a new one is told.
func TestAScreenIsToldWhatIsNew(t *testing.T) {
	s := newStage(t)
	page := s.must(200, s.get("/"+forum+"/rooms/"+string(s.hall)+"/door?langs=en,vi,fr")).Body
	inPage := html.UnescapeString(knownData.FindStringSubmatch(page)[1])
	from := html.UnescapeString(regexp.MustCompile(`data-from="([^"]*)"`).FindStringSubmatch(page)[1])
	a := s.must(200, s.get(from))
	if a.Body != inPage {
		t.Errorf("the page holds\n%s\nand is told\n%s", inPage, a.Body)
	}
	s.must(304, s.get(from, header{"If-None-Match", a.Header.Get("ETag")}))
	if control := a.Header.Get("Cache-Control"); control != "public, no-cache" {
		t.Error(control)
	}
	var d screenData
	s.check(json.Unmarshal([]byte(a.Body), &d))
	if len(d.Faces) != 3 || len(d.Rooms) != 1 || len(d.Items) != 2 || d.Faces[1].Lang != "vi" || d.Faces[1].Items[1].Title[0] != longVietnamese {
		t.Errorf("%+v", d)
	}
	if bits, err := base64.StdEncoding.DecodeString(d.Items[0].Code); err != nil || len(bits) < 21*21/8 {
		t.Errorf("%v, %d bytes of a code", err, len(bits))
	}
	s.publish(nil)
	again := s.must(200, s.get(from, header{"If-None-Match", a.Header.Get("ETag")}))
	if strings.Contains(again.Body, d.State) || !strings.Contains(again.Body, canary) {
		t.Error("what is new is not told")
	}
}

// What an address of a screen asks for and cannot have is an error, and not another screen.
func TestAScreenRefusesWhatItDoesNotUnderstand(t *testing.T) {
	s := newStage(t)
	lobby := "/" + forum + "/lobby"
	for _, query := range []string{"theme=blue", "qr=no", "every=4", "every=121", "every=x", "zones=Paris", "zones=UTC,UTC,UTC,UTC", "at=now", "at=2025-10-27", "langs=de", "langs=", "langs=en,,vi"} {
		want := 400
		if query == "langs=" {
			want = 200
		}
		s.must(want, s.get(lobby+"?"+query))
	}
	s.must(404, s.get("/"+forum+"/rooms/none/door"))
	s.must(404, s.get("/"+forum+"/rooms/none/sheet"))
	s.must(404, s.get("/"+forum+"/rooms/"+string(s.table)+"/door")) // where delegations meet is nobody's business
	s.must(404, s.get("/"+forum+"/rooms/"+string(s.hall)+"/sheet?day=2024-01-01"))
	s.must(404, s.get("/"+forum+"/panels/none/card"))
	s.must(404, s.get("/"+forum+"/panels/DRAFT1/card"))
	s.must(404, s.get("/"+forum+"/screen.json?room=none"))
	for _, path := range s.screenPaths() {
		for _, lang := range programLanguages {
			if a := s.must(200, s.get(path, header{"Accept-Language", lang})); strings.Contains(a.Body, canary) {
				t.Errorf("%s in %s tells what is not published", path, lang)
			}
		}
		s.must(405, s.ask("", http.MethodPost, path, ""))
	}
}

// A screen that goes on by itself is made anew, and the same for everybody who asks within half a minute.
func TestAScreenGoesWithTheClock(t *testing.T) {
	s := newStage(t)
	door := "/" + forum + "/rooms/" + string(s.hall) + "/door?lang=en"
	begin, err := agenda.ParseMoment(s.event.Location(), "2025-10-27T14:00")
	s.check(err)
	s.pass(begin.At.Add(-time.Minute).Sub(s.now()))
	if a := s.get(door); !strings.Contains(a.Body, "in 1 min") {
		t.Error("it does not say what begins")
	}
	s.pass(time.Minute)
	if a := s.get(door); !strings.Contains(a.Body, "90 min left") || !strings.Contains(a.Body, `<noscript><meta http-equiv="refresh" content="30"></noscript>`) {
		t.Error("it does not say what has begun")
	}
}

// Paper says of which release it is, when it was made, and where the live page is.
func TestPaper(t *testing.T) {
	s := newStage(t)
	at := "/" + forum
	for path, want := range map[string][]string{
		"/print":                                    {longVietnamese, "Thứ Hai, 27 tháng 10, 2025", "Theo phòng", "Hội trường lớn", "Nguyễn Mạnh Hùng", base + "/vidw-2025/"},
		"/rooms/" + string(s.hall) + "/sheet":       {"Hội trường lớn", longVietnamese, "Khai mạc"},
		"/rooms/" + string(s.small) + "/sheet":      {"Night market", "The typhoon is near."},
		"/panels/PANEL1/card":                       {"Điều phối", "Nguyễn Mạnh Hùng", "Bộ trưởng Bộ Khoa học và Công nghệ", "14:00–14:15", "15 phút", "75 phút để hỏi đáp", base + "/vidw-2025/panels/PANEL1", "không còn phiên nào"},
		"/panels/" + string(s.opening.ID) + "/card": {"Chưa công bố diễn giả nào.", longVietnamese},
	} {
		page := html.UnescapeString(s.must(200, s.get(at+path+"?lang=vi")).Body)
		for _, part := range append(want, "Bản công bố số 1", "Lập ngày", "<svg class=\"qr\"") {
			if !strings.Contains(page, part) {
				t.Errorf("%s: no %q in %s", path, part, page)
			}
		}
	}
}
