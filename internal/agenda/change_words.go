package agenda

import "time"

// wording is how one of the program's own languages tells of Changes. No sentence depends on the
// gender of a title or of a Person, so that none can get it wrong.
type wording struct {
	tag          string
	open, close  string // around a title
	colon, semi  string // with the spaces that the language wants
	heads        map[ChangeKind]string
	labels       map[string]string // by field
	weekdays     [7]string         // from Sunday
	months       [12]string
	day          func(w *wording, t time.Time) string
	allRooms     string
	cancelled    string // said of a Panel that is added or removed as cancelled
	empty        string
	added        string // of an abstract
	removed      string
	updated      string
	translation  [2]string // one, several: the text changed, but not in this language
	interludes   string    // Interventions changed, but not their titles
	speaker      [2]string // someone for someone else: one for one, else
	comes        [2]string
	leaves       [2]string
	order        string
	intervention [2]string
	newTalk      [2]string
	goneTalk     [2]string
	roles        map[Role]string
}

// thin is the narrow no-break space that French puts inside quotation marks and before ; ! and ?,
// wide the one that it puts before a colon.
const (
	thin = "\u202f"
	wide = "\u00a0"
)

var wordings = []*wording{&english, &french, &vietnamese}

var english = wording{
	tag: "en", open: "“", close: "”", colon: ": ", semi: "; ",
	heads: map[ChangeKind]string{ChangeAdded: "Added", ChangeRemoved: "Removed", ChangeCancelled: "Cancelled",
		ChangeRestored: "Takes place after all", ChangeMoved: "Moved", ChangeEdited: "Changed"},
	labels: map[string]string{"title": "title", "room_name": "room renamed", "track": "track", "format": "format",
		"number": "number", "code": "code", "abstract": "abstract", "language": "language",
		"interpretation": "interpretation", "stream_url": "live stream", "cancel_note": "reason", "replaced_by": "replaced by",
		"materials": "materials"},
	weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
		"October", "November", "December"},
	day:      func(w *wording, t time.Time) string { return w.weekday(t) + " " + t.Format("2 January 2006") },
	allRooms: "all rooms", cancelled: "cancelled", empty: "none",
	added: "added", removed: "removed", updated: "updated",
	translation: [2]string{"translation updated", "translations updated"},
	interludes:  "interventions: updated",
	speaker:     [2]string{"speaker", "speakers"},
	comes:       [2]string{"new speaker", "new speakers"},
	leaves:      [2]string{"no longer takes part", "no longer take part"},
	order:       "speakers in a different order",

	intervention: [2]string{"intervention", "interventions"},
	newTalk:      [2]string{"new intervention", "new interventions"},
	goneTalk:     [2]string{"intervention removed", "interventions removed"},
	roles: map[Role]string{Moderator: "moderator", Panelist: "panelist", Presenter: "speaker", Chair: "chair",
		Host: "host", Rapporteur: "rapporteur", Interpreter: "interpreter"},
}

var french = wording{
	tag: "fr", open: "«" + thin, close: thin + "»", colon: wide + ": ", semi: thin + "; ",
	heads: map[ChangeKind]string{ChangeAdded: "Ajout", ChangeRemoved: "Retrait du programme",
		ChangeCancelled: "Annulation", ChangeRestored: "Rétablissement au programme",
		ChangeMoved: "Changement d’horaire ou de salle", ChangeEdited: "Modification"},
	labels: map[string]string{"title": "titre", "room_name": "salle renommée", "track": "thème", "format": "format",
		"number": "numéro", "code": "code", "abstract": "résumé", "language": "langue",
		"interpretation": "interprétation", "stream_url": "diffusion en direct", "cancel_note": "motif", "replaced_by": "remplacé par",
		"materials": "documents"},
	weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
		"octobre", "novembre", "décembre"},
	day: func(w *wording, t time.Time) string {
		number := t.Format("2")
		if number == "1" {
			number = "1er"
		}
		return w.weekday(t) + " " + number + " " + w.months[t.Month()-1] + " " + t.Format("2006")
	},
	allRooms: "toutes les salles", cancelled: "annulation", empty: "néant",
	added: "ajouté", removed: "supprimé", updated: "mis à jour",
	translation: [2]string{"traduction mise à jour", "traductions mises à jour"},
	interludes:  "interventions" + wide + ": mises à jour",
	speaker:     [2]string{"participation", "participation"},
	comes:       [2]string{"participe désormais", "participent désormais"},
	leaves:      [2]string{"ne participe plus", "ne participent plus"},
	order:       "ordre des participants modifié",

	intervention: [2]string{"intervention", "interventions"},
	newTalk:      [2]string{"nouvelle intervention", "nouvelles interventions"},
	goneTalk:     [2]string{"intervention retirée", "interventions retirées"},
	roles: map[Role]string{Moderator: "modération", Panelist: "panel", Presenter: "exposé", Chair: "présidence",
		Host: "accueil", Rapporteur: "rapport", Interpreter: "interprétation"},
}

var vietnamese = wording{
	tag: "vi", open: "“", close: "”", colon: ": ", semi: "; ",
	heads: map[ChangeKind]string{ChangeAdded: "Bổ sung", ChangeRemoved: "Rút khỏi chương trình",
		ChangeCancelled: "Hủy", ChangeRestored: "Khôi phục", ChangeMoved: "Đổi giờ hoặc phòng", ChangeEdited: "Thay đổi"},
	labels: map[string]string{"title": "tiêu đề", "room_name": "đổi tên phòng", "track": "chủ đề", "format": "hình thức",
		"number": "số", "code": "mã", "abstract": "tóm tắt", "language": "ngôn ngữ",
		"interpretation": "phiên dịch", "stream_url": "phát trực tiếp", "cancel_note": "lý do", "replaced_by": "được thay bằng",
		"materials": "tài liệu"},
	weekdays: [7]string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"},
	day:      func(w *wording, t time.Time) string { return w.weekday(t) + ", ngày " + t.Format("2/1/2006") },
	allRooms: "tất cả các phòng", cancelled: "đã hủy", empty: "không có",
	added: "đã bổ sung", removed: "đã bỏ", updated: "đã cập nhật",
	translation: [2]string{"đã cập nhật bản dịch", "đã cập nhật các bản dịch"},
	interludes:  "tham luận: đã cập nhật",
	speaker:     [2]string{"diễn giả", "diễn giả"},
	comes:       [2]string{"thêm diễn giả", "thêm các diễn giả"},
	leaves:      [2]string{"không còn tham gia", "không còn tham gia"},
	order:       "thay đổi thứ tự diễn giả",

	intervention: [2]string{"tham luận", "các tham luận"},
	newTalk:      [2]string{"thêm tham luận", "thêm các tham luận"},
	goneTalk:     [2]string{"bỏ tham luận", "bỏ các tham luận"},
	roles: map[Role]string{Moderator: "điều phối", Panelist: "thảo luận", Presenter: "trình bày", Chair: "chủ tọa",
		Host: "chủ trì", Rapporteur: "báo cáo tổng hợp", Interpreter: "phiên dịch"},
}

func (w *wording) weekday(t time.Time) string { return w.weekdays[t.Weekday()] }

// of gives the form for n things.
func (w *wording) of(forms [2]string, n int) string {
	if n == 1 {
		return forms[0]
	}
	return forms[1]
}

func (w *wording) quote(s string) string { return w.open + clip(s) + w.close }
