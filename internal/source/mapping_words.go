package source

import (
	"strings"
	"sync"
)

// headerWords are the headers that are known, for each Column from the clearest to the vaguest. They are compared without
// case, marks and punctuation. They come from Plenary, pretalx, frab, Sessionize, Sched, Indico, Guidebook, RingCentral, and from what people
// write over their own tables in English, French, German and Vietnamese.
var headerWords = map[Column]string{
	ColumnID: "id, session id, event id, talk id, contribution id, submission id, event key, identifier, guid, uuid, uid, friendly id, " +
		"identifiant, identifikator, mã số, stt",
	ColumnCode: "code, program code, programme code, session code, event code, kürzel, mã, mã phiên, mã bài",
	ColumnTitle: "title, proposal title, session title, event title, talk title, session name, event name, panel title, panel, titel, titre, " +
		"schedule name, intitulé, tiêu đề, tên bài báo cáo, tên báo cáo, tên bài, tên phiên, tên đề tài, đề tài, chủ đề báo cáo, nội dung, bài báo cáo, bezeichnung, " +
		"name, nom, thema, sujet, subject, summary, veranstaltung, vortrag, chủ đề",
	ColumnSubtitle: "subtitle, untertitel, sous titre, phụ đề",
	ColumnAbstract: "abstract, description, session description, event description, schedule description, summary text, zusammenfassung, kurzbeschreibung, beschreibung, " +
		"résumé, descriptif, tóm tắt, mô tả, content, inhalt, contenu",
	ColumnDate: "date, start date, session date, event date, datum, startdatum, date de début, ngày, ngày tháng, ngày bắt đầu, tag, jour, day",
	ColumnStart: "start, start time, time start, starts at, event start, session start, scheduled at, start at, begin, begins, from, beginn, startzeit, anfang, von, " +
		"début, heure de début, de, bắt đầu, giờ bắt đầu, thời gian bắt đầu, từ, time, uhrzeit, zeit, heure, horaire, thời gian, giờ",
	ColumnEnd: "end, end time, time end, ends at, event end, session end, end at, finish, until, to, ende, endzeit, bis, fin, heure de fin, à, " +
		"kết thúc, giờ kết thúc, thời gian kết thúc, đến",
	ColumnDuration: "duration, minutes, scheduled duration, length, mins, min, dauer, länge, durée, thời lượng, số phút",
	ColumnRoom: "room, room name, venue, location, event location, place, stage, stage name, hall, room location, raum, saal, ort, bühne, salle, lieu, " +
		"hội trường, phòng, phòng họp, địa điểm, nơi",
	ColumnTrack: "track, track name, assigned track, schedule track, theme, category, strand, strang, schwerpunkt, axe, parcours, catégorie, chuyên đề, lĩnh vực, tiểu ban",
	ColumnFormat: "format, session format, session type, submission type, event type, type, kind, art, typ, veranstaltungsart, " +
		"type de session, genre, loại, loại hình, hình thức",
	ColumnInterpretation: "interpretation, interpreted into, dolmetschung, phiên dịch sang",
	ColumnZone:           "zone, time zone, timezone, fuseau horaire, zeitzone, múi giờ",
	ColumnLanguage:       "language, session language, locale, lang, sprache, langue, ngôn ngữ",
	ColumnStream:         "stream url, stream, live stream, livestream, live url, diffusion, trực tuyến",
	ColumnStatus:         "status, state, proposal state, session status, statut, état, zustand, trạng thái",
	ColumnGroup:          "phiên, phiên số, số phiên, group, gruppe, groupe, session number, sitzung, séance, session",
	ColumnSpeaker:        "speakers, speaker, speaker names, speaker name, presenter, presenters, persons, person, people, author, authors, owner, vortragende, vortragender, referent, referenten, referentin, referentinnen, redner, sprecher, orateur, orateurs, intervenant, intervenants, intervenante, conférencier, conférenciers, báo cáo viên, diễn giả, người trình bày, người báo cáo, tác giả",
	ColumnModerator:      "moderators, moderator, moderation, modérateur, modérateurs, modératrice, điều phối, người điều phối, điều phối viên",
	ColumnPanelist:       "panelists, panelist, panellists, panellist, discussant, discussants, podium, panelistes, panéliste, tham luận, người tham luận, thảo luận viên",
	ColumnChair:          "chairs, chair, chairperson, chairpersons, chairman, session chair, vorsitz, sitzungsleitung, président, présidence, présidents, chủ tọa, chủ trì, chủ tịch đoàn, chủ toạ đoàn",
	ColumnHost:           "hosts, host, gastgeber, hôte, hôtes, animateur, dẫn chương trình, mc",
	ColumnRapporteur:     "rapporteurs, rapporteur, berichterstatter, thư ký",
	ColumnInterpreter:    "interpreters, interpreter, dolmetscher, interprète, interprètes, phiên dịch, phiên dịch viên",
	ColumnIgnored:        "url", // of the page that Plenary has of it
}

// meaning is what a header means, and how clearly: 0 is best.
type meaning struct {
	column Column
	rank   int
}

// synonyms gives the meaning of each known header, by the folded header.
var synonyms = sync.OnceValue(func() map[string]meaning {
	known := map[string]meaning{}
	for column, words := range headerWords {
		for rank, w := range strings.Split(words, ", ") {
			known[fold(w)] = meaning{column, rank}
		}
	}
	return known
})

// languageWords gives the tag of a language by what it is called in the four languages, folded, and by its tag where that
// is not a word of its own.
var languageWords = sync.OnceValue(func() map[string]string {
	known := map[string]string{}
	for tag, names := range map[string]string{
		"en": "en, english, anglais, englisch, tiếng Anh",
		"fr": "fr, french, français, französisch, tiếng Pháp",
		"de": "de, german, allemand, deutsch, tiếng Đức",
		"vi": "vi, vietnamese, vietnamien, vietnamesisch, tiếng Việt",
		"es": "es, spanish, espagnol, spanisch, español, tiếng Tây Ban Nha",
		"pt": "pt, portuguese, portugais, portugiesisch, português",
		"it": "it, italian, italien, italienisch, italiano",
		"nl": "nl, dutch, néerlandais, niederländisch, nederlands",
		"ru": "ru, russian, russe, russisch, tiếng Nga",
		"uk": "uk, ukrainian, ukrainien, ukrainisch",
		"ar": "ar, arabic, arabe, arabisch",
		"zh": "zh, chinese, chinois, chinesisch, tiếng Trung",
		"ja": "ja, japanese, japonais, japanisch, tiếng Nhật",
		"ko": "ko, korean, coréen, koreanisch, tiếng Hàn",
	} {
		for _, name := range strings.Split(names, ", ") {
			known[fold(name)] = tag
		}
	}
	return known
})
