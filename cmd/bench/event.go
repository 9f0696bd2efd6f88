package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"
	"time"
)

// object is one of JSON.
type object = map[string]any

// slug is the event's name in addresses.
const slug = "bench"

// The event's times: panels of 25 minutes that begin on the half hour, so that each can move by five minutes and be in nobody's way.
const (
	slotsADay = 16
	raster    = 30 * time.Minute
	long      = 25 * time.Minute
	nudge     = 5 * time.Minute
	wallClock = "2006-01-02T15:04:05-07:00"
)

// maker makes the same event for the same number of panels.
type maker struct {
	panels, rooms, people int
	state                 uint64
}

func newMaker(panels int) *maker {
	rooms := min(max(panels/20, 4), 40)
	return &maker{panels: panels, rooms: rooms, people: max(8*rooms, panels*3/4), state: 8}
}

// roll gives the next of a sequence of numbers below n (Knuth's MMIX generator).
func (m *maker) roll(n int) int {
	m.state = m.state*6364136223846793005 + 1442695040888963407
	return int(m.state>>33) % n // #nosec G115 -- 31 bits
}

// id gives the identity of the i-th thing of a kind, in the form of a UUIDv7. As with those, most of it cannot be compressed.
func id(kind string, i int) string {
	hash := fnv.New64a()
	fmt.Fprintf(hash, "%s %d", kind, i)
	n := hash.Sum64() * 0x9e3779b97f4a7c15
	return fmt.Sprintf("019a%04x-%04x-7%03x-8%03x-%012x", i&0xffff, n>>48, n>>36&0xfff, i>>4&0xfff, n&0xffffffffffff)
}

var english = strings.Fields(`the of and to a in that for it with as on be at by this from or an have which one we all there can if more
when will what about out so up into them some could time these two then do first any my now such like our over even most made after also
law digital sovereignty public cloud identity data trust open source standard border audit model training language minister agency border
procurement evidence health school harbour island river city province market payment privacy security resilience network satellite energy
grid climate bridge engineer student research paper method measure benchmark register archive translation interpreter delegation protocol`)

var vietnamese = strings.Fields(`và của các những trong cho với là được một không có này khi về từ đến theo tại sẽ đã dữ liệu số chủ quyền
chính phủ điện tử công nghệ thông tin an toàn mạng mở tiêu chuẩn bộ trưởng hội nghị phiên họp đối tác phát triển kinh tế xã hội giáo dục
y tế năng lượng khí hậu nghiên cứu sinh viên kỹ sư cầu thành phố tỉnh thị trường thanh toán quyền riêng tư lưu trữ dịch thuật phái đoàn`)

// words gives a sentence of so many words.
func (m *maker) words(from []string, n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = from[m.roll(len(from))]
	}
	sentence := strings.Join(parts, " ")
	return strings.ToUpper(sentence[:1]) + sentence[1:]
}

// slotOf gives where and when the i-th panel is.
func (m *maker) slotOf(i int) (room string, start time.Time) {
	at := i / m.rooms
	day := time.Date(2030, 5, 6, 8, 0, 0, 0, time.FixedZone("", 7*60*60)).AddDate(0, 0, at/slotsADay)
	return id("room", i%m.rooms), day.Add(time.Duration(at%slotsADay) * raster)
}

func (m *maker) days() int { return (m.panels-1)/m.rooms/slotsADay + 1 }

// stamped adds what all things have.
func stamped(o object) object {
	o["revision"], o["created"], o["updated"] = 1, "2026-01-05T08:00:00.000Z", "2026-01-05T08:00:00.000Z"
	return o
}

// bundle gives the event in Plenary's own format.
func (m *maker) bundle() ([]byte, error) {
	first := time.Date(2030, 5, 6, 0, 0, 0, 0, time.UTC)
	return json.Marshal(object{"format": "plenary-event", "version": 1,
		"event": stamped(object{"id": id("event", 0), "slug": slug, "name": object{"en": "Digital Forum 2030", "vi": "Diễn đàn Số 2030"},
			"description": object{"en": m.words(english, 60)}, "zone": "Asia/Ho_Chi_Minh", "start_date": first.Format(time.DateOnly),
			"end_date": first.AddDate(0, 0, m.days()-1).Format(time.DateOnly), "languages": []string{"en", "vi"},
			"venue": object{"name": object{"en": "Congress Centre", "vi": "Trung tâm Hội nghị"}, "country": "VN"}}),
		"rooms": m.listRooms(), "tracks": m.listTracks(), "people": m.listPeople(), "panels": m.listPanels(), "meetings": m.listMeetings()})
}

func (m *maker) listRooms() []object {
	var list []object
	for i := range m.rooms {
		list = append(list, stamped(object{"id": id("room", i), "kind": "hall", "capacity": 80 + 10*i, "position": i,
			"name": object{"en": fmt.Sprintf("Room %d", i+1), "vi": fmt.Sprintf("Phòng %d", i+1)}}))
	}
	return append(list, stamped(object{"id": id("salon", 0), "kind": "table", "capacity": 8, "position": m.rooms, "name": object{"en": "Salon", "vi": "Phòng khách"}}))
}

const tracks = 8

func (m *maker) listTracks() []object {
	var list []object
	for i := range tracks {
		list = append(list, stamped(object{"id": id("track", i), "position": i, "color": fmt.Sprintf("#%02x5b%02x", 20*i, 200-20*i),
			"name": object{"en": m.words(english, 3), "vi": m.words(vietnamese, 3)}}))
	}
	return list
}

func (m *maker) listPeople() []object {
	given, family := strings.Fields("Lan Minh Hoa Tuấn Marie Jean Elena Otto Aiko Priya Sofia Omar Ngọc Hùng Claire Paulo"), strings.Fields("Nguyễn Trần Lê Phạm Dupont Weber Rossi Tanaka Silva Novák")
	var list []object
	for i := range m.people {
		list = append(list, stamped(object{"id": id("person", i), "name": fmt.Sprintf("%s %s %d", given[i%len(given)], family[i/len(given)%len(family)], i+1),
			"job_title": object{"en": m.words(english, 2)}, "organization": object{"en": m.words(english, 3)}, "country": "VN"}))
	}
	return list
}

func (m *maker) listPanels() []object {
	var list []object
	for i := range m.panels {
		room, start := m.slotOf(i)
		list = append(list, stamped(object{"id": id("panel", i), "uid": id("panel", i) + "@plenary", "code": fmt.Sprintf("P%05d", i), "format": "talk",
			"title": object{"en": m.words(english, 6), "vi": m.words(vietnamese, 7)}, "abstract": object{"en": m.words(english, 16)},
			"track": id("track", i%tracks), "language": "en",
			"slot": object{"room": room, "start": start.Format(wallClock), "end": start.Add(long).Format(wallClock)},
			"speakers": []object{{"person": id("person", 2*i%m.people), "role": "speaker", "status": "confirmed"},
				{"person": id("person", (2*i+1)%m.people), "role": "moderator", "status": "confirmed"}}}))
	}
	return list
}

// listMeetings gives ten evening meetings of the first person, whose private feed is measured.
func (m *maker) listMeetings() []object {
	side := func(person int) object {
		return object{"delegates": []object{{"person": id("person", person), "role": "principal", "answer": "accepted"}}}
	}
	var list []object
	for i := range 10 {
		start := time.Date(2030, 5, 6, 17, 0, 0, 0, time.FixedZone("", 7*60*60)).Add(time.Duration(i) * 20 * time.Minute)
		list = append(list, stamped(object{"id": id("meeting", i), "uid": id("meeting", i) + "@plenary", "topic": object{"en": m.words(english, 5)},
			"status": "accepted", "visibility": "participants",
			"slot":  object{"room": id("salon", 0), "start": start.Format(wallClock), "end": start.Add(15 * time.Minute).Format(wallClock)},
			"sides": []object{side(0), side(i + 1)}}))
	}
	return list
}
