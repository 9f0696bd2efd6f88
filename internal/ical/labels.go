package ical

import (
	"strings"

	"plenary/internal/agenda"
)

// The words that the program itself puts into calendar entries, in its own languages. French wants a no-break space
// before a colon, so the colon is a word too.
var (
	labelColon          = agenda.Text{"en": ": ", "fr": "\u00a0: ", "vi": ": "}
	labelCancelled      = agenda.Text{"en": "CANCELLED", "fr": "ANNULÉ", "vi": "HỦY"}
	labelTentative      = agenda.Text{"en": "TO BE CONFIRMED", "fr": "À CONFIRMER", "vi": "CHỜ XÁC NHẬN"}
	labelLanguage       = agenda.Text{"en": "Language", "fr": "Langue", "vi": "Ngôn ngữ"}
	labelInterpretation = agenda.Text{"en": "Interpretation into", "fr": "Interprétation vers", "vi": "Phiên dịch sang"}
	labelProgramme      = agenda.Text{"en": "Programme", "fr": "Programme", "vi": "Chương trình"}
	labelStream         = agenda.Text{"en": "Live stream", "fr": "Diffusion en direct", "vi": "Phát trực tiếp"}
	labelPage           = agenda.Text{"en": "More information", "fr": "Plus d’informations", "vi": "Thông tin chi tiết"}
	labelAllRooms       = agenda.Text{"en": "All rooms", "fr": "Toutes les salles", "vi": "Tất cả các phòng"}
	labelMeeting        = agenda.Text{"en": "Meeting", "fr": "Rendez-vous", "vi": "Cuộc gặp"}
	labelMeetingWith    = agenda.Text{"en": "Meeting with ", "fr": "Rendez-vous avec ", "vi": "Cuộc gặp với "}
	labelTopic          = agenda.Text{"en": "Topic", "fr": "Objet", "vi": "Chủ đề"}
	labelBusy           = agenda.Text{"en": "Busy", "fr": "Occupé", "vi": "Bận"}
	labelClosed         = agenda.Text{"en": "Calendar closed", "fr": "Calendrier fermé", "vi": "Lịch đã đóng"}
	labelStarred        = agenda.Text{"en": "My agenda", "fr": "Mon programme", "vi": "Chương trình của tôi"}
	labelPersonal       = agenda.Text{"en": "Personal agenda", "fr": "Agenda personnel", "vi": "Lịch cá nhân"}
)

// roleNames say each role in a Panel, in the words that the agenda's list of changes has. French and Vietnamese name
// what is done, so that no role needs a gender.
var roleNames = map[agenda.Role]agenda.Text{
	agenda.Moderator:   {"en": "Moderator", "fr": "Modération", "vi": "Điều phối"},
	agenda.Panelist:    {"en": "Panelist", "fr": "Panel", "vi": "Thảo luận"},
	agenda.Presenter:   {"en": "Speaker", "fr": "Exposé", "vi": "Trình bày"},
	agenda.Chair:       {"en": "Chair", "fr": "Présidence", "vi": "Chủ tọa"},
	agenda.Host:        {"en": "Host", "fr": "Accueil", "vi": "Chủ trì"},
	agenda.Rapporteur:  {"en": "Rapporteur", "fr": "Rapport", "vi": "Báo cáo tổng hợp"},
	agenda.Interpreter: {"en": "Interpreter", "fr": "Interprétation", "vi": "Phiên dịch"},
}

// delegateNames say each role in a Delegation.
var delegateNames = map[agenda.DelegateRole]agenda.Text{
	agenda.Principal:           {"en": "Head of delegation", "fr": "À la tête de la délégation", "vi": "Trưởng đoàn"},
	agenda.DelegateMember:      {"en": "Member", "fr": "Membre", "vi": "Thành viên"},
	agenda.DelegateInterpreter: {"en": "Interpreter", "fr": "Interprétation", "vi": "Phiên dịch"},
	agenda.NoteTaker:           {"en": "Note-taker", "fr": "Prise de notes", "vi": "Ghi biên bản"},
}

// languageNames say the languages that forums are held in, by base language.
var languageNames = map[string]agenda.Text{
	"ar": {"en": "Arabic", "fr": "arabe", "vi": "Tiếng Ả Rập"},
	"de": {"en": "German", "fr": "allemand", "vi": "Tiếng Đức"},
	"en": {"en": "English", "fr": "anglais", "vi": "Tiếng Anh"},
	"es": {"en": "Spanish", "fr": "espagnol", "vi": "Tiếng Tây Ban Nha"},
	"fr": {"en": "French", "fr": "français", "vi": "Tiếng Pháp"},
	"hi": {"en": "Hindi", "fr": "hindi", "vi": "Tiếng Hindi"},
	"id": {"en": "Indonesian", "fr": "indonésien", "vi": "Tiếng Indonesia"},
	"it": {"en": "Italian", "fr": "italien", "vi": "Tiếng Ý"},
	"ja": {"en": "Japanese", "fr": "japonais", "vi": "Tiếng Nhật"},
	"km": {"en": "Khmer", "fr": "khmer", "vi": "Tiếng Khmer"},
	"ko": {"en": "Korean", "fr": "coréen", "vi": "Tiếng Hàn"},
	"lo": {"en": "Lao", "fr": "lao", "vi": "Tiếng Lào"},
	"ms": {"en": "Malay", "fr": "malais", "vi": "Tiếng Mã Lai"},
	"nl": {"en": "Dutch", "fr": "néerlandais", "vi": "Tiếng Hà Lan"},
	"pl": {"en": "Polish", "fr": "polonais", "vi": "Tiếng Ba Lan"},
	"pt": {"en": "Portuguese", "fr": "portugais", "vi": "Tiếng Bồ Đào Nha"},
	"ru": {"en": "Russian", "fr": "russe", "vi": "Tiếng Nga"},
	"th": {"en": "Thai", "fr": "thaï", "vi": "Tiếng Thái"},
	"uk": {"en": "Ukrainian", "fr": "ukrainien", "vi": "Tiếng Ukraina"},
	"vi": {"en": "Vietnamese", "fr": "vietnamien", "vi": "Tiếng Việt"},
	"zh": {"en": "Chinese", "fr": "chinois", "vi": "Tiếng Trung"},
}

// languageName says the language of a BCP 47 tag to the reader; a tag that goes beyond the language, such as pt-BR,
// is added, and one that is not in the table stands for itself.
func languageName(r *agenda.Reader, tag string) string {
	base, _, more := strings.Cut(tag, "-")
	name := r.String(languageNames[base])
	switch {
	case name == "":
		return tag
	case more:
		return name + " (" + tag + ")"
	}
	return name
}
