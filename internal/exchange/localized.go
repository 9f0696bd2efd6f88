package exchange

import "plenary/internal/agenda"

// Localized is a text of a public document: [ByLanguage], or in a document made for one language
// [InOneLanguage]. An empty text is nil and left out of the JSON.
//
// The JSON Schema of it is oneOf a string and an object whose additional properties are strings.
// Reflection can't see that, so whoever makes schemas has to say it (Huma: RegisterTypeAlias).
type Localized interface{ localized() }

// ByLanguage is a text in all its languages, by BCP 47 tag; an object in JSON.
type ByLanguage map[string]string

// InOneLanguage is a text in the language that its reader gets; a string in JSON. TextLanguages of
// the object it belongs to says which language that is.
type InOneLanguage string

func (ByLanguage) localized()    {}
func (InOneLanguage) localized() {}

// TextLanguages says in which language each text of an object came, by the name of its field. Only
// documents for one language have it.
type TextLanguages map[string]string

func byLanguage(t agenda.Text) Localized {
	if len(t) == 0 {
		return nil
	}
	return ByLanguage(t)
}

// voice gives texts to one reader, or to all.
type voice struct {
	reader *agenda.Reader // nil: every text in all its languages
}

func voiceFor(event agenda.Event, language string) voice {
	if language == "" {
		return voice{}
	}
	return voice{reader: agenda.NewReader(event.Language(), language)}
}

// say gives the text of a field and notes the language that it came in.
func (v voice) say(languages *TextLanguages, field string, t agenda.Text) Localized {
	if v.reader == nil || len(t) == 0 {
		return byLanguage(t)
	}
	text, tag := v.reader.Pick(t)
	if text == "" {
		return nil
	}
	if *languages == nil {
		*languages = TextLanguages{}
	}
	(*languages)[field] = tag
	return InOneLanguage(text)
}
