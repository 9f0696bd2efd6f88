package server

import "testing"

func TestTheCountriesAreThoseOfISO3166(t *testing.T) {
	for lang, list := range countries() {
		if len(list) != 249 {
			t.Errorf("%d countries in %s", len(list), lang)
		}
	}
}
