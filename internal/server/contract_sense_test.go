package server

import (
	"fmt"
	"regexp/syntax"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// sensible are values that make sense where the schema can't say what does, by the field's name.
var sensible = map[string][]any{
	"zone": {"Asia/Ho_Chi_Minh", "Asia/Ho_Chi_Minh", "Asia/Ho_Chi_Minh", "Europe/Paris", "UTC", "America/St_Johns"},
	"lang": {"en", "fr", "vi", "de", "zh-Hant-TW"}, "language": {"en", "fr", "vi"}, "languages": {[]any{"en"}, []any{"en", "fr", "vi"}, []any{"vi", "zh-Hant"}},
	"interpretation": {[]any{"fr"}, []any{"vi", "en"}}, "interprets": {[]any{"fr/vi"}, []any{"en/fr", "en/vi"}},
	"country": {"VN", "FR", "GB"}, "website": {"https://vidw.example", "http://a.example:8080/x?y=1#z"},
	"photo_url": {"https://example.org/hung.jpg"}, "stream_url": {"https://example.org/live"}, "color": {"#005bbb", "#ffffff"}, "accent": {"#005bbb", "#123456"},
	"url":    {"https://hooks.example/agenda", "https://forum.example.org/hooks/agenda"},
	"scopes": {[]any{"read"}, []any{"read_draft"}, []any{"write"}, []any{"edit_event", "read_people"}},
	"email":  {"hung@example.org", "lan.anh@example.org", "x+y@sub.example.com"}, "day": {"2025-10-27", "2025-10-28"}, "days": {[]any{"2025-10-27"}, []any{"2025-10-28", "2025-10-27"}},
	"at": {"2025-10-27T10:00", "2025-10-28T16:30"}, "expires": {"2030-01-01T00:00:00Z", "2025-12-31T23:59:59+07:00"}, "dry_run": {true, true, false},
	"name": {}, "source": {"workshops", "file"}, "take": {[]any{"rooms", "tracks"}, []any{"rooms", "tracks", "people", "panels"}},
	"acknowledge": {[]any{}}, "despite": {[]any{}}, "q": {"an", "Opening", "ж"}, "number": {"1", "2", "3"}, "id": {"x-1", "part-2"},
}

// settle makes an object agree with itself.
func (w *world) settle(out map[string]any, at place) {
	if _, ok := out["start"]; ok && out["days"] == nil {
		start, end := w.times()
		out["start"] = start
		if _, ok := out["end"]; ok {
			out["end"] = end
		}
	} else if ok {
		hour := 6 + w.r.IntN(12)
		out["start"], out["end"] = fmt.Sprintf("%02d:30", hour), fmt.Sprintf("%02d:00", hour+1+w.r.IntN(4))
	}
	if _, ok := out["start_date"]; ok {
		day := 10 + w.r.IntN(15)
		out["start_date"], out["end_date"] = fmt.Sprintf("2025-10-%d", day), fmt.Sprintf("2025-10-%d", day+w.r.IntN(5))
	}
	if kind, ok := out["kind"].(string); ok && out["id"] != nil {
		out["id"] = w.idAt(at["event"], kind)
	}
	if _, ok := out["latitude"]; ok != (out["longitude"] != nil) {
		delete(out, "latitude")
		delete(out, "longitude")
	}
	if panel, ok := out["panel"].(string); ok && out["revision"] != nil {
		out["revision"] = max(1, w.revisions[apiRoot+"/events/"+at["event"]+"/panels/"+panel])
	}
	if code, ok := out["code"].(string); ok && len(code) > 0 {
		out["code"] = fmt.Sprintf("C%05d", w.r.IntN(90_000))
	}
	if delegates, ok := out["delegates"].([]any); ok {
		for i, d := range delegates {
			role := pick(w, "member", "note_taker")
			if i == 0 {
				role = "principal"
			}
			d.(map[string]any)["role"], d.(map[string]any)["person"] = role, w.idAt(at["event"], "person")
		}
	}
}

// times draws when something may be at the events of a world: two local times, or with an offset.
func (w *world) times() (start, end string) {
	day, minute, length := 27+w.r.IntN(2), 60*8+5*w.r.IntN(120), 15+5*w.r.IntN(20)
	offset := pick(w, "", ":00", ":00+07:00")
	at := func(m int) string { return fmt.Sprintf("2025-10-%dT%02d:%02d%s", day, m/60, m%60, offset) }
	return at(minute), at(min(minute+length, 23*60))
}

// amend gives a body the sense that takes more than one object to see.
func (w *world) amend(q request, tree any) any {
	body, ok := tree.(map[string]any)
	if !ok {
		return tree
	}
	noun := fillPath(q.op.noun, q.at)
	switch q.op.id {
	case "replaceEvent":
		body["slug"], body["start_date"], body["end_date"] = q.at["event"], "2025-10-27", "2025-10-28"
		body["zone"] = "Asia/Ho_Chi_Minh"
	case "createEvent", "copyEvent":
		body["slug"] = fmt.Sprintf("fresh-%d", w.r.IntN(40))
	case "requestMeeting":
		if _, sides := body["sides"]; sides {
			delete(body, "from")
			delete(body, "to")
		} else {
			body["from"], body["to"] = w.idAt(q.at["event"], "person"), w.idAt(q.at["event"], "person")
		}
		fallthrough
	case "replaceMeetingRequest", "proposeMeetingTimes":
		delete(body, "expires")
	case "erasePerson":
		body["confirm"] = or(w.words[noun+" name"], "Nobody")
	case "vouchAddress", "makePersonalLink", "sendPersonalLink":
		if _, ok := body["vouched_address"]; ok {
			person := strings.TrimSuffix(apiRoot+"/events/"+q.at["event"]+"/people/"+q.at["person"], "/")
			body["vouched_address"] = or(w.words[person+" email"], "hung@example.org")
		}
	case "acceptMeeting":
		body["time"] = 0
		delete(body, "reason")
		if w.chance(50) {
			delete(body, "room")
		}
	case "createPanel", "replacePanel":
		if _, ok := body["replaced_by"]; ok && body["cancelled"] != true {
			delete(body, "replaced_by")
		}
		if _, ok := body["all_rooms"]; ok && body["slot"] != nil {
			delete(body["slot"].(map[string]any), "room")
		}
	case "deputize":
		delete(body, "from")
	case "replaceWebhook", "createWebhook":
		body["kinds"] = []any{"release.published"}
	case "movePanels":
		if w.chance(70) {
			body["moves"] = body["moves"].([]any)[:1]
		}
	}
	return body
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// text draws a string that a schema takes.
func (w *world) text(s *openapi3.Schema) string {
	switch s.Format {
	case "date":
		return fmt.Sprintf("2025-10-%02d", 1+w.r.IntN(30))
	case "date-time":
		return fmt.Sprintf("2025-10-%02dT%02d:00:00%s", 1+w.r.IntN(30), w.r.IntN(24), pick(w, "Z", "+07:00"))
	case "email":
		return fmt.Sprintf("somebody%d@example.org", w.r.IntN(1000))
	}
	if s.Pattern != "" {
		if re, err := syntax.Parse(s.Pattern, syntax.Perl); err == nil {
			return w.matching(re.Simplify())
		}
	}
	most := 60
	if s.MaxLength != nil {
		most = int(min(*s.MaxLength, 400))
	}
	text := w.phrase(most)
	if text == "" && s.MinLength > 0 {
		return "x"
	}
	return text
}

// scripts are what people write with, and what makes careless programs stumble: combining marks, both directions, joiners,
// characters outside of the first plane, what grows in upper case, what a calendar, a page or SQL might read.
var scripts = []string{"Lan Anh", "Nguyễn Mạnh Hùng", "Trustworthy AI", "e\u0301\u0323", "\u202eabc\u202c", "שלום", "مرحبا", "👩‍👩‍👧‍👦", "𝒜𝓃", "ß", "ŉ", "İ", "\u200d", "a\u0300\u0301\u0302\u0303",
	"<b>&amp;\"'", "{{.}}", "%s%d", "'; DROP TABLE panels;--", "\\n;,:", "=1+1", "../..", "\ufeff", "\u00a0", "ﷺ", "x", "0", "null", "日本語", "  ", "\u2028", "﷽", "%_\\", "[a](javascript:b)"}

// phrase draws a text of at most so many characters.
func (w *world) phrase(most int) string {
	var words []string
	for range 1 + w.r.IntN(4) {
		words = append(words, pick(w, scripts[:3]...))
		if w.chance(15) {
			words = append(words, pick(w, scripts...))
		}
	}
	runes := []rune(strings.Join(words, " "))
	if w.chance(3) {
		runes = []rune(strings.Repeat(string(runes), most/max(1, len(runes))+1)) // as long as it may be
	}
	return strings.TrimSpace(string(runes[:min(len(runes), most)]))
}

// matching draws a text that a pattern matches.
func (w *world) matching(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		i := 2 * w.r.IntN(len(re.Rune)/2)
		return string(re.Rune[i] + rune(w.r.IntN(int(re.Rune[i+1]-re.Rune[i])+1)))
	case syntax.OpConcat, syntax.OpCapture:
		var b strings.Builder
		for _, sub := range re.Sub {
			b.WriteString(w.matching(sub))
		}
		return b.String()
	case syntax.OpAlternate:
		return w.matching(pick(w, re.Sub...))
	case syntax.OpQuest:
		return pick(w, "", w.matching(re.Sub[0]))
	case syntax.OpStar, syntax.OpPlus:
		return strings.Repeat(w.matching(re.Sub[0]), 1+w.r.IntN(6))
	}
	return ""
}

// file draws a body that is a file.
func (w *world) file(op *promised) []byte {
	table := fmt.Sprintf("title,date,start,end,room,speakers\nImported %d,2025-10-27,11:00,12:00,Hall,Lan Anh\nTwo %d,2025-10-28,09:00,10:00,Annex,\n", w.r.IntN(20), w.r.IntN(20))
	switch op.id {
	case "setPhoto":
		return w.picture()
	case "addMaterial":
		return pick(w, w.picture(), []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"), []byte("Notes of "+w.phrase(300)))
	}
	if len(w.files) > 0 && w.chance(50) {
		return pick(w, w.files...)
	}
	return []byte(table)
}
