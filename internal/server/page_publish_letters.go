package server

import (
	"plenary/internal/agenda"
	"plenary/internal/app"
)

// addLetters adds what can be done with letters to those whom it concerns, and what would become of them.
func (v *publishView) addLetters(p *app.Proposal, tell agenda.Telling) error {
	v.Rule = v.part("letters", nil)
	if len(p.Touched) == 0 {
		return nil
	}
	for _, t := range agenda.Tellings {
		key := "publish_tell_" + string(t)
		if t == agenda.TellByRule {
			key = "publish_tell_rule"
		}
		label, err := v.Say(key)
		if err != nil {
			return err
		}
		fate, err := v.fate(p.Letters[t], p.Rule.Delay)
		if err != nil {
			return err
		}
		v.Tellings = append(v.Tellings, choice{Value: string(t), Label: label + v.said["preview_colon"] + fate, Chosen: t == tell})
	}
	return nil
}

// fate says in words what becomes of letters.
func (v *publishView) fate(n app.LetterCount, delay int) (said string, err error) {
	between, err := v.Say("publish_letters_between")
	if err != nil {
		return "", err
	}
	for _, of := range []struct {
		key string
		n   int
	}{{"publish_letters_waiting", n.Waiting}, {"publish_letters_going", n.Going}, {"publish_letters_addresses", n.Addresses},
		{"publish_letters_replaced", n.Replaced}, {"publish_letters_nothing", n.Nothing}} {
		if of.n == 0 {
			continue
		}
		one, err := v.counted(of.key, of.n, "minutes", delay)
		if err != nil {
			return "", err
		}
		if said != "" {
			said += between
		}
		said += one
	}
	if said == "" {
		return v.Say("publish_letters_none")
	}
	return said, nil
}
