package server

import (
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// meTopic is a kind of letters that the Person can do without.
type meTopic struct {
	*words
	Topic, Label string
	Off          bool
}

// addTopics adds of which letters the Person wants none.
func (v *meView) addTopics(page app.PersonalPage) error {
	for _, topic := range agenda.LetterTopics {
		label, err := v.Say("letter_topic_" + string(topic))
		if err != nil {
			return err
		}
		v.Topics = append(v.Topics, meTopic{v.words, string(topic), label, slices.Contains(page.Unwanted, topic)})
	}
	return nil
}

// meLetters keeps of which letters the Person wants none.
func (s *Server) meLetters(v visiting) (string, error) {
	for _, topic := range agenda.LetterTopics {
		if err := s.app.WantOwnLetters(v.Request().Context(), v.actor, topic, slices.Contains(v.form["wanted"], string(topic))); err != nil {
			return "", err
		}
	}
	return "letters", nil
}
