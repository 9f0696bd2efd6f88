package source

import (
	"sync"

	"plenary/internal/agenda"
)

// kinds gives what the words for kinds of rows say, folded, in English, French, German and Vietnamese.
var kinds = sync.OnceValue(func() map[string]kind {
	return folded([]string{
		"phiên, session, sessions, sitzung, séance, block, bloc, symposium",
		"panel, panel discussion, podium, podiumsdiskussion, phiên thảo luận, tọa đàm",
		"keynote, keynotes, plenary talk, eröffnungsvortrag, discours d’ouverture, conférence inaugurale, bài phát biểu chính, phát biểu chính",
		"bài, talk, talks, bài trình bày, bài báo cáo, báo cáo, presentation, paper, lecture, contribution, intervention, lightning talk, vortrag, " +
			"beitrag, referat, conférence, exposé, présentation, communication, tham luận",
		"roundtable, round table, table ronde, runder tisch, rundtischgespräch, bàn tròn",
		"workshop, tutorial, training, atelier, werkstatt, hội thảo, tập huấn",
		"ceremony, opening, closing, opening ceremony, closing ceremony, cérémonie, zeremonie, eröffnung, abschluss, nghi lễ, khai mạc, bế mạc, lễ khai mạc, lễ bế mạc",
		"social, social event, reception, party, réception, empfang, fest, giao lưu, tiệc",
		"break, coffee break, lunch, lunch break, pause, pause café, pause déjeuner, déjeuner, kaffeepause, mittagspause, nghỉ, nghỉ giải lao, giải lao, ăn trưa, nghỉ trưa",
	},
		kind{holds: true},
		kind{format: agenda.FormatPanel, holds: true},
		kind{format: agenda.FormatKeynote, inside: true},
		kind{format: agenda.FormatTalk, inside: true},
		kind{format: agenda.FormatRoundtable, holds: true},
		kind{format: agenda.FormatWorkshop, holds: true},
		kind{format: agenda.FormatCeremony},
		kind{format: agenda.FormatSocial},
		kind{format: agenda.FormatBreak})
})

// standings gives what the words for the status of a row say, folded.
var standings = sync.OnceValue(func() map[string]standing {
	return folded([]string{
		"scheduled, unscheduled, confirmed, accepted, accept queue, published, planned, active, ok, bestätigt, angenommen, geplant, confirmé, accepté, planifié, " +
			"đã xác nhận, đã lên lịch, chưa lên lịch",
		"cancelled, canceled, abgesagt, entfällt, annulé, annulée, đã hủy, hủy, bị hủy",
		"rejected, declined, decline queue, withdrawn, submitted, nominated, draft, deleted, waitlisted, waitlist, under review, abgelehnt, zurückgezogen, " +
			"eingereicht, refusé, retiré, soumis, từ chối, rút lại, bản nháp",
	}, takesPlace, cancelled, proposed)
})

// allRooms are the words for no room in particular, folded.
var allRooms = sync.OnceValue(func() map[string]bool {
	return folded([]string{"all rooms, all halls, toutes les salles, alle räume, alle säle, tất cả các phòng, tất cả hội trường, tất cả các hội trường"}, true)
})
